//! `POST /api/v1/meetings/{id}/mute-all`: nobody else is heard until they unmute themselves.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_protocol::MeetingId;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;

use super::moderation::{Effect, Moderation};
use crate::app::App;
use crate::http::command::Command;
use crate::http::occasion::Occasion;
use crate::http::present::Present;
use crate::http::problem::Refusal;

/// Mutes everybody who is in but the caller. Each can unmute themselves. To hosts only.
#[utoipa::path(
    post,
    operation_id = "muteAll",
    path = "/meetings/{id}/mute-all",
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
    let MeetingId(meeting) = present.meeting.id;
    let event = Event::MeetingMuteAll { meeting };
    let moderation = Moderation {
        app,
        present,
        command,
        occasion,
    };
    moderation.perform(event, Effect::MuteOthers).await
}
