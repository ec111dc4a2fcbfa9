//! The group's roster beside the server's. They differ for a moment whenever somebody comes or goes; a difference
//! that lasts is shown until it ends.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Difference;
use crate::identity::ParticipantId;

#[derive(Default)]
pub(super) struct Presence {
    /// Ascending. Nobody, until the server has said who is here: its silence hides people too.
    server: Vec<ParticipantId>,
    /// Since when each is in one roster only: others who come and go don't begin it anew.
    since: BTreeMap<(Side, ParticipantId), Duration>,
    shown: Difference,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Stranger,
    Outsider,
}

impl Presence {
    pub(super) fn server_has(&mut self, people: &[ParticipantId]) {
        self.server = people.to_vec();
        self.server.sort_unstable();
        self.server.dedup();
    }

    /// A difference to show: a lasting one, or none any more. `group` ascends.
    pub(super) fn settle(&mut self, now: Duration, group: &[ParticipantId]) -> Option<Difference> {
        self.compare(now, group);
        let lasting = |side: Side| {
            let of_side = self.since.iter().filter(move |((its, _), _)| *its == side);
            let lasting = of_side.filter(|(_, since)| now >= **since + GRACE);
            lasting.map(|((_, who), _)| *who).collect()
        };
        let difference = Difference {
            strangers: lasting(Side::Stranger),
            outsiders: lasting(Side::Outsider),
        };
        if difference == self.shown {
            return None;
        }
        self.shown = difference;
        Some(self.shown.clone())
    }

    pub(super) fn wake_at(&self) -> Option<Duration> {
        let unshown = self.since.iter().filter(|((side, who), _)| {
            let shown = match side {
                Side::Stranger => &self.shown.strangers,
                Side::Outsider => &self.shown.outsiders,
            };
            shown.binary_search(who).is_err()
        });
        unshown.map(|(_, since)| *since + GRACE).min()
    }

    fn compare(&mut self, now: Duration, group: &[ParticipantId]) {
        let strangers = without(group, &self.server);
        let outsiders = without(&self.server, group);
        let strangers = strangers.into_iter().map(|who| (Side::Stranger, who));
        let outsiders = outsiders.into_iter().map(|who| (Side::Outsider, who));
        let before = std::mem::take(&mut self.since);
        self.since = strangers
            .chain(outsiders)
            .map(|of| (of, before.get(&of).copied().unwrap_or(now)))
            .collect();
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
    fn others_who_come_and_go_do_not_hide_a_difference() {
        let mut presence = Presence::default();
        for second in 0..15 {
            let visitor = 10 + u8::try_from(second % 2).unwrap();
            presence.server_has(&people(&[1, visitor]));
            let now = START + Duration::from_secs(second);
            assert!(presence.settle(now, &people(&[1, 2])).is_none());
        }
        let shown = presence.settle(START + GRACE, &people(&[1, 2])).unwrap();
        assert!(shown.strangers == people(&[2]));
    }

    #[test]
    fn a_server_that_says_nothing_hides_everybody() {
        let mut presence = Presence::default();
        assert!(presence.settle(START, &people(&[1, 2])).is_none());
        let shown = presence.settle(START + GRACE, &people(&[1, 2])).unwrap();
        assert!(shown.strangers == people(&[1, 2]));
    }
}
