//! The door of a support session's meeting: who comes in to be helped, and who helps along.
//!
//! A code that is used or too old, and whoever may not come, get the answer that a wrong code gets; the record tells them
//! apart.

use conclave_audit::{Code, Entry, Event};
use conclave_policy::Decision;
use conclave_policy::admission::{Entrance, Proof};
use conclave_policy::support::{Comer, SignedIn, enter, may_join};
use conclave_protocol::SupportSessionId;
use conclave_protocol::meeting::{Admission, ParticipantRole};
use conclave_store::read::meeting::Meeting;
use conclave_store::read::participant::Participant;
use conclave_store::read::support::SupportSession;
use uuid::Uuid;

use super::knock::{Coming, Knock};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::Present;
use crate::http::problem::{MEETING_NOT_FOUND, Refusal, SUPPORT_CODE_OVER};
use crate::http::support;

/// A session that somebody comes into, and as what.
#[derive(Clone, Copy)]
pub(super) struct Helped {
    pub(super) session: SupportSessionId,
    comer: Comer,
}

impl Helped {
    /// Whether whoever comes in so is whom the session helps from here on: who waits is not yet.
    pub(super) fn takes(self, entrance: Entrance) -> bool {
        self.comer == Comer::Customer && entrance.admission != Admission::Waiting
    }

    /// What their coming puts on record beside it. A technician's is that they opened it.
    pub(super) fn event(self, entrance: Entrance, participant: Uuid) -> Option<Event> {
        let is_in = entrance.admission != Admission::Waiting;
        (is_in && self.comer != Comer::Technician).then(|| joined(self, participant))
    }
}

impl Knock {
    /// As policy says of the session, of what its technician may at this moment, and of who comes.
    pub(super) async fn to_session(
        &self,
        meeting: Meeting,
        proof: Proof,
    ) -> Result<Coming, Refusal> {
        let session = self.app.store.support_of(meeting.id).await?;
        let session = session.ok_or(MEETING_NOT_FOUND)?;
        let standing = session.standing();
        let comer = Comer::of(&standing, self.colleague(&meeting));
        // Its technician too: what somebody shows from a browser asks no terms.
        let entrance = match support::held(&self.app, &meeting).await? {
            Decision::Deny(reason) => Err(reason),
            Decision::Allow => enter(&standing, comer, proof, meeting.state, self.occasion.now),
        };
        match entrance {
            Err(reason) => self.no_help(&session, Code::new(reason.code())).await,
            Ok(entrance) => Ok(Coming {
                meeting,
                entrance,
                helped: Some(Helped {
                    session: session.id,
                    comer,
                }),
            }),
        }
    }

    fn colleague(&self, meeting: &Meeting) -> Option<SignedIn<'_>> {
        let signed_in = self.signed_in.as_ref()?;
        let account = &signed_in.account;
        (account.organisation == meeting.organisation).then_some(SignedIn {
            account: account.id,
            role: account.role,
            permitted: &signed_in.permitted,
        })
    }

    async fn no_help<T>(&self, session: &SupportSession, reason: Code) -> Result<T, Refusal> {
        let event = Event::SupportCodeRefused {
            session: Some(session.id.0),
        };
        let organisation = Some(session.organisation);
        let entry = self.occasion.entry(organisation, self.actor(), event)?;
        self.app.record(entry.refused(reason)).await;
        Err(MEETING_NOT_FOUND.into())
    }
}

/// Whether a technician may let somebody in who typed the code, at this moment, and what that puts on record. A refusal is
/// recorded as `entry`'s.
pub(super) async fn let_in(
    app: &App,
    present: &Present,
    other: &Participant,
    occasion: &Occasion,
    entry: &Entry,
) -> Result<Option<Event>, Refusal> {
    if !present.meeting.is_support {
        return Ok(None);
    }
    let session = app.store.support_of(present.meeting.id).await?;
    let session = session.ok_or(MEETING_NOT_FOUND)?;
    let comer = match other.role {
        ParticipantRole::Guest => Comer::Customer,
        ParticipantRole::Host
        | ParticipantRole::CoHost
        | ParticipantRole::Participant
        | ParticipantRole::Companion => Comer::Colleague,
    };
    if let Decision::Deny(reason) = may_join(&session.standing(), comer, occasion.now) {
        let refused = entry.clone().refused(Code::new(reason.code()));
        app.record(refused).await;
        return Err(SUPPORT_CODE_OVER.into());
    }
    let helped = Helped {
        session: session.id,
        comer,
    };
    Ok(Some(joined(helped, other.id.0)))
}

fn joined(Helped { session, comer }: Helped, participant: Uuid) -> Event {
    Event::SupportJoined {
        session: session.0,
        participant,
        part: Code::new(comer.code()),
    }
}
