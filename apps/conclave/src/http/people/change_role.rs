//! `POST /api/v1/people/{account}/role`: gives an account another role.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_policy::people::Change;
use conclave_protocol::people::ChangeRole;
use conclave_protocol::problem::Problem;

use super::target::{NamedAccount, Wanted, event};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::repeatable::Keyed;
use crate::http::signed_in::SignedIn;

/// Gives an account another role, and ends its sessions: its holder signs in anew. Only owners make, and change, owners
/// and administrators. With a role that hosts nothing their own meetings end, unless a co-host is there.
#[utoipa::path(
    post,
    operation_id = "changeRole",
    path = "/people/{account}/role",
    tag = "people",
    params(
        ("account" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    request_body = ChangeRole,
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
    NamedAccount(account): NamedAccount,
    occasion: Occasion,
    Keyed { body, command }: Keyed<ChangeRole>,
) -> Result<StatusCode, Refusal> {
    let change = Change::Role(body.role);
    let wanted = Wanted {
        signed_in,
        account,
        command,
        occasion,
        event: event(account, change),
        change,
    };
    wanted.make(app).await?;
    Ok(StatusCode::NO_CONTENT)
}
