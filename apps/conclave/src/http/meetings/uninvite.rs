//! `POST /api/v1/meetings/{id}/invited/remove`: takes an address off a meeting's list.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_protocol::meeting::{ChangeInvited, CommandDone};
use conclave_protocol::problem::Problem;
use conclave_store::action::{Uninvite, Uninvited};

use super::invited;
use crate::app::App;
use crate::http::command::done;
use crate::http::occasion::Occasion;
use crate::http::present::{Named, not_written, recall, to_the_end};
use crate::http::problem::Refusal;
use crate::http::repeatable::Repeatable;
use crate::http::signed_in::SignedIn;
use crate::rooms::Room;

/// Takes an address off the list. Whoever is in a meeting for the invited by it is put out at once. To whoever made the
/// meeting.
#[utoipa::path(
    post,
    operation_id = "uninviteFromMeeting",
    path = "/meetings/{id}/invited/remove",
    tag = "meetings",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = Option<String>, Header, format = Uuid)
    ),
    request_body = ChangeInvited,
    responses(
        (status = 200, body = CommandDone),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Named(id): Named,
    Repeatable { body, command }: Repeatable<ChangeInvited>,
) -> Result<Json<CommandDone>, Refusal> {
    let event = Event::MeetingUninvite { meeting: id.0 };
    let (meeting, entry) = invited::own(&app, id, &signed_in, &occasion, event).await?;
    let once = command.map(|command| command.once(signed_in.account.id.0, occasion.now));
    if let Some(once) = &once
        && let Some(Uninvited { revision, .. }) = recall::<Uninvite>(&app, once, &entry).await?
    {
        return Ok(done(revision));
    }
    let act = Uninvite {
        meeting: meeting.id,
        email: body.email,
        at: occasion.now,
    };
    to_the_end(async move {
        match app.store.write_once(once, act, entry.clone()).await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(answer) => {
                let Uninvited { revision, put_out } = answer.done;
                app.channels.changed(meeting.id);
                for participant in put_out {
                    Room::reserve(&app.media, meeting.id)
                        .await?
                        .put_out(participant);
                }
                Ok(done(revision))
            }
        }
    })
    .await
}
