//! `POST /api/v1/meetings/{id}/sharing/lock`: only hosts show screens.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::MeetingAction;
use conclave_protocol::MeetingId;
use conclave_protocol::meeting::{CommandDone, Sharing};
use conclave_protocol::problem::Problem;
use conclave_store::action::SetSharing;

use crate::app::App;
use crate::http::command::{Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{Present, not_written, recall, to_the_end};
use crate::http::problem::Refusal;
use crate::rooms::Room;
use crate::screens;

/// Only hosts and co-hosts show screens from here on, one at a time. Another screen that is shown ends, also of whom it
/// was handed to. To hosts only.
#[utoipa::path(
    post,
    operation_id = "lockSharing",
    path = "/meetings/{id}/sharing/lock",
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
    set(app, present, command, occasion, Sharing::Hosts).await
}

/// Locks or unlocks.
pub(super) async fn set(
    app: App,
    present: Present,
    command: Command,
    occasion: Occasion,
    sharing: Sharing,
) -> Result<Json<CommandDone>, Refusal> {
    let once = command.once(present.participant.id.0, occasion.now);
    let MeetingId(meeting) = present.meeting.id;
    let event = match sharing {
        Sharing::Hosts => Event::MeetingLockSharing { meeting },
        Sharing::Everybody => Event::MeetingUnlockSharing { meeting },
    };
    let entry = present.entry(&occasion, event)?;
    if let Some(revision) = recall::<SetSharing>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    let action = MeetingAction::DirectSharing;
    present.may(&app, action, &entry).await?;
    let act = SetSharing {
        meeting: present.meeting.id,
        sharing,
    };
    to_the_end(async move {
        let room = Room::reserve(&app.media, present.meeting.id).await?;
        match app.store.write_once(once, act, entry.clone()).await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(answer) => {
                room.present(screens::set_to(sharing, answer.done));
                app.channels.changed(present.meeting.id);
                Ok(done(answer.done))
            }
        }
    })
    .await
}
