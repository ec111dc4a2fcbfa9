//! `POST /api/v1/people/{account}/remove`: removes an account for good.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_policy::people::Change;
use conclave_protocol::problem::Problem;

use super::target::Asked;
use crate::app::App;
use crate::http::problem::Refusal;

/// As suspending, for good: name and address are erased, and the address is free again. Also turns somebody away who asked
/// for an account. Works even while the server can't write its data.
#[utoipa::path(
    post,
    operation_id = "removePerson",
    path = "/people/{account}/remove",
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
    asked.make(app, Change::Remove).await
}
