//! `GET /api/v1/admin/views`: which views are saved.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::saved_view::needs;
use conclave_protocol::problem::Problem;
use conclave_protocol::saved_view::SavedViewList;

use super::shown;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Their own, and those that others of the organisation share, as far as they may read what those show. For owners, admins,
/// account managers and auditors, with a second factor.
#[utoipa::path(
    get,
    operation_id = "listSavedViews",
    path = "/admin/views",
    tag = "administration",
    responses(
        (status = 200, body = SavedViewList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<SavedViewList>, Refusal> {
    let to = Code::new("reports");
    let action = AccountAction::SeeReports;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let account = &signed_in.account;
    let views = app
        .store
        .saved_views(account.organisation, account.id)
        .await?;
    let views = views
        .into_iter()
        .filter(|view| account_may(account.role, needs(&view.filter)).is_allowed());
    Ok(Json(SavedViewList {
        views: views.map(|view| shown(view, &signed_in)).collect(),
    }))
}
