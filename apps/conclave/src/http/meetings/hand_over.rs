//! `POST /api/v1/meetings/{id}/participants/{participant}/hand-over`: the screen is somebody's to show.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::meeting;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::HandOver;

use crate::app::App;
use crate::http::command::{Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{NamedParticipant, Present, decide, not_written, recall, to_the_end};
use crate::http::problem::Refusal;
use crate::rooms::Room;
use crate::screens;

/// Nobody but this participant shows a screen from here on, until it is handed on, locked or unlocked, or they are gone.
/// For hosts, and for whom it was handed to.
#[utoipa::path(
    post,
    operation_id = "handOver",
    path = "/meetings/{id}/participants/{participant}/hand-over",
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
    let event = Event::MeetingHandOver {
        meeting: id,
        participant: other,
    };
    let entry = present.entry(&occasion, event)?;
    if let Some(revision) = recall::<HandOver>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    let presents = present.meeting.presenter == Some(present.participant.id);
    let decision = meeting::hand_over(present.meeting.state, present.member(), presents);
    decide(&app, decision, &entry).await?;
    let other = present.sees(&app, participant, &entry).await?;
    decide(&app, meeting::be_handed(other.role), &entry).await?;
    let leads = screens::leads(present.participant.role);
    let act = HandOver {
        meeting: present.meeting.id,
        held_by: (!leads).then_some(present.participant.id),
        participant,
    };
    to_the_end(async move {
        let room = Room::reserve(&app.media, present.meeting.id).await?;
        match app.store.write_once(once, act, entry.clone()).await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(answer) => {
                room.present(screens::handed_to(
                    participant,
                    present.meeting.sharing,
                    answer.done,
                ));
                app.channels.changed(present.meeting.id);
                Ok(done(answer.done))
            }
        }
    })
    .await
}
