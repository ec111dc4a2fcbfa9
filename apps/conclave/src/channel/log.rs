//! The last events of one participant's channel, numbered, so that a reconnection misses none.

use std::collections::VecDeque;

use conclave_protocol::channel::Event;

/// Numbers rise by one with each event and are never used twice, not even by a later log of the same participant.
pub(super) struct Log {
    /// The number of the newest event, or of the state that the log began with.
    last: u64,
    events: VecDeque<Logged>,
    /// Of members' messages in them.
    bytes: usize,
}

#[derive(Clone)]
pub(super) struct Logged {
    pub(super) seq: u64,
    pub(super) revision: u64,
    pub(super) event: Event,
}

impl Log {
    /// `first` is above every number of an earlier log: microseconds since 1970 are.
    pub(super) fn starting_at(first: u64) -> Self {
        Self {
            last: first,
            events: VecDeque::new(),
            bytes: 0,
        }
    }

    pub(super) fn last(&self) -> u64 {
        self.last
    }

    pub(super) fn push(&mut self, revision: u64, event: Event) -> Logged {
        self.last += 1;
        let logged = Logged {
            seq: self.last,
            revision,
            event,
        };
        self.bytes += opaque_bytes(&logged.event);
        self.events.push_back(logged.clone());
        while self.events.len() > LONGEST || self.bytes > LARGEST {
            self.forget_oldest();
        }
        logged
    }

    /// Forgets every event: whoever has not seen the state that follows must be given it whole.
    pub(super) fn restart(&mut self) {
        self.events.clear();
        self.bytes = 0;
        self.last += 1;
    }

    /// The events after number `seq`, unless some of them are forgotten or `seq` is of another log.
    pub(super) fn after(&self, seq: u64) -> Option<impl Iterator<Item = &Logged>> {
        let oldest = self.last - self.events.len() as u64;
        (oldest..=self.last)
            .contains(&seq)
            .then(|| self.events.iter().filter(move |logged| logged.seq > seq))
    }

    /// The client has applied everything up to `seq`.
    pub(super) fn acknowledge(&mut self, seq: u64) {
        while self.events.front().is_some_and(|logged| logged.seq <= seq) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some(forgotten) = self.events.pop_front() {
            self.bytes -= opaque_bytes(&forgotten.event);
        }
    }
}

/// Everything else in an event is short.
fn opaque_bytes(event: &Event) -> usize {
    match event {
        Event::MlsCommit { commit, .. } => commit.as_bytes().len(),
        Event::MlsRemoval { proposals, .. } => {
            let lengths = proposals.iter().map(|proposal| proposal.as_bytes().len());
            lengths.sum()
        }
        _ => 0,
    }
}

/// Events that are kept for a reconnection. More would bridge longer absences; fewer send the whole state sooner.
pub(super) const LONGEST: usize = 256;
/// Bytes of members' messages in them. All logs of a meeting share the same bytes.
const LARGEST: usize = 4 * 1_024 * 1_024;

#[cfg(test)]
mod tests {
    use conclave_protocol::ParticipantId;
    use conclave_protocol::mls::{Epoch, GroupId, Opaque};

    use super::*;

    #[test]
    fn a_reconnection_gets_what_it_missed_and_nothing_else() {
        let mut log = Log::starting_at(1_000);
        for revision in 1..=5 {
            log.push(revision, Event::UnmuteAsked);
        }

        let missed: Vec<_> = log.after(1_003).unwrap().map(|logged| logged.seq).collect();

        assert_eq!(missed, [1_004, 1_005]);
    }

    #[test]
    fn numbers_of_another_log_are_not_known() {
        let mut log = Log::starting_at(1_000);
        log.push(1, Event::UnmuteAsked);

        assert!(log.after(999).is_none());
        assert!(log.after(1_002).is_none());
    }

    #[test]
    fn a_full_log_forgets_its_oldest_event() {
        let mut log = Log::starting_at(0);
        for revision in 0..=LONGEST as u64 {
            log.push(revision, Event::UnmuteAsked);
        }

        assert!(log.after(0).is_none());
        assert_eq!(log.after(1).unwrap().count(), LONGEST);
    }

    #[test]
    fn large_messages_fill_it_sooner() {
        let commit = Event::MlsCommit {
            group: GroupId([7; 16]),
            epoch: Epoch(1),
            sender: ParticipantId(uuid::Uuid::from_u128(1)),
            commit: Opaque::new(vec![0; LARGEST / 4]).unwrap(),
        };
        let mut log = Log::starting_at(0);

        for revision in 0..6 {
            log.push(revision, commit.clone());
        }

        assert!(log.after(1).is_none());
        assert_eq!(log.after(2).unwrap().count(), 4);
        log.acknowledge(6);
        assert_eq!(log.bytes, 0);
    }

    #[test]
    fn what_is_acknowledged_is_not_kept() {
        let mut log = Log::starting_at(0);
        log.push(1, Event::UnmuteAsked);
        log.push(2, Event::UnmuteAsked);

        log.acknowledge(1);

        assert!(log.after(0).is_none());
        assert_eq!(log.after(1).unwrap().count(), 1);
    }

    #[test]
    fn after_a_restart_only_the_new_state_is_a_beginning() {
        let mut log = Log::starting_at(0);
        log.push(1, Event::UnmuteAsked);

        log.restart();

        assert!(log.after(1).is_none());
        assert_eq!(log.after(2).unwrap().count(), 0);
    }
}
