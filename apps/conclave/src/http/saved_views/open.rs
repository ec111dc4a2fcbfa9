//! `GET /api/v1/admin/views/{view}`: opens a view.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::saved_view::{is_seen, needs};
use conclave_protocol::problem::Problem;
use conclave_protocol::saved_view::SavedView;

use super::{NamedView, is_whole, shown};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::{Refusal, SAVED_VIEW_BROKEN, SAVED_VIEW_NOT_FOUND};
use crate::http::signed_in::SignedIn;

/// What it looks for, to be asked for where such things are: that look is on record there. One that names a group or host that
/// is not there any more is refused. For whom may read what it shows, with a second factor.
#[utoipa::path(
    get,
    operation_id = "openSavedView",
    path = "/admin/views/{view}",
    tag = "administration",
    params(("view" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = SavedView),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedView(id): NamedView,
) -> Result<Json<SavedView>, Refusal> {
    let to = || Code::new("reports");
    let reports = AccountAction::SeeReports;
    signed_in.may_read(&app, reports, to(), &occasion).await?;
    let account = &signed_in.account;
    let found = app.store.saved_view(id, account.organisation).await?;
    let found = found.filter(|found| is_seen(found.kept(), account.id));
    let found = found.ok_or(SAVED_VIEW_NOT_FOUND)?;
    let action = needs(&found.filter);
    signed_in.may_read(&app, action, to(), &occasion).await?;
    match is_whole(&app, &signed_in, &found.filter).await? {
        true => Ok(Json(shown(found, &signed_in))),
        false => Err(SAVED_VIEW_BROKEN.into()),
    }
}
