//! How many data packets a participant sends: a page that floods a meeting is heard as often as one that writes fast.

use std::time::{Duration, Instant};

/// When the next packet is due, at an even pace.
#[derive(Default)]
pub(crate) struct DataPace(Option<Instant>);

impl DataPace {
    pub(crate) fn admits(&mut self, now: Instant) -> bool {
        let due = self.0.filter(|due| *due > now).unwrap_or(now);
        if due.saturating_duration_since(now) >= AT_ONCE {
            return false;
        }
        self.0 = Some(due + EVERY);
        true
    }
}

/// Five hundred in a second: more than a cursor or a file in pieces needs. Each is forwarded to everybody in the room.
const EVERY: Duration = Duration::from_millis(2);
/// A thousand at once.
const AT_ONCE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_comes_at_an_even_pace() {
        let start = crate::test_time::start();
        let mut pace = DataPace::default();
        let mut admitted = |at| (0..10_000).filter(|_| pace.admits(start + at)).count();

        assert_eq!(admitted(Duration::ZERO), 1_000);
        assert_eq!(admitted(Duration::from_secs(1)), 500);
        assert_eq!(admitted(Duration::from_secs(60)), 1_000);
    }
}
