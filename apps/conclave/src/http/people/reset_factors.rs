//! `POST /api/v1/people/{account}/reset-factors`: voids the second factors of somebody who has lost them.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_policy::people::Change;
use conclave_protocol::problem::Problem;

use super::target::Asked;
use crate::app::App;
use crate::http::problem::Refusal;

/// Voids an account's second factors and backup codes, and ends its sessions; its password stays. For owners: whoever knows
/// the password opens the account then, as far as its role lets a password alone.
#[utoipa::path(
    post,
    operation_id = "resetFactors",
    path = "/people/{account}/reset-factors",
    tag = "people",
    params(
        ("account" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(State(app): State<App>, asked: Asked) -> Result<StatusCode, Refusal> {
    asked.make(app, Change::ResetFactors).await
}
