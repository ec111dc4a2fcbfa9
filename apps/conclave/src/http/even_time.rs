//! When it is said that something is not there tells nothing of what was looked up for it.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Longer than either look takes, and too short to be noticed by who mistyped a code.
const SLOT: Duration = Duration::from_millis(20);

/// Waits for the end of the slot that it is, counted from `begun`. What comes after it takes whatever it takes, for both alike.
pub(super) async fn slot_is_over(begun: Instant) {
    sleep_until(begun + end_of_slot(begun.elapsed())).await;
}

fn end_of_slot(passed: Duration) -> Duration {
    let slots = passed.as_nanos() / SLOT.as_nanos() + 1;
    SLOT.saturating_mul(u32::try_from(slots).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: ABUSE-03.
    #[test]
    fn what_takes_a_little_longer_is_answered_at_the_same_time() {
        let millis = Duration::from_millis;
        assert_eq!(end_of_slot(millis(0)), SLOT);
        assert_eq!(end_of_slot(millis(4)), end_of_slot(millis(19)));
        assert_eq!(end_of_slot(millis(20)), millis(40));
    }
}
