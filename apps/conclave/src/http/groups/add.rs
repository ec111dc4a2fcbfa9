//! `PUT /api/v1/groups/{group}/members/{account}`: puts somebody into a group.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_protocol::problem::Problem;
use conclave_store::action::AddToGroup;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{NamedAccount, NamedGroup};
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Puts somebody into a group, or leaves them in it. To owners and admins only.
#[utoipa::path(
    put,
    operation_id = "addToGroup",
    path = "/groups/{group}/members/{account}",
    tag = "policies",
    params(
        ("group" = String, Path, format = Uuid),
        ("account" = String, Path, format = Uuid)
    ),
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
    NamedAccount(account): NamedAccount,
) -> Result<StatusCode, Refusal> {
    let act = AddToGroup {
        group,
        account,
        organisation: signed_in.account.organisation,
    };
    let event = Event::GroupAdd {
        group: group.0,
        account: account.0,
    };
    super::change(app, signed_in, occasion, event, act).await?;
    Ok(StatusCode::NO_CONTENT)
}
