//! Somebody at a meeting's door: decides with policy, writes what was decided, records what was refused.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_audit::{Actor, Code, Event, Way};
use conclave_policy::admission::{
    Answer, Arrival, Door, Entrance, Proof, Standing, arrive, could_be_a_guess, places,
    tries_the_door,
};
use conclave_policy::{Reason, Throttled};
use conclave_protocol::meeting::{EntryRule, JoinMeeting, Joined, MeetingCode, MeetingState};
use conclave_protocol::policy::Permitted;
use conclave_protocol::{AccountId, MeetingId, OrganisationId, ParticipantId, Timestamp};
use conclave_store::read::meeting::Meeting;
use conclave_store::{Refused, WriteError, action};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::Instant;
use uuid::Uuid;

use super::newcomer::Newcomer;
use super::repeat::Repeat;
use super::session_door::Helped;
use crate::app::App;
use crate::http::even_time::slot_is_over;
use crate::http::occasion::Occasion;
use crate::http::problem::{
    CHANGED_MEANWHILE, Kind, MEETING_FULL, MEETING_LOCKED, MEETING_NOT_FOUND, NO_GUESTS, Refusal,
    TOO_MANY_ATTEMPTS,
};
use crate::http::signed_in::SignedIn;
use crate::media::Busy;
use crate::recorded;
use crate::rooms::Room;

/// Somebody who is about to come in: where, how, and whether it is to be helped or to help.
pub(super) struct Coming {
    pub(super) meeting: Meeting,
    pub(super) entrance: Entrance,
    pub(super) helped: Option<Helped>,
}

/// Somebody who has come, and whose place they took.
struct Come {
    joined: Joined,
    displaced: Option<ParticipantId>,
}

/// Somebody at the door, with what they show.
pub(super) struct Knock {
    pub(super) app: App,
    pub(super) code: Option<MeetingCode>,
    pub(super) signed_in: Option<SignedIn>,
    pub(super) occasion: Occasion,
    pub(super) body: JoinMeeting,
    pub(super) repeat: Option<Repeat>,
    /// Refused: somebody at this address guesses. Only who shows that they don't may pass.
    pub(super) charged: Result<(), Throttled>,
    pub(super) begun: Instant,
}

impl Knock {
    /// What the same request was answered before.
    pub(super) async fn recall(&self) -> Result<Option<Joined>, Refusal> {
        let Some(repeat) = &self.repeat else {
            return Ok(None);
        };
        match self.app.store.recall::<action::Join>(&repeat.once).await {
            Ok(None) => Ok(None),
            Ok(Some(done)) => repeat.answer(&self.app, done.participant).await.map(Some),
            Err(error) => self.not_written(None, error).await,
        }
    }

    pub(super) async fn enter(self) -> Result<Joined, Refusal> {
        for _ in 0..TRIES {
            let meeting = match self.code {
                Some(code) => self.app.store.meeting_by_code(code).await?,
                None => None,
            };
            let coming = self.decide(meeting).await?;
            let meeting = &coming.meeting;
            match self.write(&coming).await {
                Err(WriteError::Refused(Refused::Conflict | Refused::MeetingEnded)) => {}
                Err(WriteError::Refused(Refused::MeetingFull)) => {
                    return self.full(meeting).await;
                }
                Err(error) => return self.not_written(Some(meeting), error).await,
                Ok(Come { joined, displaced }) => {
                    self.was_right();
                    self.app.channels.changed(meeting.id);
                    if let Some(displaced) = displaced {
                        self.send_away(meeting.id, displaced).await;
                    }
                    return Ok(joined);
                }
            }
        }
        Err(CHANGED_MEANWHILE.into())
    }

    /// What is stored of connections may be late: the media of whoever lost their place may be up.
    async fn send_away(&self, meeting: MeetingId, displaced: ParticipantId) {
        match Room::reserve(&self.app.media, meeting).await {
            Ok(room) => room.put_out(displaced),
            Err(Busy) => tracing::error!("somebody without a place was not sent away"),
        }
    }

    /// Takes the charge back; a lock that somebody else's guesses brought stays.
    fn was_right(&self) {
        if self.charged.is_ok() {
            let from = self.occasion.source.address;
            self.app.throttles.wrong_codes().was_right(from);
        }
    }

