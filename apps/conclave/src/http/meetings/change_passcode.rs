//! `POST /api/v1/meetings/{id}/passcode`: another passcode holds from here on.
//!
//! The server knows neither: pages make each of the meeting's link and of the number that rises here.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::MeetingAction;
use conclave_protocol::MeetingId;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_store::action::ChangePasscode;

use crate::app::App;
use crate::http::command::{Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{Present, not_written, recall, to_the_end};
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
    let once = command.once(present.participant.id.0, occasion.now);
    let MeetingId(meeting) = present.meeting.id;
    let entry = present.entry(&occasion, Event::MeetingChangePasscode { meeting })?;
    if let Some(revision) = recall::<ChangePasscode>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    present.may(&app, MeetingAction::Lock, &entry).await?;
    let act = ChangePasscode {
        meeting: present.meeting.id,
    };
    to_the_end(async move {
        match app.store.write_once(once, act, entry.clone()).await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(answer) => {
                app.channels.changed(present.meeting.id);
                Ok(done(answer.done))
            }
        }
    })
    .await
}
