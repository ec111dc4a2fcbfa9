//! `POST /api/v1/meetings/{id}/leave`: leaves for good.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::MeetingAction;
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::Leave;

use crate::app::App;
use crate::http::command::{self, Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{Present, not_written, recall, to_the_end};
use crate::http::problem::Refusal;
use crate::rooms::Room;

/// Leaves. The credential is worth nothing afterwards.
#[utoipa::path(
    post,
    operation_id = "leaveMeeting",
    path = "/meetings/{id}/leave",
    tag = "participants",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    security(("participant" = [])),
    responses(
        (status = 200, body = CommandDone),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    key: Command,
    occasion: Occasion,
) -> Result<Json<CommandDone>, Refusal> {
    let ParticipantId(id) = present.participant.id;
    let once = key.once(id, occasion.now);
    let MeetingId(meeting) = present.meeting.id;
    let event = Event::MeetingLeave {
        meeting,
        participant: id,
    };
    let entry = present.entry(&occasion, event)?;
    if let Some(revision) = recall::<Leave>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    present.may(&app, MeetingAction::Leave, &entry).await?;
    let act = Leave {
        meeting: present.meeting.id,
        participant: present.participant.id,
        at: occasion.now,
    };
    to_the_end(async move {
        let room = Room::reserve(&app.media, present.meeting.id).await?;
        let written = app.store.write_or_spool(Some(once), act, entry.clone());
        match written.await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(kept) => {
                room.put_out(present.participant.id);
                app.channels.changed(present.meeting.id);
                Ok(command::kept(kept))
            }
        }
    })
    .await
}
