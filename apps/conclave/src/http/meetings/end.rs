//! `POST /api/v1/meetings/{id}/end`: ends the meeting for everybody.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Actor, Event};
use conclave_policy::succession::{Officer, may_lead_on, successor};
use conclave_policy::{Decision, meeting};
use conclave_protocol::meeting::{CommandDone, EndCause};
use conclave_protocol::problem::Problem;
use conclave_protocol::{AccountId, MeetingId, ParticipantId};
use conclave_store::action::EndMeeting;
use conclave_store::read::meeting::Meeting;
use uuid::Uuid;

use crate::app::App;
use crate::http::command::{self, Command, done};
use crate::http::occasion::Occasion;
use crate::http::present::{Named, Present, decide, not_written, recall, to_the_end};
use crate::http::problem::{NOT_AUTHENTICATED, Refusal};
use crate::http::signed_in::SignedIn;
use crate::http::supervised::{self, Right};
use crate::rooms::Room;
use crate::{ending, recorded};

/// Ends the meeting. For its host: with the participant's credential, or with the session of the account that made it.
/// For the co-host who leads on where no host is there. For owners, admins and account managers of its organisation: with
/// their session, without being there. Works even while the server can't write its data.
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
        (Some(present), _) => Asker::participant(&app, present).await?,
        (None, Some(signed_in)) => Asker::outside(&app, id, &signed_in, &occasion).await?,
        (None, None) => return Err(NOT_AUTHENTICATED.into()),
    };
    let once = key.once(asker.id, occasion.now);
    let Asker {
        actor,
        meeting,
        decision,
        cause,
        ..
    } = asker;
    let event = Event::MeetingEnd { meeting: id.0 };
    let mut entry = occasion.entry(Some(meeting.organisation), actor, event)?;
    if let Some(revision) = recall::<EndMeeting>(&app, &once, &entry).await? {
        return Ok(done(revision));
    }
    decide(&app, decision, &entry).await?;
    entry.reason = recorded::end_cause(cause);
    let act = EndMeeting {
        meeting: id,
        cause,
        at: occasion.now,
    };
    to_the_end(async move {
        let room = Room::reserve(&app.media, id).await?;
        let written = ending::write(&app.store, Some(once), act, entry.clone());
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

/// Who asks, and by what right.
struct Asker {
    /// Whose idempotency keys these are.
    id: Uuid,
    actor: Actor,
    meeting: Meeting,
    decision: Decision,
    cause: EndCause,
}

impl Asker {
    async fn participant(app: &App, present: Present) -> Result<Self, Refusal> {
        let ParticipantId(id) = present.participant.id;
        let leads_on = leads_on(app, &present).await?;
        Ok(Self {
            id,
            actor: present.actor(),
            decision: meeting::end(present.meeting.state, present.member(), leads_on),
            meeting: present.meeting,
            cause: EndCause::Host,
        })
    }

    async fn outside(
        app: &App,
        id: MeetingId,
        signed_in: &SignedIn,
        occasion: &Occasion,
    ) -> Result<Self, Refusal> {
        let AccountId(account) = signed_in.account.id;
        let event = Event::MeetingEnd { meeting: id.0 };
        let (meeting, right) = supervised::find(app, id, signed_in, occasion, &event).await?;
        Ok(Self {
            id: account,
            actor: signed_in.actor(),
            decision: meeting::end_from_outside(meeting.state),
            meeting,
            cause: match right {
                Right::Host => EndCause::Host,
                Right::Supervisor => EndCause::Administrator,
            },
        })
    }
}

async fn leads_on(app: &App, present: &Present) -> Result<bool, Refusal> {
    if !may_lead_on(present.participant.role) {
        return Ok(false);
    }
    let people = app.store.people(present.meeting.id).await?;
    let officers = people.into_iter().map(|person| Officer {
        participant: person.id,
        role: person.role,
        admission: person.admission,
        gone_since: (!person.connected).then_some(person.connection_changed_at),
        serves_since: person.co_host_since,
    });
    Ok(successor(officers, app.clock.now()) == Some(present.participant.id))
}
