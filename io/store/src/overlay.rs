//! What spooled acts change, for readers, until the database has them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use conclave_protocol::meeting::{Admission, MeetingState};
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use uuid::Uuid;

use crate::error::Refused;
use crate::idempotency::{IdempotencyKey, Once};
use crate::read::meeting::Meeting;
use crate::read::participant::Participant;
use crate::secret::TokenHash;
use crate::spool::{Act, Answered, Spooled};

#[derive(Clone, Default)]
pub(crate) struct Overlay {
    ended: BTreeMap<MeetingId, Timestamp>,
    gone: BTreeMap<ParticipantId, (Admission, Timestamp)>,
    signed_out: BTreeSet<TokenHash>,
    /// By how much the acts raise each meeting's revision.
    raised: BTreeMap<MeetingId, u64>,
    answers: BTreeMap<(Uuid, IdempotencyKey), ([u8; 32], String)>,
}

impl Overlay {
    pub(crate) fn of(acts: &[Spooled]) -> Self {
        let mut overlay = Self::default();
        acts.iter().for_each(|spooled| overlay.add(spooled));
        overlay
    }

    pub(crate) fn add(&mut self, spooled: &Spooled) {
        match &spooled.act {
            Act::EndMeeting(act) => {
                if let Entry::Vacant(ended) = self.ended.entry(act.meeting) {
                    ended.insert(act.at);
                    self.raise(act.meeting);
                }
            }
            Act::Deny(act) => {
                self.goes(act.meeting, act.participant, Admission::Denied, act.at);
            }
            Act::Leave(act) => self.goes(act.meeting, act.participant, Admission::Left, act.at),
            Act::SignOut(act) => {
                self.signed_out.insert(act.session);
            }
        }
        if let Some(Answered { once, answer }) = &spooled.answered {
            let answer = (once.request, answer.clone());
            self.answers.insert((once.actor, once.key.clone()), answer);
        }
    }

    /// Why an act is not possible any more, as far as the acts that wait say.
    pub(crate) fn refuses(&self, act: &Act) -> Option<Refused> {
        match act {
            Act::EndMeeting(act) => {
                let ended = self.ended.contains_key(&act.meeting);
                ended.then_some(Refused::MeetingEnded)
            }
            Act::Deny(act) => {
                let gone = self.gone.contains_key(&act.participant);
                gone.then_some(Refused::NotWaiting)
            }
            Act::Leave(act) => {
                let gone = self.gone.contains_key(&act.participant);
                gone.then_some(Refused::NotFound)
            }
            Act::SignOut(act) => self.has_ended(act.session).then_some(Refused::NotFound),
        }
    }

    /// The request and the answer that it was given, where one under this key waits.
    pub(crate) fn answer(&self, once: &Once) -> Option<([u8; 32], &str)> {
        let (request, answer) = self.answers.get(&(once.actor, once.key.clone()))?;
        Some((*request, answer.as_str()))
    }

    pub(crate) fn has_ended(&self, session: TokenHash) -> bool {
        self.signed_out.contains(&session)
    }

    pub(crate) fn meeting(&self, mut meeting: Meeting) -> Meeting {
        let raised = self.raised.get(&meeting.id).copied().unwrap_or(0);
        meeting.revision = meeting.revision.saturating_add(raised);
        if let Some(at) = self.ended.get(&meeting.id)
            && meeting.state != MeetingState::Ended
        {
            meeting.state = MeetingState::Ended;
            meeting.ended_at = Some(*at);
        }
        meeting
    }

    pub(crate) fn participant(&self, mut participant: Participant) -> Participant {
        if let Some((admission, at)) = self.gone.get(&participant.id)
            && participant.left_at.is_none()
        {
            participant.admission = *admission;
            participant.left_at = Some(*at);
            participant.connected = false;
        }
        participant
    }

    fn goes(
        &mut self,
        meeting: MeetingId,
        participant: ParticipantId,
        admission: Admission,
        at: Timestamp,
    ) {
        if let Entry::Vacant(gone) = self.gone.entry(participant) {
            gone.insert((admission, at));
            self.raise(meeting);
        }
    }

    fn raise(&mut self, meeting: MeetingId) {
        let raised = self.raised.entry(meeting).or_default();
        *raised = raised.saturating_add(1);
    }
}
