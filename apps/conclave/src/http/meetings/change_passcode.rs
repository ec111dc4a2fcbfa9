//! `POST /api/v1/meetings/{id}/passcode`: another passcode holds from here on.
//!
//! The server knows neither: pages make each of the meeting's link and of the number that rises here.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_protocol::MeetingId;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_store::action::ChangePasscode;

use super::door::Doorkeeping;
use crate::app::App;
use crate::http::command::Command;
use crate::http::occasion::Occasion;
use crate::http::present::Present;
use crate::http::problem::Refusal;

/// From here on hosts' pages take the next passcode that follows from the meeting's link, and refuse the one before. The link
/// stays, and nobody who is in is put out. To hosts only; not in a support session (`changed_meanwhile`).
#[utoipa::path(
    post,
    operation_id = "changePasscode",
    path = "/meetings/{id}/passcode",
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
        (status = 409, body = Problem),
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
    let event = Event::MeetingChangePasscode { meeting };
    let act = ChangePasscode {
        meeting: present.meeting.id,
    };
    let keeping = Doorkeeping {
        app,
        present,
        command,
        occasion,
    };
    keeping.perform(event, act).await
}
