//! `POST /api/v1/meetings/{id}/unguard`: the link lets people straight in again, whoever tries the door.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_protocol::MeetingId;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_store::action::GuardMeeting;

use super::door::Doorkeeping;
use crate::app::App;
use crate::http::command::Command;
use crate::http::occasion::Occasion;
use crate::http::present::Present;
use crate::http::problem::Refusal;

/// Ends the time in which who is not signed in waits also with the link. To hosts only.
#[utoipa::path(
    post,
    operation_id = "unguardMeeting",
    path = "/meetings/{id}/unguard",
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
    let event = Event::MeetingUnguard { meeting };
    let act = GuardMeeting {
        meeting: present.meeting.id,
        until: None,
    };
    let keeping = Doorkeeping {
        app,
        present,
        command,
        occasion,
    };
    keeping.perform(event, act).await
}
