//! Which codes of an authenticator program are good at a moment (RFC 6238), each once.

use conclave_protocol::Timestamp;

/// A step's number: half-minutes since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(pub u64);

/// RFC 6238, 5.2: the recommended one.
pub const SECONDS: u64 = 30;

/// Steps before and after the present one: clocks differ, and people type slowly (RFC 6238, 5.2).
const SKEW: u64 = 1;

impl Step {
    pub fn at(now: Timestamp) -> Self {
        let seconds = u64::try_from(now.as_micros() / 1_000_000).unwrap_or(0);
        Self(seconds / SECONDS)
    }

    /// Its first second since 1970.
    pub fn begins(self) -> u64 {
        self.0.saturating_mul(SECONDS)
    }
}

/// The steps whose codes are good: near `now`, and later than the last one that was used.
pub fn acceptable(now: Timestamp, last_used: Option<Step>) -> impl Iterator<Item = Step> {
    let Step(present) = Step::at(now);
    let near = present.saturating_sub(SKEW)..=present.saturating_add(SKEW);
    near.map(Step)
        .filter(move |step| last_used.is_none_or(|used| *step > used))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(seconds: i64, last: Option<u64>) -> Vec<u64> {
        let now = Timestamp::from_micros(seconds * 1_000_000);
        acceptable(now, last.map(Step)).map(|Step(n)| n).collect()
    }

    #[test]
    fn a_code_is_good_a_step_early_and_a_step_late() {
        assert_eq!(steps(300, None), [9, 10, 11]);
        assert_eq!(steps(329, None), [9, 10, 11]);
        assert_eq!(steps(330, None), [10, 11, 12]);
    }

    // Shows: ABUSE-08.
    #[test]
    fn no_code_is_good_twice_nor_after_a_later_one() {
        assert_eq!(steps(300, Some(9)), [10, 11]);
        assert_eq!(steps(300, Some(11)), [0; 0]);
    }
}
