//! `POST /api/v1/meetings/{id}/lobby/{participant}/deny`: turns somebody away from the lobby.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::MeetingAction;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::Deny;

use crate::app::App;
use crate::http::command::{self, Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{NamedParticipant, Present, not_written, recall, to_the_end};
use crate::http::problem::Refusal;

/// Turns somebody away who waits. To hosts only. Works even while the server can't write its data.
#[utoipa::path(
    post,
    operation_id = "denyParticipant",
    path = "/meetings/{id}/lobby/{participant}/deny",
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
    let MeetingId(meeting) = present.meeting.id;
    let ParticipantId(id) = participant;
    let event = Event::MeetingDeny {
        meeting,
        participant: id,
    };
    let entry = present.entry(&occasion, event)?;
    if let Some(revision) = recall::<Deny>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    present.may(&app, MeetingAction::Deny, &entry).await?;
    present.sees(&app, participant, &entry).await?;
    let act = Deny {
        meeting: present.meeting.id,
        participant,
        at: occasion.now,
    };
    to_the_end(async move {
        let written = app.store.write_or_spool(Some(once), act, entry.clone());
        match written.await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(kept) => {
                app.channels.changed(present.meeting.id);
                Ok(command::kept(kept))
            }
        }
    })
    .await
}
