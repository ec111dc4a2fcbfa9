//! `POST /api/v1/admin/views`: saves a view.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::saved_view::needs;
use conclave_protocol::SavedViewId;
use conclave_protocol::problem::Problem;
use conclave_protocol::saved_view::{SaveView, SavedView};
use conclave_store::action;

use super::is_whole;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{Refusal, SAVED_VIEW_INVALID};
use crate::http::signed_in::SignedIn;
use crate::id;

/// For themselves, or shared with everybody in the organisation who may read what it shows. An account keeps 50 at the most,
/// an organisation 200. For whom may read what it shows, with a second factor.
#[utoipa::path(
    post,
    operation_id = "saveView",
    path = "/admin/views",
    tag = "administration",
    request_body = SaveView,
    responses(
        (status = 201, body = SavedView),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<SaveView>,
) -> Result<(StatusCode, Json<SavedView>), Refusal> {
    body.filter.check().map_err(|_| SAVED_VIEW_INVALID)?;
    let id = SavedViewId(id::fresh(occasion.now)?);
    let event = Event::ViewSave { view: id.0 };
    let action = needs(&body.filter);
    signed_in.may(&app, action, &occasion, &event).await?;
    if !is_whole(&app, &signed_in, &body.filter).await? {
        return Err(SAVED_VIEW_INVALID.into());
    }
    let account = &signed_in.account;
    let entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    let act = action::SaveView {
        id,
        organisation: account.organisation,
        by: account.id,
        name: body.name.clone(),
        filter: body.filter.clone(),
        is_shared: body.is_shared,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    let saved = SavedView {
        id,
        name: body.name,
        is_shared: body.is_shared,
        is_own: true,
        may_remove: true,
        by_name: account.display_name.clone(),
        filter: body.filter,
    };
    Ok((StatusCode::CREATED, Json(saved)))
}
