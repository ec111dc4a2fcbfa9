//! How much a video may take, by what the server says of how it arrives.

use std::time::Duration;

pub(super) struct Rate {
    /// In kilobits a second.
    now: u32,
    /// What was told last.
    told: u32,
    quickest: Option<Duration>,
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            now: FIRST,
            told: FIRST,
            quickest: None,
        }
    }
}

impl Rate {
    /// In kilobits a second: a film is good with it, and beyond that tiles would do.
    pub(super) const MOST: u32 = 6_000;

    /// Of about a second. What it is from then on, where that is worth telling. Where nothing is reported nothing is known.
    pub(super) fn report(
        &mut self,
        loss: Option<f32>,
        round_trip: Option<Duration>,
    ) -> Option<u32> {
        let loss = loss?;
        let is_late = round_trip.is_some_and(|it| self.is_late(it));
        if loss > MUCH_LOST || is_late {
            self.now = (self.now * 7 / 10).max(LEAST);
        } else if loss < LITTLE_LOST {
            self.now = (self.now * 108 / 100).min(Self::MOST);
        }
        let is_worth = self.now.abs_diff(self.told) * 10 >= self.told;
        let is_end = self.now != self.told && [LEAST, Self::MOST].contains(&self.now);
        (is_worth || is_end).then(|| {
            self.told = self.now;
            self.now
        })
    }

    /// What is sent waits on its way for what was sent before.
    fn is_late(&mut self, round_trip: Duration) -> bool {
        // It rises little by little: the way may have become a longer one.
        let longer = |it: Duration| it + round_trip.saturating_sub(it) / 32;
        let quickest = self
            .quickest
            .map_or(round_trip, |it| round_trip.min(longer(it)));
        self.quickest = Some(quickest);
        round_trip > quickest + LONGEST_WAIT
    }
}

/// As the desk begins.
const FIRST: u32 = 2_500;
/// A film of some kind is seen with it.
const LEAST: u32 = 300;
const MUCH_LOST: f32 = 0.1;
const LITTLE_LOST: f32 = 0.02;
/// Longer, and what the technician sees is not what they point at.
const LONGEST_WAIT: Duration = Duration::from_millis(150);

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(round_trip: u64) -> Option<Duration> {
        Some(Duration::from_millis(round_trip))
    }

    #[test]
    fn what_is_lost_or_late_lowers_it_to_the_least() {
        for (loss, round_trip) in [(0.2, ms(20)), (0.0, ms(400))] {
            let mut rate = Rate::default();
            rate.report(Some(0.0), ms(20));
            let mut told = Vec::new();
            for _ in 0..20 {
                told.extend(rate.report(Some(loss), round_trip));
            }
            assert!(told.is_sorted_by(|one, next| one > next), "{told:?}");
            assert_eq!(told.last(), Some(&LEAST));
        }
    }

    #[test]
    fn what_arrives_raises_it_step_by_step_to_the_most() {
        let mut rate = Rate::default();
        let told: Vec<u32> = (0..40)
            .filter_map(|_| rate.report(Some(0.0), ms(20)))
            .collect();

        assert!(told.is_sorted_by(|one, next| one < next), "{told:?}");
        assert!(told[0] < FIRST * 13 / 10 && told.len() < 12, "{told:?}");
        assert_eq!(told.last(), Some(&Rate::MOST));
    }

    #[test]
    fn a_way_that_has_become_longer_is_not_late_for_ever() {
        let mut rate = Rate::default();
        rate.report(Some(0.0), ms(20));
        for _ in 0..120 {
            rate.report(Some(0.0), ms(400));
        }

        assert_eq!(rate.now, Rate::MOST);
    }

    #[test]
    fn where_little_is_lost_or_nothing_said_it_stays() {
        let mut rate = Rate::default();

        assert_eq!(rate.report(Some(0.05), ms(20)), None);
        assert_eq!(rate.report(None, ms(9_000)), None);
    }
}
