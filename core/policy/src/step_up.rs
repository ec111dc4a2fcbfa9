//! Acts that need proof of who sits there at this very moment, not only of who sat there this morning.

use std::time::Duration;

use conclave_protocol::Timestamp;

use crate::decision::{Decision, Reason};

/// Long enough for one errand. Longer, and a screen that was left open can be taken over.
pub const FRESH_FOR: Duration = Duration::from_secs(10 * 60);

/// Whether somebody who proved who they are at `authenticated_at` may do such an act at `now`.
pub fn is_fresh(authenticated_at: Timestamp, now: Timestamp) -> Decision {
    let fresh = now.since(authenticated_at) < FRESH_FOR;
    Decision::when(fresh, Reason::StepUp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proof_is_fresh_for_ten_minutes() {
        let proved = Timestamp::from_micros(1_000_000_000);
        let after = |seconds| is_fresh(proved, proved.plus(Duration::from_secs(seconds)));

        assert_eq!(after(599), Decision::Allow);
        assert_eq!(after(600), Decision::Deny(Reason::StepUp));
    }
}
