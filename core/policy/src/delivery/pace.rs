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

    /// Charges one; `false` where it comes too soon, and costs nothing then.
    pub(super) fn charge(&mut self, participant: ParticipantId, now: Timestamp) -> bool {
        self.used_until.retain(|_, until| now < *until);
        let used = self.used_until.entry(participant).or_insert(now);
        if used.since(now) > self.pace.every * (self.pace.at_once - 1) {
            return false;
        }
        *used = used.plus(self.pace.every);
        true
    }
}

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
            |paces: &mut Paces, now| (0..100).filter(|_| paces.charge(somebody, now)).count();

        assert_eq!(taken(&mut paces, at(0)), 8);
        assert_eq!(taken(&mut paces, at(6)), 3);
        assert_eq!(taken(&mut paces, at(60)), 8);
        assert!(paces.charge(ParticipantId(Uuid::from_u128(2)), at(60)));
    }
}
