//! Somebody at a meeting's door: decides with policy, writes what was decided, records what was refused.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_audit::{Actor, Code, Event, Way};
use conclave_policy::admission::{
    Answer, Arrival, Door, Entrance, Proof, Standing, arrive, could_be_a_guess, places,
};
use conclave_policy::{Reason, Throttled};
use conclave_protocol::meeting::{JoinMeeting, Joined, MeetingCode};
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::read::meeting::Meeting;
use conclave_store::{Refused, WriteError, action};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::newcomer::Newcomer;
use super::repeat::Repeat;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::{
    CHANGED_MEANWHILE, MEETING_FULL, MEETING_LOCKED, MEETING_NOT_FOUND, Refusal, TOO_MANY_ATTEMPTS,
};
use crate::http::signed_in::SignedIn;
use crate::media::Busy;
use crate::rooms::Room;

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
            let (meeting, entrance) = self.decide(meeting).await?;
            match self.write(&meeting, entrance).await {
                Err(WriteError::Refused(Refused::Conflict | Refused::MeetingEnded)) => {}
                Err(WriteError::Refused(Refused::MeetingFull)) => {
                    return self.full(&meeting).await;
                }
                Err(error) => return self.not_written(Some(&meeting), error).await,
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
            Ok(room) => room.remove(displaced),
            Err(Busy) => tracing::error!("somebody without a place was not sent away"),
        }
    }

    /// Takes the charge back; a lock that somebody else's guesses brought stays.
    fn was_right(&self) {
        if self.charged.is_ok() {
            let (now, from) = (self.occasion.now, self.occasion.source.address);
            self.app.throttles.wrong_codes().was_right(from, now);
        }
    }

    /// Compares with some verifier in any case, so that a missing meeting takes no less time.
    async fn decide(&self, meeting: Option<Meeting>) -> Result<(Meeting, Entrance), Refusal> {
        let proof = self.proof(meeting.as_ref());
        let arrival = Arrival {
            account: meeting
                .as_ref()
                .map_or(Standing::Stranger, |meeting| self.standing(meeting)),
            proof,
        };
        if let Err(throttled) = self.charged
            && could_be_a_guess(arrival)
        {
            return self.throttled(throttled).await;
        }
        let Some(meeting) = meeting else {
            return self.refuse(None, Code::new("no_such_code")).await;
        };
        match arrive(door(&meeting), arrival) {
            Answer::Refuse(Reason::MeetingLocked) => self.locked(&meeting).await,
            Answer::Refuse(reason) => self.refuse(Some(&meeting), Code::new(reason.code())).await,
            Answer::Enter(entrance) => Ok((meeting, entrance)),
        }
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

    fn standing(&self, meeting: &Meeting) -> Standing {
        match &self.signed_in {
            Some(signed_in) if signed_in.account.id == meeting.host => Standing::Host,
            Some(signed_in) if signed_in.account.organisation == meeting.organisation => {
                Standing::Colleague
            }
            Some(_) | None => Standing::Stranger,
        }
    }

    async fn write(&self, meeting: &Meeting, entrance: Entrance) -> Result<Come, WriteError> {
        let Entrance {
            role,
            admission,
            opens,
        } = entrance;
        let now = self.occasion.now;
        let most = u32::try_from(self.app.config.limits.participants).unwrap_or(u32::MAX);
        let places = places(admission, most);
        let Ok(newcomer) = Newcomer::new(self, meeting, entrance) else {
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
            opens,
            decided_on: meeting.state,
            link_admitted: meeting.link_admits,
            was_locked: meeting.locked,
            places: places.most,
            absent_since: now.minus(places.kept_for),
            at: now,
        };
        let once = self.repeat.as_ref().map(|repeat| repeat.once.clone());
        let written = self
            .app
            .store
            .write_once(once, act, newcomer.record)
            .await?;
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

    async fn refuse<T>(&self, meeting: Option<&Meeting>, reason: Code) -> Result<T, Refusal> {
        self.record_refused(meeting, reason).await?;
        Err(MEETING_NOT_FOUND.into())
    }

    async fn throttled<T>(&self, throttled: Throttled) -> Result<T, Refusal> {
        self.record_refused(None, Code::new("throttled")).await?;
        let wait = throttled.until.since(self.occasion.now);
        Err(Refusal::after(TOO_MANY_ATTEMPTS, wait))
    }

    /// The same answer by code and by link. It says that the code was right, and whoever waits for the lock to go asks
    /// again: that is no guess.
    async fn locked<T>(&self, meeting: &Meeting) -> Result<T, Refusal> {
        self.was_right();
        let reason = Code::new(Reason::MeetingLocked.code());
        self.record_refused(Some(meeting), reason).await?;
        Err(MEETING_LOCKED.into())
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

fn door(meeting: &Meeting) -> Door {
    Door {
        state: meeting.state,
        link_admits: meeting.link_admits,
        locked: meeting.locked,
    }
}

/// A join that lost a race against the host's arrival decides anew.
const TRIES: usize = 3;
