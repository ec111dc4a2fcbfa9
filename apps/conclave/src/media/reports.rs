//! An owner's reports: figures may get lost while nobody listens; who comes and who goes may not.

use std::collections::VecDeque;
use std::sync::Arc;

use conclave_sfu::Fact;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::counters::{Counters, DropReason};

pub(super) struct Reports {
    facts: mpsc::Sender<Fact>,
    /// What must arrive and found no place, oldest first.
    kept: VecDeque<Fact>,
    counters: Arc<Counters>,
}

/// Reports that one owner keeps for a listener that is behind: everybody of many full rooms coming
/// and going.
const MOST_KEPT: usize = 65_536;

impl Reports {
    pub(super) fn new(facts: mpsc::Sender<Fact>, counters: Arc<Counters>) -> Self {
        Self {
            facts,
            kept: VecDeque::new(),
            counters,
        }
    }

    /// Never waits. Facts that are not dropped arrive in order.
    pub(super) fn report(&mut self, fact: Fact) {
        self.flush();
        if !self.kept.is_empty() {
            return self.keep(fact);
        }
        match self.facts.try_send(fact) {
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            Err(TrySendError::Full(fact)) => self.keep(fact),
        }
    }

    /// Passes on what was kept, as far as there is room.
    pub(super) fn flush(&mut self) {
        while let Some(fact) = self.kept.pop_front() {
            match self.facts.try_send(fact) {
                Ok(()) => {}
                Err(TrySendError::Full(fact)) => return self.kept.push_front(fact),
                Err(TrySendError::Closed(_)) => return self.kept.clear(),
            }
        }
    }

    /// Waits until the last one is passed on, or nobody listens any more.
    pub(super) fn finish(&mut self) {
        for fact in self.kept.drain(..) {
            if self.facts.blocking_send(fact).is_err() {
                return;
            }
        }
    }

    fn keep(&mut self, fact: Fact) {
        if is_figure(&fact) || self.kept.len() >= MOST_KEPT {
            self.counters.drop_one(DropReason::FactOverflow);
        } else {
            self.kept.push_back(fact);
        }
    }
}

/// The next one says what this one said, or it is about nobody.
fn is_figure(fact: &Fact) -> bool {
    matches!(fact, Fact::Quality { .. } | Fact::Dropped { .. })
}

#[cfg(test)]
mod tests {
    use conclave_sfu::{EndReason, RoomName};

    use super::*;

    #[test]
    fn a_listener_that_was_behind_hears_of_everybody_who_left_in_order() {
        let (facts, mut heard) = mpsc::channel(2);
        let mut reports = Reports::new(facts, Arc::default());
        for number in 0..10 {
            reports.report(figure());
            reports.report(left(number));
        }

        let mut sids = Vec::new();
        while let Ok(fact) = heard.try_recv() {
            if let Fact::ParticipantLeft { sid, .. } = fact {
                sids.push(sid);
            }
            reports.flush();
        }

        let all: Vec<_> = (0..10).map(|number| format!("PA_{number}")).collect();
        assert_eq!(sids, all);
        assert_eq!(reports.counters.dropped(DropReason::FactOverflow), 9);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let (facts, _heard) = mpsc::channel(1);
        let mut reports = Reports::new(facts, Arc::default());

        for number in 0..MOST_KEPT + 3 {
            reports.report(left(number));
        }

        assert_eq!(reports.kept.len(), MOST_KEPT);
        assert_eq!(reports.counters.dropped(DropReason::FactOverflow), 2);
    }

    #[test]
    fn nobody_is_waited_for_who_does_not_listen() {
        let (facts, heard) = mpsc::channel(1);
        let mut reports = Reports::new(facts, Arc::default());
        reports.report(left(1));
        reports.report(left(2));

        drop(heard);
        reports.finish();

        assert!(reports.kept.is_empty());
    }

    fn figure() -> Fact {
        Fact::Dropped {
            reason: "test",
            count: 1,
        }
    }

    fn left(number: usize) -> Fact {
        Fact::ParticipantLeft {
            room: RoomName("ward".to_owned()),
            identity: "bo".to_owned(),
            sid: format!("PA_{number}"),
            reason: EndReason::ClientLeft,
            quality: Box::default(),
        }
    }
}
