//! An estimate that has not moved for so long that something holds it.

use std::time::{Duration, Instant};

/// When to begin the estimate anew.
pub(crate) struct Standstill {
    since: Option<Instant>,
    /// It doubles as long as to begin anew moves nothing.
    patience: Duration,
}

/// An engine that is free to probe does so within 5 seconds, and moves its estimate.
const FIRST_PATIENCE: Duration = Duration::from_secs(6);
const LONGEST_PATIENCE: Duration = Duration::from_secs(60);

impl Default for Standstill {
    fn default() -> Self {
        Self {
            since: None,
            patience: FIRST_PATIENCE,
        }
    }
}

impl Standstill {
    /// It moved.
    pub(crate) fn end(&mut self) {
        *self = Self::default();
    }

    /// It stands where nothing asks it to move.
    pub(crate) fn excuse(&mut self) {
        self.since = None;
    }

    /// It stands where it keeps something back. Whether it has for too long.
    pub(crate) fn is_too_long(&mut self, now: Instant) -> bool {
        let since = *self.since.get_or_insert(now);
        let is_too_long = now >= since + self.patience;
        if is_too_long {
            self.since = Some(now);
            self.patience = (2 * self.patience).min(LONGEST_PATIENCE);
        }
        is_too_long
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_time::start;

    #[test]
    fn it_is_begun_anew_less_and_less_often_while_nothing_moves() {
        let mut standstill = Standstill::default();

        assert_eq!(
            begun_anew(&mut standstill, 0..240),
            [6, 18, 42, 90, 150, 210]
        );

        standstill.end();
        assert_eq!(begun_anew(&mut standstill, 240..250), [246]);
    }

    #[test]
    fn what_stands_with_good_reason_in_between_has_its_time_again() {
        let mut standstill = Standstill::default();
        assert_eq!(begun_anew(&mut standstill, 0..6), [0; 0]);

        standstill.excuse();

        assert_eq!(begun_anew(&mut standstill, 6..13), [12]);
    }

    fn begun_anew(standstill: &mut Standstill, seconds: std::ops::Range<u64>) -> Vec<u64> {
        let too_long = |second: &u64| {
            let now = start() + Duration::from_secs(*second);
            standstill.is_too_long(now)
        };
        seconds.filter(too_long).collect()
    }
}
