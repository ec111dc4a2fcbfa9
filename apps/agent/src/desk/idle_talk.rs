//! How often what viewers say without having been sent anything turns the broadcast: some times at once, then at an even pace.

use std::time::{Duration, Instant};

#[derive(Default)]
pub(super) struct IdleTalk {
    /// When all turns that it made would be over at the even pace.
    due: Option<Instant>,
}

impl IdleTalk {
    /// It made one more turn. Until then, if at all, what viewers say has to wait.
    pub(super) fn turned(&mut self, now: Instant) -> Option<Instant> {
        let due = self.due.map_or(now, |due| due.max(now)) + EVERY;
        // However long a flood lasts, who has something to say afterwards waits for one turn.
        let due = due.min(now + (AT_ONCE + 1) * EVERY);
        self.due = Some(due);
        let next = due.checked_sub(AT_ONCE * EVERY)?;
        (now < next).then_some(next)
    }
}

/// As often as the screen is looked at: where it changes all the time, a flood costs no more than that does.
const EVERY: Duration = Duration::from_millis(16);
/// A page that was loaded again asks for everything, of each monitor, and answers what went to the one before it.
const AT_ONCE: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_turns_at_an_even_pace_and_what_comes_now_and_then_at_once() {
        let start = Instant::now();
        let mut talk = IdleTalk::default();
        let mut now = start;
        let turns = std::iter::from_fn(|| {
            now = talk.turned(now).unwrap_or(now);
            (now < start + Duration::from_secs(1)).then_some(now)
        });

        let turns = turns.take(10_000).count();

        assert!((60..=80).contains(&turns), "{turns}");
        let flooded = (0..10_000).filter_map(|_| talk.turned(now)).max();
        assert_eq!(flooded, Some(now + EVERY));
        let later = start + Duration::from_secs(2);
        for _ in 0..AT_ONCE {
            assert_eq!(talk.turned(later), None);
        }
        assert_eq!(talk.turned(later), Some(later + EVERY));
    }
}
