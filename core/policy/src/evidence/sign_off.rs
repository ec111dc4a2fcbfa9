//! For how long something is good that somebody of an organisation signed.

use std::time::Duration;

use conclave_protocol::Timestamp;
use conclave_protocol::evidence::DecisionChoice;

use super::register::claim;

/// A decision of the organisation, as far as it bears on a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignOff {
    pub choice: DecisionChoice,
    pub at: Timestamp,
    /// When somebody has to sign anew; absent where it is good until it is replaced.
    pub due: Option<Timestamp>,
}

impl SignOff {
    pub(super) fn is_past_due(self, now: Timestamp) -> bool {
        self.due.is_some_and(|due| due <= now)
    }
}

/// When somebody has to sign anew who signed at `at` and said nothing of it.
pub fn usual_due(at: Timestamp) -> Timestamp {
    at.plus(SIGNED_FOR)
}

/// When something is due that was signed before anybody could say so: a claim as usual, and a row when it is replaced.
pub fn due_of_before(subject: &str, at: Timestamp) -> Option<Timestamp> {
    claim(subject).map(|_| usual_due(at))
}

/// Whether somebody may say at `now` that it is due then.
pub fn may_be_due(now: Timestamp, due: Timestamp) -> bool {
    now < due && due.since(now) <= SIGNED_FOR
}

/// A year, and the most: 45 CFR 164.308(a)(8) asks for evaluation from time to time.
pub const SIGNED_FOR: Duration = Duration::from_secs(366 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    #[test]
    fn something_is_due_within_a_year() {
        assert!(may_be_due(NOW, usual_due(NOW)));
        assert!(!may_be_due(NOW, NOW));
        let late = usual_due(NOW).plus(Duration::from_secs(1));
        assert!(!may_be_due(NOW, late));
    }

    #[test]
    fn of_what_was_signed_before_claims_are_due_in_a_year_and_rows_are_not() {
        let of_claim = due_of_before("organisation.incidents", NOW);
        assert_eq!(of_claim, Some(usual_due(NOW)));
        assert_eq!(due_of_before("164.312.a.2.iii", NOW), None);
    }
}
