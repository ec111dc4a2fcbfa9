//! Who is there, who may come back, and who is gone.

use conclave_protocol::{ParticipantId, Timestamp};

use super::{Audience, Delivery};

impl Delivery {
    pub(super) fn come(&mut self, participant: ParticipantId, resumed: bool) {
        self.present.insert(participant);
        if let Some(group) = &mut self.group {
            group.find_again(participant);
        }
        if !resumed {
            self.fresh.insert(participant);
            self.publish_removal(Audience::One(participant));
        }
    }

    pub(super) fn miss(&mut self, participant: ParticipantId, now: Timestamp) {
        self.present.remove(&participant);
        self.fresh.remove(&participant);
        self.waiting
            .retain(|waiting| waiting.participant() != participant);
        self.pass(now, participant);
        self.tell_all_processed();
    }

    pub(super) fn lose(&mut self, participant: ParticipantId, now: Timestamp) {
        if let Some(group) = &mut self.group {
            group.lose(participant);
        }
        self.miss(participant, now);
    }
}
