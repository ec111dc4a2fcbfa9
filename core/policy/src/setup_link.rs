//! The one-time link that makes the owner: half an hour, once.

use std::time::Duration;

use conclave_protocol::Timestamp;

use crate::decision::{Decision, Reason};

/// Long enough to walk from the console to a browser.
pub const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// What is on record of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetupLink {
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

impl SetupLink {
    pub fn printed_at(now: Timestamp) -> Self {
        Self {
            expires_at: now.plus(LIFETIME),
            used_at: None,
        }
    }

    pub fn check(self, now: Timestamp) -> Decision {
        if self.used_at.is_some() {
            return Decision::Deny(Reason::Spent);
        }
        Decision::when(now < self.expires_at, Reason::Expired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: Timestamp = Timestamp::from_micros(1_000_000_000);

    #[test]
    fn a_link_works_for_half_an_hour() {
        let link = SetupLink::printed_at(PRINTED);
        let minutes = |m: u64| PRINTED.plus(Duration::from_secs(m * 60));

        assert_eq!(link.check(PRINTED), Decision::Allow);
        assert_eq!(link.check(minutes(29)), Decision::Allow);
        assert_eq!(link.check(minutes(30)), Decision::Deny(Reason::Expired));
    }

    #[test]
    fn a_link_works_once() {
        let mut link = SetupLink::printed_at(PRINTED);

        link.used_at = Some(PRINTED);

        assert_eq!(link.check(PRINTED), Decision::Deny(Reason::Spent));
    }
}
