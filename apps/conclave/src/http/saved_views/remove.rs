//! `DELETE /api/v1/admin/views/{view}`: a view is kept no longer.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_store::action;

use super::{NamedView, not_kept};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Their own, and for owners and admins also what others share. For owners, admins, account managers and auditors, with a
/// second factor.
#[utoipa::path(
    delete,
    operation_id = "removeSavedView",
    path = "/admin/views/{view}",
    tag = "administration",
    params(("view" = String, Path, format = Uuid)),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedView(id): NamedView,
) -> Result<StatusCode, Refusal> {
    let event = Event::ViewRemove { view: id.0 };
    let action = AccountAction::SeeReports;
    signed_in.may(&app, action, &occasion, &event).await?;
    let account = &signed_in.account;
    let entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    let act = action::RemoveView {
        id,
        organisation: account.organisation,
        by: account.id,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(not_kept(&app, error, entry).await),
    }
}
