//! `POST /api/v1/meetings/{id}/end`: ends the meeting for everybody.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Actor, Code, Event};
use conclave_policy::capability::MeetingAction;
use conclave_policy::meeting::{self, Member};
use conclave_protocol::meeting::{Admission, CommandDone, ParticipantRole};
use conclave_protocol::problem::Problem;
use conclave_protocol::{AccountId, MeetingId, ParticipantId};
use conclave_store::action::EndMeeting;
use conclave_store::read::meeting::Meeting;
use uuid::Uuid;

use crate::app::App;
use crate::http::command::{self, Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{Named, Present, decide, not_written, recall, to_the_end};
use crate::http::problem::{MEETING_NOT_FOUND, NOT_AUTHENTICATED, Refusal};
use crate::http::signed_in::SignedIn;
use crate::rooms::Room;

/// Ends the meeting. For its host: with the participant's credential, or with the session of the
/// account that made it. Works even while the server can't write its data.
#[utoipa::path(
    post,
    operation_id = "endMeeting",
    path = "/meetings/{id}/end",
    tag = "participants",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    security(("participant" = []), ("session" = [])),
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
    Named(id): Named,
    present: Option<Present>,
    signed_in: Option<SignedIn>,
    key: Command,
    occasion: Occasion,
) -> Result<Json<CommandDone>, Refusal> {
    let asker = match (present, signed_in) {
        (Some(present), _) => Asker::participant(present),
        (None, Some(signed_in)) => Asker::host(&app, id, &signed_in, &occasion).await?,
        (None, None) => return Err(NOT_AUTHENTICATED.into()),
    };
    let once = key.once(asker.id, occasion.now);
    let Asker {
        actor,
        member,
        meeting,
        ..
    } = asker;
    let event = Event::MeetingEnd { meeting: id.0 };
    let entry = occasion.entry(Some(meeting.organisation), actor, event)?;
    if let Some(revision) = recall::<EndMeeting>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    let decision = meeting::command(meeting.state, member, MeetingAction::End);
    decide(&app, decision, &entry).await?;
    let act = EndMeeting {
        meeting: id,
        at: occasion.now,
    };
    to_the_end(async move {
        let room = Room::reserve(&app.media, id).await?;
        let written = app.store.write_or_spool(Some(once), act, entry.clone());
        match written.await {
            Err(error) => Err(not_written(&app, error, entry).await),
            Ok(kept) => {
                room.end();
                app.channels.changed(id);
                Ok(command::kept(kept))
            }
        }
    })
    .await
}

/// Who asks, and what they are to the meeting.
struct Asker {
    /// Whose idempotency keys these are.
    id: Uuid,
    actor: Actor,
    member: Member,
    meeting: Meeting,
}

impl Asker {
    fn participant(present: Present) -> Self {
        let ParticipantId(id) = present.participant.id;
        Self {
            id,
            actor: present.actor(),
            member: present.member(),
            meeting: present.meeting,
        }
    }

    /// The account that made the meeting is its host, wherever it is. To others it does not exist.
    async fn host(
        app: &App,
        id: MeetingId,
        signed_in: &SignedIn,
        occasion: &Occasion,
    ) -> Result<Self, Refusal> {
        let AccountId(account) = signed_in.account.id;
        let meeting = app.store.meeting(id).await?;
        let own = meeting.filter(|meeting| meeting.host == signed_in.account.id);
        let Some(meeting) = own else {
            let organisation = Some(signed_in.account.organisation);
            let event = Event::MeetingEnd { meeting: id.0 };
            let entry = occasion.entry(organisation, signed_in.actor(), event)?;
            app.record(entry.refused(Code::new("not_its_host"))).await;
            return Err(MEETING_NOT_FOUND.into());
        };
        Ok(Self {
            id: account,
            actor: signed_in.actor(),
            member: Member {
                role: ParticipantRole::Host,
                admission: Admission::Admitted,
            },
            meeting,
        })
    }
}
