//! What the person at the computer holds down: a hand that rests on a key does something too.

use std::time::{Duration, Instant};

use x11rb::protocol::xinput::DeviceId;

use super::Report;
use crate::platform::LocalAct;

#[derive(Default)]
pub(super) struct Hands {
    /// Keys, buttons and fingers, each of its device.
    down: Vec<(DeviceId, LocalAct, u32)>,
    told_at: Option<Instant>,
}

impl Hands {
    pub(super) fn note(&mut self, report: &Report) {
        let it = (report.device, report.act, report.detail);
        match report.down {
            Some(true) if self.down.len() < MOST_DOWN && !self.down.contains(&it) => {
                self.down.push(it);
            }
            Some(false) => self.down.retain(|held| *held != it),
            Some(true) | None => {}
        }
    }

    /// The person's act was told.
    pub(super) fn told(&mut self, now: Instant) {
        self.told_at = Some(now);
    }

    /// What they still do, where that was not told for a while.
    pub(super) fn rest(&mut self, now: Instant) -> Option<LocalAct> {
        let (_, act, _) = *self.down.last()?;
        if now < self.told_again_at(now) {
            return None;
        }
        self.told(now);
        Some(act)
    }

    /// Far off, where nothing is held.
    pub(super) fn told_again_at(&self, now: Instant) -> Instant {
        match self.told_at {
            _ if self.down.is_empty() => now + A_DAY,
            Some(told_at) => told_at + AGAIN_AFTER,
            None => now,
        }
    }
}

/// Sooner than the computer is the technician's again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// No hand has more.
const MOST_DOWN: usize = 256;

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_told_each_second_until_it_is_let_go() {
        let now = Instant::now();
        let mut hands = Hands::default();
        assert_eq!(hands.rest(now), None);

        hands.note(&key(38, true));
        hands.told(now);
        assert_eq!(hands.rest(now + AGAIN_AFTER / 2), None);
        for seconds in 1..4 {
            assert_eq!(hands.rest(now + AGAIN_AFTER * seconds), Some(LocalAct::Key));
        }

        hands.note(&key(39, false));
        assert_eq!(hands.rest(now + AGAIN_AFTER * 4), Some(LocalAct::Key));
        hands.note(&key(38, false));
        assert_eq!(hands.rest(now + AGAIN_AFTER * 9), None);
    }

    #[test]
    fn it_is_bounded() {
        let mut hands = Hands::default();

        (0..2_000).for_each(|code| hands.note(&key(code, true)));

        assert_eq!(hands.down.len(), MOST_DOWN);
    }

    fn key(detail: u32, down: bool) -> Report {
        Report {
            device: 9,
            act: LocalAct::Key,
            detail,
            down: Some(down),
        }
    }
}
