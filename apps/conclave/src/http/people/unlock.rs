//! `POST /api/v1/people/{account}/unlock`: ends the locks that wrong passwords and codes have put on an account.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_policy::people::Change;
use conclave_protocol::problem::Problem;

use super::target::Asked;
use crate::app::App;
use crate::http::problem::Refusal;

/// Whoever is locked out of the account may try again, its holder and who guesses alike.
#[utoipa::path(
    post,
    operation_id = "unlockPerson",
    path = "/people/{account}/unlock",
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
    asked.make(app, Change::Unlock).await
}
