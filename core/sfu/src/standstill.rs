//! An estimate that keeps something back and has not moved for so long that something may hold it.

use std::time::{Duration, Instant};

/// When to begin the estimate anew.
pub(crate) struct Standstill {
    since: Option<Instant>,
    /// It doubles each time, until nothing is kept back any more: a narrow line has good reasons.
    patience: Duration,
}

/// Where less is sent than is estimated, an engine that is free to probe does so every 5 seconds.
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
    /// Nothing is kept back.
    pub(crate) fn end(&mut self) {
        *self = Self::default();
    }

    /// It moved, or something else than it keeps back what is wanted.
    pub(crate) fn interrupt(&mut self) {
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
    fn it_is_begun_anew_less_and_less_often_until_nothing_is_kept_back() {
        let mut standstill = Standstill::default();

        let often = begun_anew(&mut standstill, 0..240);
        assert_eq!(often, [6, 18, 42, 90, 150, 210]);

        standstill.end();
        assert_eq!(begun_anew(&mut standstill, 240..250), [246]);
    }

    #[test]
    fn one_that_moves_has_its_time_again_and_no_other_patience() {
        let mut standstill = Standstill::default();
        assert_eq!(begun_anew(&mut standstill, 0..8), [6]);

        standstill.interrupt();

        assert_eq!(begun_anew(&mut standstill, 8..24), [20]);
    }

    fn begun_anew(standstill: &mut Standstill, seconds: std::ops::Range<u64>) -> Vec<u64> {
        let start = start();
        let too_long = |second: &u64| {
            let now = start + Duration::from_secs(*second);
            standstill.is_too_long(now)
        };
        seconds.filter(too_long).collect()
    }
}