    /// Compares with some verifier in any case, so that a missing meeting takes no less time.
    async fn decide(&self, meeting: Option<Meeting>) -> Result<Coming, Refusal> {
        let proof = self.proof(meeting.as_ref());
        let permitted = self.permitted(meeting.as_ref()).await?;
        let arrival = Arrival {
            account: meeting
                .as_ref()
                .map_or(Standing::Stranger, |meeting| self.standing(meeting)),
            proof,
            invited: self.is_invited(meeting.as_ref()).await?,
        };
        if let Err(throttled) = self.charged
            && could_be_a_guess(arrival)
        {
            return self.throttled(throttled).await;
        }
        let Some(meeting) = meeting else {
            return self.refuse(None, Code::new("no_such_code")).await;
        };
        if meeting.is_support {
            return self.to_session(meeting, proof).await;
        }
        match arrive(door(&meeting, &permitted, self.occasion.now), arrival) {
            Answer::Refuse(Reason::MeetingLocked) => {
                self.closed(&meeting, Reason::MeetingLocked, MEETING_LOCKED)
                    .await
            }
            Answer::Refuse(Reason::NoGuests) => {
                self.closed(&meeting, Reason::NoGuests, NO_GUESTS).await
            }
            Answer::Refuse(reason) => {
                if tries_the_door(reason) {
                    self.tried(&meeting).await;
                }
                self.refuse(Some(&meeting), Code::new(reason.code())).await
            }
            Answer::Enter(entrance) => Ok(Coming {
                meeting,
                entrance,
                helped: None,
            }),
        }
    }

    /// By the policy of the meeting's host; read of somebody in any case, for the same reason.
    async fn permitted(&self, meeting: Option<&Meeting>) -> Result<Permitted, Refusal> {
        let (organisation, host) =
            meeting.map_or(NOBODY, |meeting| (meeting.organisation, meeting.host));
        let policies = &self.app.policies;
        Ok(policies.permitted(organisation, Some(host)).await?)
    }

    fn proof(&self, meeting: Option<&Meeting>) -> Proof {
        let Some(proof) = &self.body.invitation_proof else {
            return Proof::Absent;
        };
        let bytes = URL_SAFE_NO_PAD.decode(proof.reveal()).unwrap_or_default();
        let shown: [u8; 32] = Sha256::digest(bytes).into();
        let verifier = meeting.map_or([0; 32], |meeting| meeting.invitation_verifier);
        match bool::from(shown.ct_eq(&verifier)) {
            true => Proof::Matches,
            false => Proof::Differs,
        }
    }

    /// The list of a meeting for the invited is asked by its address: whoever is not signed in is not on it.
    async fn is_invited(&self, meeting: Option<&Meeting>) -> Result<bool, Refusal> {
        let (Some(meeting), Some(signed_in)) = (meeting, &self.signed_in) else {
            return Ok(false);
        };
        if meeting.entry != EntryRule::Invited {
            return Ok(false);
        }
        let account = signed_in.account.id;
        Ok(self.app.store.is_invited(meeting.id, account).await?)
    }

    /// Who comes straight into a meeting for the invited does so by its list.
    fn by_list(&self, meeting: &Meeting, entrance: Entrance) -> Option<AccountId> {
        let by_list = entrance.is_by_list(meeting.entry);
        let signed_in = self.signed_in.as_ref().filter(|_| by_list);
        signed_in.map(|signed_in| signed_in.account.id)
    }

    fn standing(&self, meeting: &Meeting) -> Standing {
        match &self.signed_in {
            Some(signed_in) if signed_in.account.id == meeting.host => Standing::Host,
            Some(signed_in) if signed_in.account.organisation == meeting.organisation => {
                Standing::Colleague
            }
            Some(_) | None => Standing::Stranger,
        }
    }

    async fn write(&self, coming: &Coming) -> Result<Come, WriteError> {
        let Coming {
            meeting,
            entrance,
            helped,
        } = coming;
        let Entrance {
            role,
            admission,
            opens,
        } = *entrance;
        let now = self.occasion.now;
        let most = u32::try_from(self.app.config.limits.participants).unwrap_or(u32::MAX);
        let places = places(admission, self.proof(Some(meeting)), most);
        let Ok(newcomer) = Newcomer::new(self, coming) else {
            return Err(WriteError::Busy);
        };
        let joined = Joined {
            meeting: meeting.id,
            participant: newcomer.participant,
            credential: newcomer.credential,
            role,
            admission,
        };
        let act = action::Join {
            meeting: meeting.id,
            participant: newcomer.participant,
            credential: newcomer.hash,
            display_name: self.body.display_name.clone(),
            account: self
                .signed_in
                .as_ref()
                .map(|signed_in| signed_in.account.id),
            role,
            admission,
            client: self.occasion.source.client(),
            proven: self.proof(Some(meeting)) == Proof::Matches,
            opens,
            decided_on: meeting.state,
            link_admitted: meeting.link_admits,
            was_locked: meeting.locked,
            was_guarded: meeting.is_guarded(now),
            entry: meeting.entry,
            uninvited: meeting.uninvited,
            by_list: self.by_list(meeting, *entrance),
            places: places.most,
            absent_since: now.minus(places.kept_for),
            at: now,
        };
        let once = self.repeat.as_ref().map(|repeat| repeat.once.clone());
        let store = &self.app.store;
        let written = match helped.filter(|helped| helped.takes(*entrance)) {
            Some(Helped { session, .. }) => {
                let act = action::JoinSupport { session, join: act };
                store.write_once(once, act, newcomer.record).await?
            }
            None => store.write_once(once, act, newcomer.record).await?,
        };
        match &self.repeat {
            // The same request was faster by another way.
            Some(repeat) if written.replayed => {
                let answer = repeat.answer(&self.app, written.done.participant).await;
                Ok(Come {
                    joined: answer.map_err(|_| WriteError::Busy)?,
                    displaced: None,
                })
            }
            _ => Ok(Come {
                joined,
                displaced: written.done.displaced,
            }),
        }
    }

