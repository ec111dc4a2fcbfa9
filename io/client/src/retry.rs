//! When a lost signal connection is tried again.

use std::time::{Duration, Instant};

/// The tries since the signal was lost.
#[derive(Default)]
pub(crate) struct Retry {
    tries: usize,
    at: Option<Instant>,
}

/// As LiveKit's clients do it, the first without their random part.
const DELAYS: [u64; 10] = [100, 300, 1200, 2700, 4800, 7000, 7000, 7000, 7000, 7000];

impl Retry {
    /// Plans the next try. False: it was the last.
    pub(crate) fn plan(&mut self, now: Instant) -> bool {
        let delay = DELAYS.get(self.tries).copied().map(Duration::from_millis);
        self.tries += 1;
        self.at = delay.map(|delay| now + delay);
        self.at.is_some()
    }

    /// The planned time has come; says so once.
    pub(crate) fn is_due(&mut self, now: Instant) -> bool {
        self.at.take_if(|at| *at <= now).is_some()
    }

    pub(crate) fn wake(&self) -> Option<Instant> {
        self.at
    }

    pub(crate) fn succeeded(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_come_ever_later_and_then_none() {
        let mut now = Instant::now();
        let mut retry = Retry::default();
        for delay in DELAYS {
            assert!(retry.plan(now));
            assert!(!retry.is_due(now));
            now += Duration::from_millis(delay);
            assert!(retry.is_due(now) && !retry.is_due(now));
        }

        assert!(!retry.plan(now));

        retry.succeeded();
        assert!(retry.plan(now));
    }
}
