//! What the way to one subscriber carries, and when it is worth trying more.
//!
//! An estimate is made from what is sent. Where video pauses because the estimate is low, little
//! is sent, and the estimate may stay low for ever; so after a while the video is tried. Where
//! losses came in several waves, or a smaller layer is sent after a stall, the engine may hold its
//! estimate where it is, and probe no more; so an estimate that does not move is begun anew. Where
//! most of what is sent is lost, the estimate may stay high all the same; so such a loss bounds
//! what is sent to what arrives.

use std::time::{Duration, Instant};

use crate::delivery::Delivered;
use crate::standstill::Standstill;

#[derive(Default)]
pub(crate) struct Downlink {
    /// In bits per second; unknown until the connection has measured.
    estimate: Option<u64>,
    standstill: Standstill,
    /// A test client's own bound.
    cap: Option<u64>,
    /// What arrived when much was lost, and more as long as little is.
    goodput: Option<u64>,
    /// Much was lost the last time too: a moment without radio is no congestion.
    was_heavy: bool,
    /// In bits per second: what is sent, and what would be if there were room.
    flow: (u64, u64),
    supply: Supply,
    /// How often in a row a trial failed.
    failures: u32,
}

#[derive(Clone, Copy, Default)]
enum Supply {
    #[default]
    Enough,
    /// No video fits, since then.
    Starved(Instant),
    /// One is sent all the same, until then.
    Trial(Instant),
}

/// Longer: who has a wide path after all sees nothing for longer. Shorter: who has a narrow one
/// hears the trials. It doubles with each that fails.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(32);
/// Congestion and not the radio, whose losses retransmission makes up for.
const HEAVY_LOSS: f64 = 0.4;
const LIGHT_LOSS: f64 = 0.2;
/// An estimator needs some round trips.
const TRIAL: Duration = Duration::from_secs(3);

impl Downlink {
    pub(crate) fn estimated(&mut self, bitrate: u64) {
        if self.estimate.replace(bitrate) != Some(bitrate) {
            self.standstill.interrupt();
        }
    }

    /// `None` lifts it.
    pub(crate) fn set_cap(&mut self, cap: Option<u64>) {
        self.cap = cap;
    }

    /// In bits per second, `current` is sent, and `desired` would be if there were room. Where to
    /// begin the estimate anew, if that is due: at what it stands.
    pub(crate) fn set_flow(&mut self, now: Instant, current: u64, desired: u64) -> Option<u64> {
        self.flow = (current, desired);
        if current >= desired {
            self.standstill.end();
            return None;
        }
        let keeps_back = |estimate: &u64| self.capacity() == Some(*estimate) && !self.was_heavy;
        let Some(estimate) = self.estimate.filter(keeps_back) else {
            self.standstill.interrupt();
            return None;
        };
        self.standstill.is_too_long(now).then_some(estimate)
    }

    /// Media went out and were reported about. True: what may be sent has changed.
    pub(crate) fn delivered(&mut self, delivered: Delivered) -> bool {
        let before = self.goodput;
        let is_heavy = delivered.loss >= HEAVY_LOSS;
        if std::mem::replace(&mut self.was_heavy, is_heavy) && is_heavy {
            let arrived = (delivered.bitrate as f64 * (1.0 - delivered.loss)) as u64;
            self.goodput = Some(before.map_or(arrived, |before| before.min(arrived)));
        } else if delivered.loss < LIGHT_LOSS {
            // What got through can be exceeded, until the estimate alone counts again.
            let more = |before: u64| before.max(delivered.bitrate) / 2 * 3;
            let bounds = |more: &u64| self.estimate.is_none_or(|estimate| *more < estimate);
            self.goodput = before.map(more).filter(bounds);
        }
        self.goodput != before
    }

    /// What is sent, and what would be if there were room.
    pub(crate) fn flow(&self) -> (u64, u64) {
        self.flow
    }

    /// Whether to send one video that the estimate does not allow. `starved`: it allows none;
    /// `needed`: what the one takes with the audio, in bits per second.
    pub(crate) fn tries(&mut self, now: Instant, starved: bool, needed: u64) -> bool {
        let may_try = self.cap.is_none_or(|cap| needed <= cap);
        if !starved || !may_try {
            self.supply = Supply::Enough;
            if !starved {
                self.failures = 0;
            }
            return false;
        }
        match self.supply {
            Supply::Enough => self.supply = Supply::Starved(now),
            Supply::Starved(since) if now >= since + self.wait() => {
                self.supply = Supply::Trial(now + TRIAL);
            }
            Supply::Trial(until) if now >= until => {
                self.failures += 1;
                self.supply = Supply::Starved(now);
            }
            Supply::Starved(_) | Supply::Trial(_) => {}
        }
        matches!(self.supply, Supply::Trial(_))
    }

