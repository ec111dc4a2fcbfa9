//! `POST /api/v1/meetings/{id}/lobby/{participant}/deny`: turns somebody away from the lobby.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::MeetingAction;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::Deny;

use super::also_gone::Sending;
use crate::app::App;
use crate::http::command::{Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{NamedParticipant, Present, recall, to_the_end};
use crate::http::problem::Refusal;

/// Turns somebody away who waits, from whatever browsers they wait with the same account; where they are in they stay. To hosts
/// only. Works even while the server can't write its data.
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
    if let Some(gone) = recall::<Deny>(&app, &once, &entry).await? {
        return Ok(done(gone.revision));
    }
    present.may(&app, MeetingAction::Deny, &entry).await?;
    present.sees(&app, participant, &entry).await?;
    let also = app.store.foresee_deny(participant).await?;
    let (meeting, at) = (present.meeting.id, occasion.now);
    let act = Deny {
        meeting,
        participant,
        also: also.clone(),
        at,
    };
    let sending = Sending {
        act,
        once,
        entry,
        meeting,
        at,
        also,
    };
    to_the_end(async move { sending.write(&app).await }).await
}
