//! Slows down who says something without need: a few at once are free, more come at a steady pace.

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_protocol::{ParticipantId, Timestamp};

/// How much one participant may say.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    pub(super) at_once: u32,
    /// Between two, once those are used up.
    pub(super) every: Duration,
}

/// What each participant has used up, as the time at which nothing of it is left.
pub(super) struct Paces {
    pace: Pace,
    used_until: BTreeMap<ParticipantId, Timestamp>,
}

impl Paces {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            used_until: BTreeMap::new(),
        }
    }

    /// Charges so much; `false` where it comes too soon, and costs nothing then.
    pub(super) fn charge(
        &mut self,
        participant: ParticipantId,
        now: Timestamp,
        units: u32,
    ) -> bool {
        self.used_until.retain(|_, until| now < *until);
        let used = self.used_until.entry(participant).or_insert(now);
        if used.since(now) > self.pace.every * (self.pace.at_once - 1) {
            return false;
        }
        *used = used.plus(self.pace.every * units);
        true
    }

    /// Charges what can't be refused any more, up to a bound.
    pub(super) fn fine(&mut self, participant: ParticipantId, now: Timestamp, units: u32) {
        let used = self.used_until.entry(participant).or_insert(now);
        let longest = now.plus(self.pace.every * MOST_OWED);
        *used = used.plus(self.pace.every * units).min(longest).max(*used);
    }
}

/// What a fine leads to at most.
const MOST_OWED: u32 = 32;

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn some_at_once_then_one_per_pace() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let somebody = ParticipantId(Uuid::from_u128(1));
        let mut paces = Paces::new(Pace {
            at_once: 8,
            every: Duration::from_secs(2),
        });

        let taken =
            |paces: &mut Paces, now| (0..100).filter(|_| paces.charge(somebody, now, 1)).count();

        assert_eq!(taken(&mut paces, at(0)), 8);
        assert_eq!(taken(&mut paces, at(6)), 3);
        assert_eq!(taken(&mut paces, at(60)), 8);
        assert!(paces.charge(ParticipantId(Uuid::from_u128(2)), at(60), 1));
    }

    #[test]
    fn what_weighs_more_is_paid_for_longer() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let somebody = ParticipantId(Uuid::from_u128(1));
        let mut paces = Paces::new(Pace {
            at_once: 8,
            every: Duration::from_secs(2),
        });

        assert!(paces.charge(somebody, at(0), 12));
        assert!(!paces.charge(somebody, at(9), 1));
        assert!(paces.charge(somebody, at(10), 1));
        paces.fine(somebody, at(10), 1_000);
        assert!(!paces.charge(somebody, at(10 + 49), 1));
        assert!(paces.charge(somebody, at(10 + 50), 1));
    }
}
