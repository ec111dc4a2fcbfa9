//! Slows down who submits without need: a few at once are free, more come at a steady pace.

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_protocol::{ParticipantId, Timestamp};

/// What each participant has used up, as the time at which nothing of it is left.
#[derive(Default)]
pub(super) struct Paces {
    used_until: BTreeMap<ParticipantId, Timestamp>,
}

impl Paces {
    /// Charges one submission; `false` where it comes too soon, and costs nothing then.
    pub(super) fn charge(&mut self, participant: ParticipantId, now: Timestamp) -> bool {
        self.used_until.retain(|_, until| now < *until);
        let used = self.used_until.entry(participant).or_insert(now);
        if used.since(now) > PACE * (AT_ONCE - 1) {
            return false;
        }
        *used = used.plus(PACE);
        true
    }
}

/// A phone that changes networks enters a few times in a row.
const AT_ONCE: u32 = 8;
/// Each entrance is a commit that every member processes: some 30 ms of a laptop in a group of 300.
const PACE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn some_at_once_then_one_per_pace() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let somebody = ParticipantId(Uuid::from_u128(1));
        let mut paces = Paces::default();

        let taken =
            |paces: &mut Paces, now| (0..100).filter(|_| paces.charge(somebody, now)).count();

        assert_eq!(taken(&mut paces, at(0)), AT_ONCE as usize);
        assert_eq!(taken(&mut paces, at(6)), 3);
        assert_eq!(taken(&mut paces, at(60)), AT_ONCE as usize);
        assert!(paces.charge(ParticipantId(Uuid::from_u128(2)), at(60)));
    }
}