    fn wait(&self) -> Duration {
        let doublings = self.failures.min(16);
        FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT)
    }

    /// What may be sent; unknown means enough.
    pub(crate) fn capacity(&self) -> Option<u64> {
        let bounds = [self.estimate, self.cap, self.goodput];
        bounds.into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_of_estimate_and_cap_counts() {
        let mut downlink = Downlink::default();
        assert_eq!(downlink.capacity(), None);

        downlink.estimated(1_000_000);
        downlink.set_cap(Some(200_000));
        assert_eq!(downlink.capacity(), Some(200_000));

        downlink.set_cap(None);
        assert_eq!(downlink.capacity(), Some(1_000_000));
    }

    #[test]
    fn heavy_loss_bounds_what_is_sent_to_what_arrives() {
        let mut downlink = Downlink::default();
        downlink.estimated(1_000_000);

        assert!(!downlink.delivered(delivered(400_000, 0.3)));
        assert!(!downlink.delivered(delivered(400_000, 0.75)));
        assert!(downlink.delivered(delivered(400_000, 0.75)));

        assert_eq!(downlink.capacity(), Some(100_000));
    }

    #[test]
    fn what_gets_through_lifts_the_bound_until_the_estimate_counts() {
        let mut downlink = Downlink::default();
        downlink.estimated(1_000_000);
        downlink.delivered(delivered(400_000, 0.75));
        downlink.delivered(delivered(400_000, 0.75));

        downlink.delivered(delivered(300_000, 0.0));
        assert_eq!(downlink.capacity(), Some(450_000));
        downlink.delivered(delivered(400_000, 0.0));
        downlink.delivered(delivered(400_000, 0.0));

        assert_eq!(downlink.capacity(), Some(1_000_000));
    }

    fn delivered(bitrate: u64, loss: f64) -> Delivered {
        Delivered { bitrate, loss }
    }

    #[test]
    fn a_starved_subscriber_is_tried_after_a_while_and_more_and_more_seldom() {
        let start = crate::test_time::start();
        let mut downlink = Downlink::default();
        let mut trials = Vec::new();
        let mut was_trial = false;

        for second in 0..120 {
            let is_trial = downlink.tries(start + Duration::from_secs(second), true, 1);
            if is_trial && !was_trial {
                trials.push(second);
            }
            was_trial = is_trial;
        }

        assert_eq!(trials, [2, 9, 20, 39, 74, 109]);
    }

    #[test]
    fn a_trial_that_helps_begins_afresh() {
        let start = crate::test_time::start();
        let mut downlink = Downlink::default();
        for second in 0..30 {
            downlink.tries(start + Duration::from_secs(second), true, 1);
        }

        assert!(!downlink.tries(start + Duration::from_secs(30), false, 1));

        assert!(!downlink.tries(start + Duration::from_secs(31), true, 1));
        assert!(downlink.tries(start + Duration::from_secs(33), true, 1));
    }

    #[test]
    fn an_estimate_that_keeps_something_back_and_does_not_move_is_begun_anew() {
        let mut downlink = Downlink::default();
        downlink.estimated(1_000_000);

        assert_eq!(begun_anew(&mut downlink, 0..8), [(6, 1_000_000)]);

        downlink.estimated(1_050_000);
        assert_eq!(begun_anew(&mut downlink, 8..24), [(20, 1_050_000)]);
    }

    #[test]
    fn what_an_estimate_does_not_keep_back_does_not_begin_it_anew() {
        let estimated = |bitrate| {
            let mut downlink = Downlink::default();
            downlink.estimated(bitrate);
            downlink
        };
        let mut capped = estimated(1_000_000);
        capped.set_cap(Some(400_000));
        let mut lossy = estimated(1_000_000);
        lossy.delivered(delivered(300_000, 0.75));

        for mut downlink in [Downlink::default(), capped, lossy] {
            assert_eq!(begun_anew(&mut downlink, 0..60), []);
        }
        let mut enough = estimated(1_300_000);
        let start = crate::test_time::start();
        let anew = (0..60).find_map(|second| {
            let now = start + Duration::from_secs(second);
            enough.set_flow(now, 1_200_000, 1_200_000)
        });
        assert_eq!(anew, None);
    }

    /// In which seconds, and at what, where 300 kbit/s of 1.2 Mbit/s are sent.
    fn begun_anew(downlink: &mut Downlink, seconds: std::ops::Range<u64>) -> Vec<(u64, u64)> {
        let start = crate::test_time::start();
        let anew = seconds.filter_map(|second| {
            let now = start + Duration::from_secs(second);
            Some((second, downlink.set_flow(now, 300_000, 1_200_000)?))
        });
        anew.collect()
    }

    #[test]
    fn a_cap_is_not_tried() {
        let start = crate::test_time::start();
        let mut downlink = Downlink::default();
        downlink.set_cap(Some(100));

        let tried =
            (0..60).any(|second| downlink.tries(start + Duration::from_secs(second), true, 101));

        assert!(!tried);
    }
}
