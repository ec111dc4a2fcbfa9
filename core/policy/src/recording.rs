//! Recordings of support sessions: when one is made, how large it may be, how long it is kept.

use std::time::Duration;

use conclave_protocol::Timestamp;
use conclave_protocol::meeting::DataMode;
use conclave_protocol::support::SupportState;

use crate::decision::{Decision, Reason};
use crate::support::{self, Session, TOLD_WITHIN};

/// In bytes, of one sealed piece.
pub const MOST_PIECE: usize = 1 << 20;
/// Of one recording, with its header.
pub const MOST_PIECES: u32 = 32_769;
/// Of one session: after each change of technician, and each yes that follows a no.
pub const MOST_OF_SESSION: u32 = 64;
/// Recording keys of an organisation, with those before.
pub const MOST_KEYS: u32 = 20;
/// As records about safeguards are kept (45 CFR 164.316(b)(2)(i)): six years.
pub const KEPT_DAYS: u16 = 6 * 365;
pub const MOST_KEPT_DAYS: u16 = 20 * 365;
/// How long somebody who said why gets the pieces of a recording.
pub const PLAYED_WITHIN: Duration = Duration::from_secs(12 * 60 * 60);
/// The longest page of the list.
pub const MOST_LISTED: u32 = 200;

/// How much may be kept, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    pub of_one: u64,
    pub of_organisation: u64,
}

impl Default for Quota {
    fn default() -> Self {
        Self {
            of_one: 8 << 30,
            of_organisation: 256 << 30,
        }
    }
}

/// Whether the agent may begin a recording: of a session in which somebody is helped, where every session is kept. Where it is
/// not, nothing ever begins.
pub fn may_begin(session: &Session, mode: DataMode, now: Timestamp) -> Decision {
    match (mode, support::state(session, now)) {
        (DataMode::Archive, SupportState::Connected { .. }) => Decision::Allow,
        (DataMode::Archive, _) => Decision::Deny(Reason::Expired),
        (DataMode::Conduit | DataMode::Retain, _) => Decision::Deny(Reason::SwitchedOff),
    }
}

/// Whether the agent may still add to a recording, or end it.
pub fn may_add(session: &Session, now: Timestamp) -> Decision {
    match support::state(session, now) {
        SupportState::Connected { .. } => Decision::Allow,
        SupportState::Ended { at, .. } => {
            Decision::when(now.since(at) < TOLD_WITHIN, Reason::Expired)
        }
        SupportState::Waiting | SupportState::Expired => Decision::Deny(Reason::NotAdmitted),
    }
}

/// When a recording that ends at this moment is deleted.
pub fn kept_until(days: u16, ended: Timestamp) -> Timestamp {
    ended.plus(Duration::from_secs(u64::from(days) * 24 * 60 * 60))
}

#[cfg(test)]
mod tests {
    use conclave_protocol::AccountId;
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_000_000_000_000);

    fn session(connected: bool, ended: Option<Timestamp>) -> Session {
        Session {
            technician: AccountId(Uuid::from_u128(1)),
            opened_at: NOW,
            connected_at: connected.then_some(NOW),
            ended_at: ended,
        }
    }

    // Shows: REQ-MODE-03, REQ-MODE-04.
    #[test]
    fn a_recording_begins_where_every_session_is_kept_and_while_somebody_is_helped() {
        let helped = session(true, None);
        for mode in [DataMode::Conduit, DataMode::Retain] {
            let refused = Decision::Deny(Reason::SwitchedOff);
            assert_eq!(may_begin(&helped, mode, NOW), refused, "{mode:?}");
        }
        let archive = DataMode::Archive;
        assert_eq!(may_begin(&helped, archive, NOW), Decision::Allow);
        for other in [session(false, None), session(true, Some(NOW))] {
            assert!(!may_begin(&other, archive, NOW).is_allowed());
        }
    }

    #[test]
    fn what_is_left_is_added_within_an_hour_of_the_end() {
        let over = session(true, Some(NOW));

        assert_eq!(may_add(&session(true, None), NOW), Decision::Allow);
        assert_eq!(may_add(&over, NOW), Decision::Allow);
        let late = Decision::Deny(Reason::Expired);
        assert_eq!(may_add(&over, NOW.plus(TOLD_WITHIN)), late);
        assert!(!may_add(&session(false, None), NOW).is_allowed());
    }
}
