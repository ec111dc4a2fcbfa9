//! How long a watch waits for what ends next.

use std::time::Duration;

use conclave_protocol::Timestamp;

/// Between two looks: a store that can't be read is asked again after it.
const LONGEST: Duration = Duration::from_secs(60);
/// One that can't be written is not asked all the time.
const SHORTEST: Duration = Duration::from_secs(1);

/// `None` where nothing ends, as far as is known.
pub(crate) fn patience(now: Timestamp, next: Option<Timestamp>) -> Duration {
    let until = next.map_or(LONGEST, |at| at.since(now));
    until.clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_end_is_waited_for_within_bounds() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);

        assert_eq!(patience(at(0), Some(at(30))), Duration::from_secs(30));
        assert_eq!(patience(at(0), Some(at(3_600))), LONGEST);
        assert_eq!(patience(at(9), Some(at(3))), SHORTEST);
        assert_eq!(patience(at(0), None), LONGEST);
    }
}