    /// A wrong guess at this meeting's door. Where it is one too many, the meeting is guarded from here on.
    async fn tried(&self, meeting: &Meeting) {
        let (now, from) = (self.occasion.now, self.occasion.source.address);
        if meeting.is_guarded(now) || meeting.state == MeetingState::Ended {
            return;
        }
        let until = self
            .app
            .throttles
            .tried_meetings()
            .wrong(meeting.id, from, now);
        if until.is_some() && self.guard(meeting, until).await.is_err() {
            tracing::warn!("a meeting whose door is tried was not guarded");
        }
    }

    async fn guard(&self, meeting: &Meeting, until: Option<Timestamp>) -> Result<(), WriteError> {
        let event = Event::MeetingGuard {
            meeting: meeting.id.0,
        };
        let entry = recorded::entry(self.occasion.now, Actor::System, event);
        let entry = entry.map_err(|_| WriteError::Busy)?;
        let act = action::GuardMeeting {
            meeting: meeting.id,
            until,
        };
        let entry = recorded::filed(entry, Some(meeting.organisation));
        self.app.store.write(act, entry).await?;
        self.app.channels.changed(meeting.id);
        Ok(())
    }

    async fn refuse<T>(&self, meeting: Option<&Meeting>, reason: Code) -> Result<T, Refusal> {
        slot_is_over(self.begun).await;
        self.record_refused(meeting, reason).await?;
        Err(MEETING_NOT_FOUND.into())
    }

    async fn throttled<T>(&self, throttled: Throttled) -> Result<T, Refusal> {
        self.record_refused(None, Code::new("throttled")).await?;
        let wait = throttled.until.since(self.occasion.now);
        Err(Refusal::after(TOO_MANY_ATTEMPTS, wait))
    }

    /// Locked, or without guests: the same answer by code and by link. It says that the code was right, and whoever waits
    /// for the lock to go, or signs in, asks again: that is no guess.
    async fn closed<T>(&self, meeting: &Meeting, reason: Reason, kind: Kind) -> Result<T, Refusal> {
        self.was_right();
        let reason = Code::new(reason.code());
        self.record_refused(Some(meeting), reason).await?;
        Err(kind.into())
    }

    async fn full<T>(&self, meeting: &Meeting) -> Result<T, Refusal> {
        self.record_refused(Some(meeting), Code::new("meeting_full"))
            .await?;
        Err(MEETING_FULL.into())
    }

    async fn not_written<T>(
        &self,
        meeting: Option<&Meeting>,
        error: WriteError,
    ) -> Result<T, Refusal> {
        if let WriteError::Refused(refused) = &error {
            let reason = Code::new(refused.code());
            self.record_refused(meeting, reason).await?;
        }
        Err(error.into())
    }

    async fn record_refused(&self, meeting: Option<&Meeting>, reason: Code) -> Result<(), Refusal> {
        let event = Event::MeetingJoinRefused {
            meeting: meeting.map(|meeting| meeting.id.0),
            way: self.way(meeting),
        };
        let organisation = meeting.map(|meeting| meeting.organisation);
        let entry = self.occasion.entry(organisation, self.actor(), event)?;
        self.app.record(entry.refused(reason)).await;
        Ok(())
    }

    pub(super) fn actor(&self) -> Actor {
        match &self.signed_in {
            Some(signed_in) => signed_in.actor(),
            None => Actor::Anonymous,
        }
    }

    pub(super) fn way(&self, meeting: Option<&Meeting>) -> Way {
        if meeting.is_some_and(|meeting| self.standing(meeting) == Standing::Host) {
            return Way::Host;
        }
        match self.body.invitation_proof {
            Some(_) => Way::Invitation,
            None => Way::Code,
        }
    }
}

fn door(meeting: &Meeting, permitted: &Permitted, now: Timestamp) -> Door {
    Door {
        state: meeting.state,
        link_admits: meeting.link_admits && permitted.enter_by_link,
        guests: permitted.guests,
        needs_passcode: !permitted.key_without_passcode,
        locked: meeting.locked,
        guarded: meeting.is_guarded(now),
        entry: meeting.entry,
        uninvited: meeting.uninvited,
    }
}

const NOBODY: (OrganisationId, AccountId) = (OrganisationId(Uuid::nil()), AccountId(Uuid::nil()));

/// A join that lost a race against the host's arrival decides anew.
const TRIES: usize = 3;
