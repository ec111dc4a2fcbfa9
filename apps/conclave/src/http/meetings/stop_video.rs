//! `POST /api/v1/meetings/{id}/participants/{participant}/stop-video`: somebody's camera is passed on no longer until they start it themselves.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_sfu::Muted;

use super::moderation::{Effect, Moderation};
use crate::app::App;
use crate::http::command::Command;
use crate::http::occasion::Occasion;
use crate::http::present::{NamedParticipant, Present};
use crate::http::problem::Refusal;

/// Stops the camera of somebody who is in, but not a screen that they share. Nothing can undo it but their own act.
/// To hosts only.
#[utoipa::path(
    post,
    operation_id = "stopVideo",
    path = "/meetings/{id}/participants/{participant}/stop-video",
    tag = "participants",
    params(
        ("id" = String, Path, format = Uuid),
        ("participant" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    security(("participant" = [])),
    responses(
        (status = 200, body = CommandDone),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    NamedParticipant(participant): NamedParticipant,
    command: Command,
    occasion: Occasion,
) -> Result<Json<CommandDone>, Refusal> {
    let MeetingId(meeting) = present.meeting.id;
    let ParticipantId(id) = participant;
    let event = Event::MeetingStopVideo {
        meeting,
        participant: id,
    };
    let moderation = Moderation {
        app,
        present,
        command,
        occasion,
    };
    moderation
        .perform(event, Effect::Mute(participant, Muted::Picture))
        .await
}
