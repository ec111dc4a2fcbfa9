//! `PUT /api/v1/groups/{group}`: calls a group something else.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_protocol::policy::NameGroup;
use conclave_protocol::problem::Problem;
use conclave_store::action::RenameAccountGroup;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::NamedGroup;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Calls a group something else. To owners and admins only.
#[utoipa::path(
    put,
    operation_id = "renameGroup",
    path = "/groups/{group}",
    tag = "policies",
    params(("group" = String, Path, format = Uuid)),
    request_body = NameGroup,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedGroup(group): NamedGroup,
    Body(body): Body<NameGroup>,
) -> Result<StatusCode, Refusal> {
    let act = RenameAccountGroup {
        id: group,
        organisation: signed_in.account.organisation,
        name: body.name,
    };
    let event = Event::GroupRename { group: group.0 };
    super::change(app, signed_in, occasion, event, act).await?;
    Ok(StatusCode::NO_CONTENT)
}
