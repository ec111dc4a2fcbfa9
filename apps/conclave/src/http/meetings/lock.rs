//! `POST /api/v1/meetings/{id}/lock`: nobody new comes in.
//!
//! A join that comes at the same moment is before or after it, in the order of the store's writes: whoever was let in
//! before stays, and nobody is let in after.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_protocol::MeetingId;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_store::action::LockMeeting;

use super::door::Doorkeeping;
use crate::app::App;
use crate::http::command::Command;
use crate::http::occasion::Occasion;
use crate::http::present::Present;
use crate::http::problem::Refusal;

/// Lets nobody new in, by link or by code, nor from the lobby, until it is unlocked. Who is in stays, and comes back
/// within two minutes of a lost connection. To hosts only.
#[utoipa::path(
    post,
    operation_id = "lockMeeting",
    path = "/meetings/{id}/lock",
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
    set(app, present, command, occasion, true).await
}

/// Locks or unlocks.
pub(super) async fn set(
    app: App,
    present: Present,
    command: Command,
    occasion: Occasion,
    locked: bool,
) -> Result<Json<CommandDone>, Refusal> {
    let MeetingId(meeting) = present.meeting.id;
    let event = match locked {
        true => Event::MeetingLock { meeting },
        false => Event::MeetingUnlock { meeting },
    };
    let act = LockMeeting {
        meeting: present.meeting.id,
        locked,
    };
    let keeping = Doorkeeping {
        app,
        present,
        command,
        occasion,
    };
    keeping.perform(event, act).await
}
