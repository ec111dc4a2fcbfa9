//! What spooled acts change, for readers, until the database has them.

use std::collections::{BTreeMap, BTreeSet};

use conclave_protocol::meeting::{Admission, MeetingState};
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};

use crate::read::meeting::Meeting;
use crate::read::participant::Participant;
use crate::secret::TokenHash;
use crate::spool::Act;

#[derive(Clone, Default)]
pub(crate) struct Overlay {
    ended: BTreeMap<MeetingId, Timestamp>,
    gone: BTreeMap<ParticipantId, (Admission, Timestamp)>,
    signed_out: BTreeSet<TokenHash>,
}

impl Overlay {
    pub(crate) fn of<'a>(acts: impl IntoIterator<Item = &'a Act>) -> Self {
        let mut overlay = Self::default();
        acts.into_iter().for_each(|act| overlay.add(act));
        overlay
    }

    pub(crate) fn add(&mut self, act: &Act) {
        match act {
            Act::EndMeeting(act) => {
                self.ended.entry(act.meeting).or_insert(act.at);
            }
            Act::Deny(act) => {
                let gone = (Admission::Denied, act.at);
                self.gone.entry(act.participant).or_insert(gone);
            }
            Act::Leave(act) => {
                let gone = (Admission::Left, act.at);
                self.gone.entry(act.participant).or_insert(gone);
            }
            Act::SignOut(act) => {
                self.signed_out.insert(act.session);
            }
        }
    }

    pub(crate) fn has_ended(&self, session: TokenHash) -> bool {
        self.signed_out.contains(&session)
    }

    pub(crate) fn meeting(&self, mut meeting: Meeting) -> Meeting {
        if let Some(at) = self.ended.get(&meeting.id)
            && meeting.state != MeetingState::Ended
        {
            meeting.state = MeetingState::Ended;
            meeting.ended_at = Some(*at);
            meeting.revision = meeting.revision.saturating_add(1);
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
}
