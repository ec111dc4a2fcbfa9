//! How evenly frames are shown: gaps and freezes.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The moments at which frames of one track were shown.
#[derive(Default)]
pub(crate) struct Motion {
    last: Option<Instant>,
    rendered: Option<Instant>,
    recent: VecDeque<Duration>,
    playing: Duration,
    longest: Duration,
    freezes: u32,
    frozen: Duration,
}

/// How a track moved, without the times that it was muted, disabled or paused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MotionReport {
    /// From the first frame on.
    pub playing: Duration,
    /// Between two shown frames, or since the last one.
    pub longest_gap: Duration,
    /// As WebRTC's `freezeCount` and `totalFreezesDuration` count them, of frames as a player
    /// renders them: 100 ms behind the fastest.
    pub freezes: u32,
    pub frozen: Duration,
}

/// A freeze is judged by the average of so many intervals.
const RECENT: usize = 30;
const MARGIN: Duration = Duration::from_millis(150);

impl Motion {
    /// A frame that is shown `now`, and that a player renders then or a little later.
    pub(crate) fn shown(&mut self, now: Instant, rendered: Instant) {
        if let Some(last) = self.last.replace(now) {
            let interval = now.saturating_duration_since(last);
            self.playing += interval;
            self.longest = self.longest.max(interval);
        }
        if let Some(last) = self.rendered.replace(rendered) {
            let interval = rendered.saturating_duration_since(last);
            if self.is_freeze(interval) {
                self.freezes += 1;
                self.frozen += interval;
            }
            self.recent.push_back(interval);
            if self.recent.len() > RECENT {
                self.recent.pop_front();
            }
        }
    }

    /// The next interval is no gap.
    pub(crate) fn pause(&mut self) {
        self.last = None;
        self.rendered = None;
    }

    pub(crate) fn report(&self, now: Instant) -> MotionReport {
        let since = |last: Instant| now.saturating_duration_since(last);
        let open = self.last.map_or(Duration::ZERO, since);
        let still = self.rendered.map_or(Duration::ZERO, since);
        let freezing = self.is_freeze(still);
        MotionReport {
            playing: self.playing + open,
            longest_gap: self.longest.max(open),
            freezes: self.freezes + u32::from(freezing),
            frozen: self.frozen + if freezing { still } else { Duration::ZERO },
        }
    }

    /// `freezeCount` in W3C webrtc-stats.
    fn is_freeze(&self, interval: Duration) -> bool {
        let Ok(count) = u32::try_from(self.recent.len()) else {
            return false;
        };
        if count == 0 {
            return false;
        }
        let average = self.recent.iter().sum::<Duration>() / count;
        interval >= (average * 3).max(average + MARGIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(40);

    #[test]
    fn an_even_stream_never_freezes() {
        let (motion, end) = even(100);

        let report = motion.report(end);

        assert_eq!(report.longest_gap, FRAME);
        assert_eq!((report.freezes, report.frozen), (0, Duration::ZERO));
        assert_eq!(report.playing, FRAME * 99);
    }

    #[test]
    fn a_gap_is_a_freeze_from_the_margin_on() {
        for (gap, freezes) in [(189, 0), (190, 1)] {
            let (mut motion, end) = even(100);
            let gap = Duration::from_millis(gap);

            motion.shown(end + gap, end + gap);

            let report = motion.report(end + gap);
            assert_eq!(report.longest_gap, gap);
            assert_eq!(report.freezes, freezes);
            assert_eq!(report.frozen, gap * freezes);
        }
    }

    #[test]
    fn a_freeze_that_goes_on_counts() {
        let (motion, end) = even(100);

        let report = motion.report(end + Duration::from_secs(2));

        assert_eq!(report.freezes, 1);
        assert_eq!(report.frozen, Duration::from_secs(2));
        assert_eq!(motion.report(end).freezes, 0);
    }

    #[test]
    fn a_pause_is_no_gap() {
        let (mut motion, end) = even(100);
        motion.pause();
        let back = end + Duration::from_secs(60);
        motion.shown(back, back);

        let report = motion.report(end + Duration::from_secs(60));

        assert_eq!(report.longest_gap, FRAME);
        assert_eq!(report.playing, FRAME * 99);
    }

    #[test]
    fn a_late_frame_that_is_rendered_in_time_is_a_gap_and_no_freeze() {
        let start = Instant::now();
        let delay = Duration::from_millis(300);
        let mut motion = Motion::default();
        let mut end = start;
        for frame in 0..100 {
            let due = start + FRAME * frame;
            let late = if frame == 50 { delay } else { Duration::ZERO };
            end = end.max(due + late);
            motion.shown(end, (due + delay).max(end));
        }

        let report = motion.report(end);

        assert_eq!(report.longest_gap, FRAME + delay);
        assert_eq!(report.freezes, 0);
    }

    /// Frames at an even pace, and the moment of the last.
    fn even(frames: u32) -> (Motion, Instant) {
        let start = Instant::now();
        let mut motion = Motion::default();
        for frame in 0..frames {
            let at = start + FRAME * frame;
            motion.shown(at, at);
        }
        (motion, start + FRAME * (frames - 1))
    }
}
