//! The group's roster beside the server's. They differ for a moment whenever somebody comes or goes; a difference
//! that lasts is shown until it ends.

use std::time::Duration;

use super::Difference;
use crate::identity::ParticipantId;

#[derive(Default)]
pub(super) struct Presence {
    /// Ascending; `None` until the server has said who is here.
    server: Option<Vec<ParticipantId>>,
    seen: Difference,
    since: Duration,
    shown: Difference,
}

impl Presence {
    pub(super) fn server_has(&mut self, people: &[ParticipantId]) {
        let mut people = people.to_vec();
        people.sort_unstable();
        people.dedup();
        self.server = Some(people);
    }

    /// A difference to show: a lasting one, or none any more. `group` ascends.
    pub(super) fn settle(&mut self, now: Duration, group: &[ParticipantId]) -> Option<Difference> {
        let server = self.server.as_ref()?;
        let difference = Difference {
            strangers: without(group, server),
            outsiders: without(server, group),
        };
        if difference != self.seen {
            self.seen = difference;
            self.since = now;
        }
        let lasts = now >= self.since + GRACE || self.seen == Difference::default();
        if !lasts || self.seen == self.shown {
            return None;
        }
        self.shown = self.seen.clone();
        Some(self.shown.clone())
    }

    pub(super) fn wake_at(&self) -> Option<Duration> {
        (self.seen != self.shown).then(|| self.since + GRACE)
    }
}

/// Those of `people` who are not among `others`; both ascend.
fn without(people: &[ParticipantId], others: &[ParticipantId]) -> Vec<ParticipantId> {
    let missing = people
        .iter()
        .filter(|person| others.binary_search(person).is_err());
    missing.copied().collect()
}

/// Long enough for a join in a crowd, and for the removal of whoever lost their network.
const GRACE: Duration = Duration::from_secs(15);

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(1_000);

    fn people(numbers: &[u8]) -> Vec<ParticipantId> {
        numbers.iter().map(|n| ParticipantId([*n; 16])).collect()
    }

    #[test]
    fn a_difference_that_lasts_is_shown_once_and_so_is_its_end() {
        let mut presence = Presence::default();
        presence.server_has(&people(&[3, 1]));
        assert!(presence.settle(START, &people(&[1, 2])).is_none());
        assert_eq!(presence.wake_at(), Some(START + GRACE));
        let shown = presence.settle(START + GRACE, &people(&[1, 2])).unwrap();
        assert!(shown.strangers == people(&[2]) && shown.outsiders == people(&[3]));
        assert!(presence.settle(START + GRACE, &people(&[1, 2])).is_none());
        let end = presence.settle(START + GRACE, &people(&[1, 3])).unwrap();
        assert!(end == Difference::default());
    }

    #[test]
    fn somebody_who_comes_or_goes_is_no_difference_yet() {
        let mut presence = Presence::default();
        presence.server_has(&people(&[1, 2]));
        assert!(presence.settle(START, &people(&[1])).is_none());
        assert!(
            presence
                .settle(START + GRACE / 2, &people(&[1, 2]))
                .is_none()
        );
        assert!(
            presence
                .settle(START + GRACE * 2, &people(&[1, 2]))
                .is_none()
        );
    }

    #[test]
    fn a_server_that_has_said_nothing_differs_from_nobody() {
        let mut presence = Presence::default();
        assert!(presence.settle(START + GRACE * 9, &people(&[1])).is_none());
    }
}
