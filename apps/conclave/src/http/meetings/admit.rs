//! `POST /api/v1/meetings/{id}/lobby/{participant}/admit`: lets somebody in from the lobby.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::{admission, meeting};
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::Record;
use conclave_store::action::Admit;

use super::session_door;
use crate::app::App;
use crate::http::command::{Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{NamedParticipant, Present, decide, not_written, recall, to_the_end};
use crate::http::problem::Refusal;

/// Lets somebody in who waits. To hosts only; not while the meeting is locked, and where policy asks for the passcode, nobody
/// who came without the link and for whom no host's page has vouched. Into a support session nobody but so, and one alone to
/// be helped.
#[utoipa::path(
    post,
    operation_id = "admitParticipant",
    path = "/meetings/{id}/lobby/{participant}/admit",
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
    let MeetingId(in_meeting) = present.meeting.id;
    let ParticipantId(id) = participant;
    let event = Event::MeetingAdmit {
        meeting: in_meeting,
        participant: id,
    };
    let entry = present.entry(&occasion, event)?;
    if let Some(revision) = recall::<Admit>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    let Present { meeting, .. } = &present;
    let decision = meeting::admit(meeting.state, meeting.locked, present.member());
    decide(&app, decision, &entry).await?;
    let other = present.sees(&app, participant, &entry).await?;
    let permitted = app.policies.of_host(&present.meeting).await?;
    let needs_passcode = present.meeting.is_support || !permitted.key_without_passcode;
    let may_come = admission::let_in(needs_passcode, other.proven);
    decide(&app, may_come, &entry).await?;
    let helped = session_door::let_in(&app, &present, &other, &occasion, &entry).await?;
    let record = match helped {
        Some(event) => Record::from([entry.clone(), present.entry(&occasion, event)?]),
        None => Record::from(entry.clone()),
    };
    let act = Admit {
        meeting: present.meeting.id,
        participant,
        at: occasion.now,
    };
    to_the_end(async move {
        match app.store.write_once(once, act, record).await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(answer) => {
                app.channels.changed(present.meeting.id);
                Ok(done(answer.done))
            }
        }
    })
    .await
}
