//! `DELETE /api/v1/groups/{group}`: deletes a group.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_protocol::problem::Problem;
use conclave_store::action::DeleteAccountGroup;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::NamedGroup;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Deletes a group, with what its policy says; its people stay. To owners and admins only.
#[utoipa::path(
    delete,
    operation_id = "deleteGroup",
    path = "/groups/{group}",
    tag = "policies",
    params(("group" = String, Path, format = Uuid)),
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
    NamedGroup(group): NamedGroup,
) -> Result<StatusCode, Refusal> {
    let act = DeleteAccountGroup {
        id: group,
        organisation: signed_in.account.organisation,
    };
    let event = Event::GroupDelete { group: group.0 };
    super::change(app, signed_in, occasion, event, act).await?;
    Ok(StatusCode::NO_CONTENT)
}
