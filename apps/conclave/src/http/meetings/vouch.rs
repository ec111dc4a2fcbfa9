//! `POST /api/v1/meetings/{id}/lobby/{participant}/vouch`: somebody who waits has shown that they know the passcode.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::MeetingAction;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::Vouch;

use crate::app::App;
use crate::http::command::{Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{NamedParticipant, Present, not_written, recall, to_the_end};
use crate::http::problem::Refusal;

/// Says that somebody who waits has shown the caller's page that they know the passcode, of which the server learns nothing. It
/// lets nobody in: it takes away what kept a host from it. To hosts only.
#[utoipa::path(
    post,
    operation_id = "vouchForParticipant",
    path = "/meetings/{id}/lobby/{participant}/vouch",
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
    let once = command.once(present.participant.id.0, occasion.now);
    let MeetingId(meeting) = present.meeting.id;
    let ParticipantId(id) = participant;
    let event = Event::MeetingVouch {
        meeting,
        participant: id,
    };
    let entry = present.entry(&occasion, event)?;
    if let Some(revision) = recall::<Vouch>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    present.may(&app, MeetingAction::Admit, &entry).await?;
    present.sees(&app, participant, &entry).await?;
    let act = Vouch {
        meeting: present.meeting.id,
        participant,
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
