//! When a player would render a frame: a little after it could, so that late ones come in time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The player's clock of one video track.
#[derive(Default)]
pub(crate) struct Playout {
    anchor: Option<Anchor>,
    /// How late the last frames were against their timestamps, in ticks.
    lateness: VecDeque<i64>,
}

/// The first frame: one moment on two clocks.
struct Anchor {
    instant: Instant,
    timestamp: u32,
    /// Extended, of the last frame.
    ticks: i64,
}

/// What a player waits beyond the fastest path. Browsers adapt theirs to what they see, and with
/// retransmissions to more than this.
pub(crate) const DELAY: Duration = Duration::from_millis(100);
/// The fastest path is that of the fastest of so many frames.
const RECENT: usize = 100;
const CLOCK_RATE: i64 = 90_000;
/// Timestamps that jump by more begin anew.
const LARGEST_JUMP: i64 = CLOCK_RATE;

impl Playout {
    /// When the frame is rendered that can be shown `now`.
    pub(crate) fn rendered(&mut self, now: Instant, timestamp: u32) -> Instant {
        let ticks = self.media_time(now, timestamp);
        let Some(anchor) = &mut self.anchor else {
            return now;
        };
        anchor.ticks = ticks;
        let elapsed = now.saturating_duration_since(anchor.instant);
        self.lateness.push_back(in_ticks(elapsed) - ticks);
        if self.lateness.len() > RECENT {
            self.lateness.pop_front();
        }
        let fastest = self.lateness.iter().min().copied().unwrap_or_default();
        let due = u64::try_from(ticks + fastest).unwrap_or_default();
        let due = Duration::from_micros(due * 1_000_000 / CLOCK_RATE.unsigned_abs());
        now.max(anchor.instant + due + DELAY)
    }

    /// Since the anchor, which moves here when the timestamps do not continue.
    fn media_time(&mut self, now: Instant, timestamp: u32) -> i64 {
        if let Some(anchor) = &self.anchor {
            let last = anchor.timestamp.wrapping_add(anchor.ticks as u32);
            let step = i64::from(timestamp.wrapping_sub(last).cast_signed());
            let elapsed = in_ticks(now.saturating_duration_since(anchor.instant));
            let ticks = anchor.ticks + step;
            let usual = self.lateness.back().copied().unwrap_or_default();
            if (elapsed - ticks - usual).abs() <= LARGEST_JUMP {
                return ticks;
            }
        }
        self.anchor = Some(Anchor {
            instant: now,
            timestamp,
            ticks: 0,
        });
        self.lateness.clear();
        0
    }
}

fn in_ticks(time: Duration) -> i64 {
    let ticks = time.as_micros() * 90_000 / 1_000_000;
    i64::try_from(ticks).unwrap_or(i64::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(40);
    const TICKS: u32 = 3600;

    #[test]
    fn a_frame_that_is_late_by_less_than_the_delay_is_rendered_in_its_time() {
        let start = Instant::now();
        let mut playout = Playout::default();
        for late in [0, 60, 0, 100] {
            let late = Duration::from_millis(late);
            let frames = playout.lateness.len() as u32;
            let due = start + FRAME * frames;

            let rendered = playout.rendered(due + late, u32::MAX.wrapping_add(TICKS * frames));

            assert_eq!(rendered, due + DELAY);
        }
    }

    #[test]
    fn a_frame_that_is_later_is_rendered_when_it_comes() {
        let start = Instant::now();
        let mut playout = Playout::default();
        playout.rendered(start, 0);
        let late = start + FRAME + DELAY * 3;

        assert_eq!(playout.rendered(late, TICKS), late);
    }

    #[test]
    fn a_faster_path_moves_the_clock() {
        let start = Instant::now();
        let mut playout = Playout::default();
        playout.rendered(start, 0);
        let early = start + FRAME - Duration::from_millis(20);

        assert_eq!(playout.rendered(early, TICKS), early + DELAY);
    }

    #[test]
    fn timestamps_that_jump_begin_anew() {
        let start = Instant::now();
        let mut playout = Playout::default();
        playout.rendered(start, 0);

        let jumped = playout.rendered(start + FRAME, 1_000_000_000);

        assert_eq!(jumped, start + FRAME + DELAY);
    }
}
