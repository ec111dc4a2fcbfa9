//! Facts on their way to the server: in order, some together, and again after a while if the server can't be reached.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use conclave_client::protocol::support::{MOST_FACTS, SupportFact};
use conclave_remote::Fact;
use uuid::Uuid;

use super::fact::reported;

#[derive(Default)]
pub(super) struct Record {
    waiting: VecDeque<SupportFact>,
    /// So many went before those that wait.
    told: u64,
    /// In the turn of control that goes on.
    overrides: u32,
    /// The session's end was told of; there is one.
    has_ended: bool,
    /// So many of the first are being reported.
    under_way: usize,
    /// So many of the first may be on record already: they are reported again as they were, under the same key.
    tried: Option<usize>,
    failures: u32,
    /// Not before.
    again_at: Option<Instant>,
}

/// Facts that are reported together.
pub(super) struct Report {
    /// Of the first one's number: told again, they are on record once.
    pub(super) key: Uuid,
    pub(super) facts: Vec<SupportFact>,
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
        match fact {
            Fact::LocalOverride => self.overrides = self.overrides.saturating_add(1),
            Fact::ControlEnded { .. } => self.tell_overrides(),
            Fact::Ended(_) if std::mem::replace(&mut self.has_ended, true) => return,
            _ => {}
        }
        if let Some(fact) = reported(fact) {
            self.wait(fact);
        }
    }

    /// One for each turn: a restless hand takes no room from other facts.
    fn tell_overrides(&mut self) {
        let times = std::mem::take(&mut self.overrides);
        if times > 0 {
            self.wait(SupportFact::LocalOverride { times });
        }
    }

    fn wait(&mut self, fact: SupportFact) {
        if self.waiting.len() >= MOST_WAITING {
            tracing::warn!("a fact of the session is not reported: too many wait");
            if !fact.is_of_end() {
                return;
            }
            // The last, which is not under way: that the session is over is told in any case.
            self.waiting.pop_back();
        }
        self.waiting.push_back(fact);
    }

    /// What to report at this time, if anything; told about by [`Self::told`].
    pub(super) fn next(&mut self, now: Instant) -> Option<Report> {
        let waits = self.again_at.is_some_and(|at| now < at);
        if self.under_way > 0 || waits || self.waiting.is_empty() {
            return None;
        }
        let fit = self.waiting.len().min(MOST_FACTS);
        self.under_way = self.tried.unwrap_or(fit);
        Some(Report {
            key: Uuid::from_u128(u128::from(self.told) + 1),
            facts: self.waiting.iter().take(self.under_way).cloned().collect(),
        })
    }

    pub(super) fn told(&mut self, now: Instant, told: Told) {
        let reported = std::mem::take(&mut self.under_way);
        if told == Told::Later {
            self.tried = Some(reported);
            let doublings = self.failures.min(MOST_DOUBLINGS);
            self.failures += 1;
            self.again_at = Some(now + FIRST_DELAY * 2_u32.pow(doublings));
            return;
        }
        if told == Told::Refused {
            tracing::warn!(reported, "the server takes no record of the session");
        }
        self.waiting.drain(..reported);
        self.told += reported as u64;
        self.tried = None;
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
    use conclave_client::protocol::remote::{EndReason, Turn};

    use super::*;

    fn filled(facts: usize) -> Record {
        let mut record = Record::default();
        (0..facts).for_each(|_| record.push(Fact::InputWithoutControl));
        record
    }

    #[test]
    fn facts_go_in_order_and_not_more_than_fit() {
        let now = Instant::now();
        let mut record = filled(MOST_FACTS);
        record.push(Fact::DiagnosticsSent);

        let first = record.next(now).unwrap();
        assert_eq!(first.facts.len(), MOST_FACTS);
        assert!(record.next(now).is_none());
        record.told(now, Told::Done);

        let second = record.next(now).unwrap();
        assert_eq!(second.facts, [SupportFact::DiagnosticsSent {}]);
        assert_ne!(first.key, second.key);
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
    fn what_may_be_on_record_is_told_again_under_its_key_and_nothing_with_it() {
        let mut now = Instant::now();
        let mut record = filled(2);
        let first = record.next(now).unwrap();
        record.told(now, Told::Later);
        record.push(Fact::DiagnosticsSent);
        now += FIRST_DELAY;

        let again = record.next(now).unwrap();

        assert_eq!((again.key, again.facts), (first.key, first.facts));
        record.told(now, Told::Done);
        let next = record.next(now).unwrap();
        assert_eq!(next.facts, [SupportFact::DiagnosticsSent {}]);
        assert_ne!(next.key, first.key);
    }

    #[test]
    fn how_often_the_person_took_over_is_told_once_for_each_turn() {
        let now = Instant::now();
        let mut record = Record::default();
        let ended = |turn| Fact::ControlEnded {
            turn: Turn(turn),
            injected: 7,
            dropped: 1,
        };
        for _ in 0..5_000 {
            record.push(Fact::LocalOverride);
        }
        assert!(record.is_done());
        record.push(ended(1));
        record.push(ended(2));

        let told = SupportFact::ControlEnded {
            injected: 7,
            dropped: 1,
        };
        let times = 5_000;
        assert_eq!(
            record.next(now).unwrap().facts,
            [SupportFact::LocalOverride { times }, told.clone(), told]
        );
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
