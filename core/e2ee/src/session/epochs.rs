//! Which epoch to send with, and which to receive with.
//!
//! After a commit that removes somebody, senders switch at once. Otherwise they wait until everybody can follow,
//! but no longer than a second, so that no frame is lost. An epoch that ended can be received for ten seconds
//! more, and not longer: its keys are in the hands of whoever was removed.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// The epochs of one group.
#[derive(Default)]
pub(super) struct Epochs {
    sending: Option<u64>,
    coming: Option<Coming>,
    /// When each open epoch closes; the present one doesn't.
    open: BTreeMap<u64, Option<Duration>>,
    closed: VecDeque<u64>,
}

#[derive(Clone, Copy)]
struct Coming {
    epoch: u64,
    at: Duration,
}

/// Whether anybody may still be in the epoch before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Haste {
    /// Somebody was removed, or nobody else is there.
    AtOnce,
    WhenAllFollow,
}

impl Epochs {
    pub(super) fn enter(&mut self, now: Duration, epoch: u64, haste: Haste) {
        for closes in self.open.values_mut() {
            closes.get_or_insert(now + RECEIVE_AFTER_END);
        }
        self.open.insert(epoch, None);
        self.close_beyond_bound();
        match haste {
            Haste::AtOnce => self.send(epoch),
            Haste::WhenAllFollow => {
                let at = self.coming.map_or(now + LONGEST_WAIT, |coming| coming.at);
                self.coming = Some(Coming { epoch, at });
            }
        }
    }

    /// Every member can receive `epoch`.
    pub(super) fn all_follow(&mut self, epoch: u64) {
        if self.coming.is_some_and(|coming| coming.epoch == epoch) {
            self.send(epoch);
        }
    }

    pub(super) fn handle_timeout(&mut self, now: Duration) {
        if let Some(coming) = self.coming.filter(|coming| coming.at <= now) {
            self.send(coming.epoch);
        }
        let due = |closes: &Option<Duration>| closes.is_some_and(|at| at <= now);
        let ended = self.open.iter().filter(|(_, closes)| due(closes));
        for epoch in ended.map(|(epoch, _)| *epoch).collect::<Vec<_>>() {
            self.close(epoch);
        }
    }

    pub(super) fn wake_at(&self) -> Option<Duration> {
        let closes = self.open.values().flatten().copied();
        closes.chain(self.coming.map(|coming| coming.at)).min()
    }

    /// Out of the group, perhaps for a moment: nothing is sent, but the last frames still arrive.
    pub(super) fn fall_behind(&mut self, now: Duration) {
        self.sending = None;
        self.coming = None;
        for closes in self.open.values_mut() {
            closes.get_or_insert(now + RECEIVE_AFTER_END);
        }
    }

    /// The group is over.
    pub(super) fn close_all(&mut self) {
        self.sending = None;
        self.coming = None;
        while let Some((epoch, _)) = self.open.pop_first() {
            self.closed.push_back(epoch);
        }
    }

    /// What senders use; `None` sends nothing.
    pub(super) fn sending(&self) -> Option<u64> {
        self.sending
    }

    pub(super) fn is_open(&self, epoch: u64) -> bool {
        self.open.contains_key(&epoch)
    }

    /// The next epoch whose keys have to go.
    pub(super) fn poll_closed(&mut self) -> Option<u64> {
        self.closed.pop_front()
    }

    fn send(&mut self, epoch: u64) {
        self.coming = None;
        self.sending = Some(epoch);
    }

    fn close(&mut self, epoch: u64) {
        self.open.remove(&epoch);
        self.closed.push_back(epoch);
    }

    fn close_beyond_bound(&mut self) {
        while self.open.len() > MOST_OPEN_EPOCHS {
            let oldest = self.open.first_key_value().map(|(epoch, _)| *epoch);
            oldest.into_iter().for_each(|epoch| self.close(epoch));
        }
    }
}

/// Longer exposes more to the removed; shorter loses frames that were on the way.
const RECEIVE_AFTER_END: Duration = Duration::from_secs(10);
/// A member that takes longer misses frames rather than delaying everybody.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// As many as the opener holds in a storm of joins.
const MOST_OPEN_EPOCHS: usize = crate::frame::MAX_EPOCHS;

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(1_000);

    fn closed(epochs: &mut Epochs) -> Vec<u64> {
        std::iter::from_fn(|| epochs.poll_closed()).collect()
    }

    fn sending_with_one() -> Epochs {
        let mut epochs = Epochs::default();
        epochs.enter(START, 1, Haste::AtOnce);
        assert_eq!(epochs.sending(), Some(1));
        epochs
    }

    #[test]
    fn a_removal_switches_senders_at_once() {
        let mut epochs = sending_with_one();
        epochs.enter(START, 2, Haste::AtOnce);
        assert_eq!(epochs.sending(), Some(2));
    }

    #[test]
    fn a_join_switches_senders_when_all_follow() {
        let mut epochs = sending_with_one();
        epochs.enter(START, 2, Haste::WhenAllFollow);
        epochs.all_follow(1);
        assert_eq!(epochs.sending(), Some(1));
        epochs.all_follow(2);
        assert_eq!(epochs.sending(), Some(2));
    }

    #[test]
    fn a_join_switches_senders_after_a_second_however_many_follow_it() {
        let mut epochs = sending_with_one();
        for (step, epoch) in (2..12).enumerate() {
            let later = Duration::from_millis(90 * u64::try_from(step).unwrap());
            epochs.enter(START + later, epoch, Haste::WhenAllFollow);
        }
        epochs.handle_timeout(START + Duration::from_millis(999));
        assert_eq!(epochs.sending(), Some(1));
        epochs.handle_timeout(START + Duration::from_secs(1));
        assert_eq!(epochs.sending(), Some(11));
    }

    #[test]
    fn an_ended_epoch_is_received_for_ten_seconds_and_no_longer() {
        let mut epochs = sending_with_one();
        epochs.enter(START, 2, Haste::AtOnce);
        epochs.handle_timeout(START + Duration::from_millis(9_999));
        assert!(epochs.is_open(1) && epochs.poll_closed().is_none());
        assert_eq!(epochs.wake_at(), Some(START + Duration::from_secs(10)));
        epochs.handle_timeout(START + Duration::from_secs(10));
        assert_eq!(closed(&mut epochs), [1]);
        assert!(epochs.is_open(2) && epochs.wake_at().is_none());
    }

    #[test]
    fn a_storm_of_epochs_stays_bounded() {
        let mut epochs = sending_with_one();
        (2..1_000).for_each(|epoch| epochs.enter(START, epoch, Haste::WhenAllFollow));
        assert_eq!(epochs.open.len(), MOST_OPEN_EPOCHS);
        assert!(epochs.is_open(999) && !epochs.is_open(1));
    }

    #[test]
    fn whoever_is_out_sends_nothing_and_receives_nothing() {
        let mut epochs = sending_with_one();
        epochs.enter(START, 2, Haste::WhenAllFollow);
        epochs.close_all();
        assert_eq!(closed(&mut epochs), [1, 2]);
        epochs.handle_timeout(START + Duration::from_secs(5));
        assert_eq!(epochs.sending(), None);
    }
}
