//! Who watches the organisation's meetings: a page that asks every few seconds is one look, not thousands.

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_protocol::{MeetingId, Timestamp};
use conclave_store::TokenHash;

/// When each session last began to look at the list, or at one meeting in it.
#[derive(Default)]
pub(crate) struct Watching {
    looks: BTreeMap<([u8; 32], Option<MeetingId>), Timestamp>,
}

impl Watching {
    /// Whether this look is to be recorded. When it is, [`Self::recorded`] says so.
    pub(crate) fn is_due(&self, session: TokenHash, at: Option<MeetingId>, now: Timestamp) -> bool {
        let last = self.looks.get(&(session.0, at));
        last.is_none_or(|last| now.since(*last) >= ONE_LOOK || *last > now)
    }

    pub(crate) fn recorded(&mut self, session: TokenHash, at: Option<MeetingId>, now: Timestamp) {
        if self.looks.len() >= MOST_LOOKS {
            self.looks.retain(|_, last| now.since(*last) < ONE_LOOK);
        }
        // Where still too many are remembered, the next look is recorded again.
        if self.looks.len() < MOST_LOOKS {
            self.looks.insert((session.0, at), now);
        }
    }
}

/// After so long the same look is recorded again.
const ONE_LOOK: Duration = Duration::from_secs(10 * 60);
const MOST_LOOKS: usize = 10_000;

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_look_is_recorded_once_in_ten_minutes_and_for_each_meeting() {
        let mut watching = Watching::default();
        let at = |minutes: u64| Timestamp::from_micros(0).plus(Duration::from_secs(60 * minutes));
        let (amy, meeting) = (TokenHash([1; 32]), MeetingId(Uuid::from_u128(1)));
        watching.recorded(amy, None, at(0));

        assert!(!watching.is_due(amy, None, at(9)));
        assert!(watching.is_due(amy, None, at(10)));
        assert!(watching.is_due(amy, Some(meeting), at(1)));
        assert!(watching.is_due(TokenHash([2; 32]), None, at(1)));
    }
}
