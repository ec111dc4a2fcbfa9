//! Times that were measured, as a benchmark tells them.

use std::fmt;
use std::time::Duration;

#[derive(Clone, Debug, Default)]
pub struct Figures {
    times: Vec<Duration>,
}

impl Figures {
    pub fn add(&mut self, time: Duration) {
        self.times.push(time);
        self.times.sort_unstable();
    }

    /// The least time that this share of all, 0 to 100, does not exceed; `None` of none.
    pub fn percentile(&self, percent: usize) -> Option<Duration> {
        let rank = (self.times.len() * percent).div_ceil(100);
        self.times.get(rank.saturating_sub(1)).copied()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |percent| {
            let time = self.percentile(percent).unwrap_or_default();
            time.as_secs_f64() * 1000.0
        };
        let (median, p95) = (milliseconds(50), milliseconds(95));
        write!(
            f,
            "{median:.1} ms, p95 {p95:.1} ms, of {}",
            self.times.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_measured() {
        let mut figures = Figures::default();
        assert_eq!(figures.percentile(95), None);
        for time in (1..=20).rev() {
            figures.add(Duration::from_millis(time));
        }
        let at = |percent| figures.percentile(percent).map(|time| time.as_millis());
        assert_eq!(
            (at(0), at(50), at(95), at(100)),
            (Some(1), Some(10), Some(19), Some(20))
        );
    }
}
