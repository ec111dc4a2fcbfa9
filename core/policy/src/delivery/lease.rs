//! How long somebody may take for what they are asked to do: longer where there is more to carry.

use std::time::Duration;

use super::{LEASE, TAKE_OVER};

/// For a slot to enter: the GroupInfo comes down, and the next one goes up.
pub(super) fn to_enter(group_info: usize) -> Duration {
    let lease = LEASE + 2 * carrying(group_info);
    lease.min(LONGEST_LEASE)
}

/// For a slot of a member: the next GroupInfo goes up.
pub(super) fn to_change(group_info: usize) -> Duration {
    let lease = LEASE + carrying(group_info);
    lease.min(LONGEST_LEASE)
}

/// Until the next member is asked.
pub(super) fn to_take_over(group_info: usize) -> Duration {
    let lease = TAKE_OVER + carrying(group_info);
    lease.min(LATEST_TAKE_OVER)
}

/// As the wire has it.
pub(super) fn millis(lease: Duration) -> u32 {
    u32::try_from(lease.as_millis()).unwrap_or(u32::MAX)
}

/// What is longer than the message of a small group, over a slow network.
fn carrying(bytes: usize) -> Duration {
    let longer = u64::try_from(bytes.saturating_sub(SMALL)).unwrap_or(u64::MAX);
    Duration::from_millis(longer / BYTES_PER_MILLISECOND)
}

/// A GroupInfo of some twenty members.
const SMALL: usize = 64 * 1_024;
/// Two megabits in a second.
const BYTES_PER_MILLISECOND: u64 = 256;
const LONGEST_LEASE: Duration = Duration::from_secs(15);
const LATEST_TAKE_OVER: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_group_gives_more_time_and_a_small_one_none() {
        let millis = |lease: Duration| lease.as_millis();
        assert_eq!(
            (millis(to_enter(20_000)), millis(to_take_over(20_000))),
            (2_000, 300)
        );
        assert_eq!(
            (millis(to_enter(320_000)), millis(to_take_over(320_000))),
            (3_988, 1_294)
        );
        assert_eq!(to_enter(usize::MAX), LONGEST_LEASE);
        assert_eq!(to_take_over(1_024 * 1_024), LATEST_TAKE_OVER);
    }
}
