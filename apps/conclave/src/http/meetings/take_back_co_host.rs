//! `POST /api/v1/meetings/{id}/participants/{participant}/take-back-co-host`: a co-host is again what they were.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::MeetingAction;
use conclave_policy::meeting;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::TakeBackCoHost;

use crate::app::App;
use crate::http::command::{self, Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{NamedParticipant, Present, decide, not_written, recall, to_the_end};
use crate::http::problem::Refusal;
use crate::rooms::Room;

/// Takes a co-host's rights back, at once. To hosts only, not to co-hosts. Works even while the server can't write its data.
#[utoipa::path(
    post,
    operation_id = "takeBackCoHost",
    path = "/meetings/{id}/participants/{participant}/take-back-co-host",
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
    key: Command,
    occasion: Occasion,
) -> Result<Json<CommandDone>, Refusal> {
    let once = key.once(present.participant.id.0, occasion.now);
    let MeetingId(id) = present.meeting.id;
    let ParticipantId(other) = participant;
    let event = Event::MeetingTakeBackCoHost {
        meeting: id,
        participant: other,
    };
    let entry = present.entry(&occasion, event)?;
    if let Some(revision) = recall::<TakeBackCoHost>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    present.may(&app, MeetingAction::Appoint, &entry).await?;
    let other = present.sees(&app, participant, &entry).await?;
    let decision = meeting::take_back_co_host(present.meeting.state, present.member(), other.role);
    decide(&app, decision, &entry).await?;
    let act = TakeBackCoHost {
        meeting: present.meeting.id,
        participant,
    };
    to_the_end(async move {
        let room = Room::reserve(&app.media, present.meeting.id).await?;
        let written = app.store.write_or_spool(Some(once), act, entry.clone());
        match written.await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(kept) => {
                let revision = present.meeting.revision.saturating_add(1);
                room.lead(participant, false, revision);
                app.channels.changed(present.meeting.id);
                Ok(command::kept(kept))
            }
        }
    })
    .await
}
