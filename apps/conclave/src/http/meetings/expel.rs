//! `POST /api/v1/meetings/{id}/participants/{participant}/expel`: puts somebody out.
//!
//! Who came twice with one account is out with both places: their media end and their channels close at once, members of
//! the meeting's group are asked to remove them, and the invitation's link, which they know, lets nobody straight in from
//! then on.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Actor, Event};
use conclave_policy::capability::MeetingAction;
use conclave_policy::meeting::{self, Member};
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::Expel;
use conclave_store::read::meeting::Meeting;
use uuid::Uuid;

use super::also_gone::Sending;
use crate::app::App;
use crate::http::command::{Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{Named, NamedParticipant, Present, decide, recall, seen, to_the_end};
use crate::http::problem::{NOT_AUTHENTICATED, Refusal};
use crate::http::signed_in::SignedIn;
use crate::http::supervised;
use crate::rooms::Room;

/// Puts somebody out who is in, but no host, from whatever browsers they are in or wait with the same account. To hosts, and with
/// their session, without being there, to owners, admins and account managers of the organisation. Whoever comes by the link from
/// then on waits in the lobby. Works even while the server can't write its data.
#[utoipa::path(
    post,
    operation_id = "expelParticipant",
    path = "/meetings/{id}/participants/{participant}/expel",
    tag = "participants",
    params(
        ("id" = String, Path, format = Uuid),
        ("participant" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    security(("participant" = []), ("session" = [])),
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
    Named(id): Named,
    present: Option<Present>,
    signed_in: Option<SignedIn>,
    NamedParticipant(participant): NamedParticipant,
    key: Command,
    occasion: Occasion,
) -> Result<Json<CommandDone>, Refusal> {
    let event = Event::MeetingExpel {
        meeting: id.0,
        participant: participant.0,
    };
    let asker = match (present, signed_in) {
        (Some(present), _) => Asker::inside(present),
        (None, Some(signed_in)) => Asker::outside(&app, id, &signed_in, &occasion, &event).await?,
        (None, None) => return Err(NOT_AUTHENTICATED.into()),
    };
    let Asker {
        id: asker,
        place: by,
        actor,
        member,
        meeting,
    } = asker;
    let once = key.once(asker, occasion.now);
    let entry = occasion.entry(Some(meeting.organisation), actor, event)?;
    if let Some(gone) = recall::<Expel>(&app, &once, &entry).await? {
        return Ok(done(gone.revision));
    }
    if let Some(member) = member {
        let decision = meeting::command(meeting.state, member, MeetingAction::Expel);
        decide(&app, decision, &entry).await?;
    }
    let other = seen(&app, &meeting, participant, &entry).await?;
    let decision = match member {
        Some(member) => meeting::expel(meeting.state, member, other.role),
        None => meeting::expel_from_outside(meeting.state, other.role),
    };
    decide(&app, decision, &entry).await?;
    let also = app.store.foresee_expel(participant, by).await?;
    let (meeting, at) = (meeting.id, occasion.now);
    let act = Expel {
        meeting,
        participant,
        by,
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
    to_the_end(async move {
        let room = Room::reserve(&app.media, meeting).await?;
        let done = sending.write(&app).await?;
        room.put_out(participant);
        Ok(done)
    })
    .await
}

/// Who asks: somebody in the meeting, or who looks after it from outside.
struct Asker {
    /// Whose idempotency keys these are.
    id: Uuid,
    /// Where they are in.
    place: Option<ParticipantId>,
    actor: Actor,
    member: Option<Member>,
    meeting: Meeting,
}

impl Asker {
    fn inside(present: Present) -> Self {
        Self {
            id: present.participant.id.0,
            place: Some(present.participant.id),
            actor: present.actor(),
            member: Some(present.member()),
            meeting: present.meeting,
        }
    }

    async fn outside(
        app: &App,
        id: MeetingId,
        signed_in: &SignedIn,
        occasion: &Occasion,
        event: &Event,
    ) -> Result<Self, Refusal> {
        let (meeting, _) = supervised::find(app, id, signed_in, occasion, event).await?;
        Ok(Self {
            id: signed_in.account.id.0,
            place: None,
            actor: signed_in.actor(),
            member: None,
            meeting,
        })
    }
}
