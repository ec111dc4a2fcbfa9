//! `POST /api/v1/meetings/{id}/sharing/unlock`: everybody may show a screen, one at a time.

use axum::Json;
use axum::extract::State;
use conclave_protocol::meeting::{CommandDone, Sharing};
use conclave_protocol::problem::Problem;

use super::lock_sharing;
use crate::app::App;
use crate::http::command::Command;
use crate::http::occasion::Occasion;
use crate::http::present::Present;
use crate::http::problem::Refusal;

/// Everybody who is in may show a screen while nobody else does. To hosts only.
#[utoipa::path(
    post,
    operation_id = "unlockSharing",
    path = "/meetings/{id}/sharing/unlock",
    tag = "participants",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    security(("participant" = [])),
    responses(
        (status = 200, body = CommandDone),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    command: Command,
    occasion: Occasion,
) -> Result<Json<CommandDone>, Refusal> {
    lock_sharing::set(app, present, command, occasion, Sharing::Everybody).await
}
