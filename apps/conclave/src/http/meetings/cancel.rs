//! `POST /api/v1/meetings/{id}/cancel`: a scheduled meeting does not take place, nor any that would follow it.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_protocol::meeting::{CancelMeeting, CommandDone};
use conclave_protocol::problem::Problem;
use conclave_store::action;

use super::invited;
use crate::app::App;
use crate::http::command::done;
use crate::http::occasion::Occasion;
use crate::http::present::{Named, not_written, recall};
use crate::http::problem::Refusal;
use crate::http::repeatable::Repeatable;
use crate::http::signed_in::SignedIn;

/// Cancels all of it; the code is free for another. To whoever made the meeting, also where they may make no more. Refused
/// while it goes on (`meeting_live`), and where it was changed since it was read (`changed_meanwhile`).
#[utoipa::path(
    post,
    operation_id = "cancelMeeting",
    path = "/meetings/{id}/cancel",
    tag = "meetings",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = Option<String>, Header, format = Uuid)
    ),
    request_body = CancelMeeting,
    responses(
        (status = 200, body = CommandDone),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Named(id): Named,
    Repeatable { body, command }: Repeatable<CancelMeeting>,
) -> Result<Json<CommandDone>, Refusal> {
    let event = Event::MeetingCancel { meeting: id.0 };
    let (meeting, entry) = invited::own(&app, id, &signed_in, &occasion, event).await?;
    let once = command.map(|command| command.once(signed_in.account.id.0, occasion.now));
    if let Some(once) = &once
        && let Some(revision) = recall::<action::CancelMeeting>(&app, once, &entry).await?
    {
        return Ok(done(revision));
    }
    let act = action::CancelMeeting {
        meeting: meeting.id,
        seen: body.sequence,
        at: occasion.now,
    };
    match app.store.write_once(once, act, entry.clone()).await {
        Err(error) => Err(not_written(&app, error, entry).await),
        Ok(answer) => {
            app.channels.changed(id);
            Ok(done(answer.done))
        }
    }
}
