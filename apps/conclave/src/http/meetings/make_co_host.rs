//! `POST /api/v1/meetings/{id}/participants/{participant}/make-co-host`: somebody hosts beside the host.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::MeetingAction;
use conclave_policy::meeting;
use conclave_policy::{Decision, Reason};
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::{MakeCoHost, Revision};

use crate::app::App;
use crate::http::command::{Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{NamedParticipant, Present, decide, not_written, recall, to_the_end};
use crate::http::problem::Refusal;
use crate::rooms::Room;

/// Makes somebody who is in a co-host: they let in, turn away, mute and put out as a host does; they do not end the meeting, nor
/// make co-hosts. By the server's word alone: in the encryption group they stay what they were. To hosts only, not to co-hosts.
#[utoipa::path(
    post,
    operation_id = "makeCoHost",
    path = "/meetings/{id}/participants/{participant}/make-co-host",
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
    let MeetingId(id) = present.meeting.id;
    let ParticipantId(other) = participant;
    let event = Event::MeetingMakeCoHost {
        meeting: id,
        participant: other,
    };
    let entry = present.entry(&occasion, event)?;
    if let Some(revision) = recall::<MakeCoHost>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    present.may(&app, MeetingAction::Appoint, &entry).await?;
    let other = present.sees(&app, participant, &entry).await?;
    let decision = meeting::make_co_host(present.meeting.state, present.member(), other.role);
    decide(&app, decision, &entry).await?;
    let permitted = app.policies.of_host(&present.meeting).await?;
    // A support session is its technician's, and ends with them.
    let is_open = permitted.co_hosts && !present.meeting.is_support;
    let may = Decision::when(is_open, Reason::SwitchedOff);
    decide(&app, may, &entry).await?;
    let act = MakeCoHost {
        meeting: present.meeting.id,
        participant,
        at: occasion.now,
    };
    to_the_end(async move {
        let room = Room::reserve(&app.media, present.meeting.id).await?;
        match app.store.write_once(once, act, entry.clone()).await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(answer) => {
                let Revision(revision) = answer.done;
                room.lead(participant, true, revision);
                app.channels.changed(present.meeting.id);
                Ok(done(answer.done))
            }
        }
    })
    .await
}
