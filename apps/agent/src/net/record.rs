//! Facts on their way to the server: in order, some together, and again after a while if the server can't be reached.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use conclave_client::protocol::support::{MOST_FACTS, SupportFact};
use conclave_remote::Fact;

use super::fact::reported;

#[derive(Default)]
pub(super) struct Record {
    waiting: VecDeque<SupportFact>,
    /// So many of the first are being reported.
    under_way: usize,
    failures: u32,
    /// Not before.
    again_at: Option<Instant>,
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Done,
    /// It may be taken later.
    Later,
    /// It never will.
    Refused,
}

/// Facts that wait; those beyond are dropped.
const MOST_WAITING: usize = 256;
const FIRST_DELAY: Duration = Duration::from_secs(1);
/// Of the exponent: the longest delay is 32 seconds.
const MOST_DOUBLINGS: u32 = 5;

impl Record {
    pub(super) fn push(&mut self, fact: Fact) {
        let Some(fact) = reported(fact) else {
            return;
        };
        if self.waiting.len() >= MOST_WAITING {
            tracing::warn!("a fact of the session is not reported: too many wait");
            if !matches!(fact, SupportFact::Ended { .. }) {
                return;
            }
            // The last, which is not under way: that the session is over is told in any case.
            self.waiting.pop_back();
        }
        self.waiting.push_back(fact);
    }

    /// What to report at this time, if anything; told about by [`Self::told`].
    pub(super) fn next(&mut self, now: Instant) -> Option<Vec<SupportFact>> {
        let waits = self.again_at.is_some_and(|at| now < at);
        if self.under_way > 0 || waits || self.waiting.is_empty() {
            return None;
        }
        self.under_way = self.waiting.len().min(MOST_FACTS);
        Some(self.waiting.iter().take(self.under_way).cloned().collect())
    }

    pub(super) fn told(&mut self, now: Instant, told: Told) {
        let reported = std::mem::take(&mut self.under_way);
        if told == Told::Later {
            let doublings = self.failures.min(MOST_DOUBLINGS);
            self.failures += 1;
            self.again_at = Some(now + FIRST_DELAY * 2_u32.pow(doublings));
            return;
        }
        if told == Told::Refused {
            tracing::warn!(reported, "the server takes no record of the session");
        }
        self.waiting.drain(..reported);
        self.failures = 0;
        self.again_at = None;
    }

    pub(super) fn is_done(&self) -> bool {
        self.waiting.is_empty()
    }

    /// When to ask [`Self::next`] again.
    pub(super) fn wake(&self) -> Option<Instant> {
        self.again_at.filter(|_| self.under_way == 0)
    }
}

#[cfg(test)]
mod tests {
    use conclave_client::protocol::remote::EndReason;

    use super::*;

    fn filled(facts: usize) -> Record {
        let mut record = Record::default();
        (0..facts).for_each(|_| record.push(Fact::LocalOverride));
        record
    }

    #[test]
    fn facts_go_in_order_and_not_more_than_fit() {
        let now = Instant::now();
        let mut record = filled(MOST_FACTS);
        record.push(Fact::DiagnosticsSent);

        assert_eq!(record.next(now).map(|facts| facts.len()), Some(MOST_FACTS));
        assert!(record.next(now).is_none());
        record.told(now, Told::Done);

        assert_eq!(record.next(now), Some(vec![SupportFact::DiagnosticsSent]));
        record.told(now, Told::Done);
        assert!(record.is_done());
    }

    #[test]
    fn what_can_not_be_told_is_told_again_ever_later() {
        let mut now = Instant::now();
        let mut record = filled(1);
        for seconds in [1, 2, 4, 8, 16, 32, 32] {
            assert!(record.next(now).is_some());
            record.told(now, Told::Later);
            assert_eq!(record.wake(), Some(now + Duration::from_secs(seconds)));
            assert!(record.next(now).is_none());
            now += Duration::from_secs(seconds);
        }
    }

    #[test]
    fn what_is_refused_is_not_told_again() {
        let now = Instant::now();
        let mut record = filled(1);
        record.next(now);

        record.told(now, Told::Refused);

        assert!(record.is_done());
    }

    #[test]
    fn the_facts_that_wait_are_bounded() {
        let mut record = filled(MOST_WAITING + 1);
        assert_eq!(record.waiting.len(), MOST_WAITING);

        record.push(Fact::Ended(EndReason::Stopped));

        assert_eq!(record.waiting.len(), MOST_WAITING);
        let last = record.waiting.back();
        assert!(matches!(last, Some(SupportFact::Ended { .. })));
    }

    #[test]
    fn what_the_server_need_not_know_is_not_told() {
        let mut record = Record::default();
        record.push(Fact::ConnectionLost);
        record.push(Fact::LimitsShrunk);

        assert!(record.is_done());
    }
}
