//! How much of one layer came lately.

use std::time::{Duration, Instant};

/// Bytes of the last [`WINDOW`], in slices of [`SLICE`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arrivals {
    slices: [u64; SLICES],
    /// Since when packets come without a pause, and when the newest slice began.
    times: Option<(Instant, Instant)>,
}

impl Arrivals {
    pub(super) fn add(&mut self, now: Instant, bytes: usize) {
        self.advance(now);
        self.times.get_or_insert((now, now));
        if let Some(newest) = self.slices.first_mut() {
            *newest += bytes as u64;
        }
    }

    /// Bits per second; zero exactly if nothing came within the window.
    pub(super) fn bitrate(&mut self, now: Instant) -> u64 {
        self.advance(now);
        let Some((since, _)) = self.times else {
            return 0;
        };
        let span = now.saturating_duration_since(since).clamp(SLICE, WINDOW);
        let bits = self.slices.iter().sum::<u64>() * 8;
        (bits * 1000 / span.as_millis() as u64).max(1)
    }

    fn advance(&mut self, now: Instant) {
        while let Some((since, newest)) = self.times
            && now.saturating_duration_since(newest) >= SLICE
        {
            self.slices.rotate_right(1);
            if let Some(slice) = self.slices.first_mut() {
                *slice = 0;
            }
            let any = self.slices.iter().any(|bytes| *bytes > 0);
            self.times = any.then_some((since, newest + SLICE));
        }
    }
}

/// Longer: a layer that stopped is offered for longer. Shorter: rates jump.
pub(super) const WINDOW: Duration = Duration::from_millis(1_500);
const SLICES: usize = 6;
const SLICE: Duration = Duration::from_millis(250);
