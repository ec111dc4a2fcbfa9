//! What the way to one subscriber carries, and when it is worth trying more.
//!
//! An estimate is made from what is sent. Where video pauses because the estimate is low, little
//! is sent, and the estimate may stay low for ever; so after a while the video is tried. Where a
//! smaller layer is sent, the estimate may stand still above what that needs and below what the
//! larger one does, and the engine probes no more; so after a while padding fills what the
//! estimate allows. Where most of what is sent is lost, the estimate may stay high all the same;
//! so such a loss bounds what is sent to what arrives.

use std::time::{Duration, Instant};

use crate::delivery::Delivered;
use crate::trials::Trials;

pub(crate) struct Downlink {
    /// In bits per second; unknown until the connection has measured.
    estimate: Option<u64>,
    /// A test client's own bound.
    cap: Option<u64>,
    /// What arrived when much was lost, and more as long as little is.
    goodput: Option<u64>,
    /// Much was lost the last time too: a moment without radio is no congestion.
    was_heavy: bool,
    /// In bits per second: what is sent, and what would be if there were room.
    flow: (u64, u64),
    /// Of one video where none fits.
    videos: Trials,
    /// Of padding where the estimate stands still.
    padding: Trials,
}

/// Longer: who has a wide path after all sees nothing for longer. Shorter: who has a narrow one
/// hears the trials.
const NO_VIDEO: Duration = Duration::from_secs(2);
/// An engine that probes does so within 5 seconds, and moves the estimate.
const STANDSTILL: Duration = Duration::from_secs(6);
/// Congestion and not the radio, whose losses retransmission makes up for.
const HEAVY_LOSS: f64 = 0.4;
const LIGHT_LOSS: f64 = 0.2;

impl Default for Downlink {
    fn default() -> Self {
        Self {
            estimate: None,
            cap: None,
            goodput: None,
            was_heavy: false,
            flow: (0, 0),
            videos: Trials::new(NO_VIDEO),
            padding: Trials::new(STANDSTILL),
        }
    }
}

impl Downlink {
    pub(crate) fn estimated(&mut self, bitrate: u64) {
        if self.estimate.replace(bitrate) != Some(bitrate) {
            self.padding.succeed();
        }
    }

    /// `None` lifts it.
    pub(crate) fn set_cap(&mut self, cap: Option<u64>) {
        self.cap = cap;
    }

    /// `current` is sent, in bits per second, and `desired` would be if there were room. What to
    /// fill up to with padding.
    pub(crate) fn set_flow(&mut self, now: Instant, current: u64, desired: u64) -> u64 {
        self.flow = (current, desired);
        let held_back_by = self.estimate.filter(|estimate| {
            current < desired && current < *estimate && self.capacity() == Some(*estimate)
        });
        let Some(estimate) = held_back_by else {
            self.padding.interrupt();
            return current;
        };
        if self.padding.tries(now) {
            estimate
        } else {
            current
        }
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
        if !starved {
            self.videos.succeed();
            return false;
        }
        if self.cap.is_some_and(|cap| needed > cap) {
            self.videos.interrupt();
            return false;
        }
        self.videos.tries(now)
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
    fn an_estimate_that_stands_still_below_what_is_wanted_is_filled_up_after_a_while() {
        let start = crate::test_time::start();
        let mut downlink = Downlink::default();
        downlink.estimated(1_000_000);

        let filled = |downlink: &mut Downlink, second| {
            downlink.set_flow(start + Duration::from_secs(second), 300_000, 1_200_000)
        };
        let before: Vec<u64> = (0..6).map(|second| filled(&mut downlink, second)).collect();
        assert_eq!(before, [300_000; 6]);
        assert_eq!(filled(&mut downlink, 6), 1_000_000);

        downlink.estimated(1_050_000);
        assert_eq!(filled(&mut downlink, 7), 300_000);
        assert_eq!(filled(&mut downlink, 13), 1_050_000);
    }

    #[test]
    fn nothing_is_filled_up_where_the_estimate_holds_nothing_back() {
        let start = crate::test_time::start();
        let minute = |mut downlink: Downlink, desired| {
            (0..60).all(|second| {
                let now = start + Duration::from_secs(second);
                downlink.set_flow(now, 300_000, desired) == 300_000
            })
        };
        let estimated = || {
            let mut downlink = Downlink::default();
            downlink.estimated(1_000_000);
            downlink
        };
        let mut capped = estimated();
        capped.set_cap(Some(400_000));

        assert!(minute(Downlink::default(), 1_200_000));
        assert!(minute(estimated(), 300_000));
        assert!(minute(capped, 1_200_000));
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
