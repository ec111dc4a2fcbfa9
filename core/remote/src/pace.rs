//! A token bucket: so many at once, and then at an even pace.

use std::time::{Duration, Instant};

pub(crate) struct Pace {
    every: Duration,
    at_once: Duration,
    /// When all that was admitted would be done at the even pace.
    due: Option<Instant>,
}

impl Pace {
    /// One for `every`, and a burst of `at_once` of them.
    pub(crate) const fn new(every: Duration, at_once: u32) -> Self {
        Self {
            every,
            at_once: every.saturating_mul(at_once.saturating_sub(1)),
            due: None,
        }
    }

    pub(crate) fn admits(&mut self, now: Instant, cost: u32) -> bool {
        let due = self.due.map_or(now, |due| due.max(now));
        if due.saturating_duration_since(now) > self.at_once {
            return false;
        }
        self.due = Some(due + self.every.saturating_mul(cost));
        true
    }

    /// When the next is admitted at the latest.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.due.and_then(|due| due.checked_sub(self.at_once))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_comes_at_an_even_pace() {
        let start = crate::scene::start();
        let mut pace = Pace::new(Duration::from_millis(10), 20);
        let mut admitted = |at| (0..1_000).filter(|_| pace.admits(start + at, 1)).count();

        assert_eq!(admitted(Duration::ZERO), 20);
        assert_eq!(admitted(Duration::from_secs(1)), 20);
        assert_eq!(admitted(Duration::from_millis(1_050)), 5);
    }

    #[test]
    fn it_says_when_the_next_is_admitted() {
        let start = crate::scene::start();
        let mut pace = Pace::new(Duration::from_millis(10), 2);
        while pace.admits(start, 3) {}

        let next = pace.next().unwrap();

        assert!(!pace.admits(next - Duration::from_nanos(1), 1));
        assert!(pace.admits(next, 1));
    }
}
