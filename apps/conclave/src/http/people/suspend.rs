//! `POST /api/v1/people/{account}/suspend`: takes every right of an account.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_policy::people::Change;
use conclave_protocol::problem::Problem;

use super::target::Asked;
use crate::app::App;
use crate::http::problem::Refusal;

/// Takes every right of an account until it is restored: its sessions end, its holder is out of every meeting within a
/// second, and their live meetings end unless a co-host is there. Works even while the server can't write its data.
#[utoipa::path(
    post,
    operation_id = "suspendPerson",
    path = "/people/{account}/suspend",
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
    asked.make(app, Change::Suspend).await
}
