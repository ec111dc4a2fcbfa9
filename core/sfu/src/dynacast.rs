//! Tells a publisher which of its layers anybody wants: more at once, less after a while.

use std::time::{Duration, Instant};

use crate::layers::VideoQuality;

/// What the publisher of one track was told, and is to be told.
#[derive(Clone, Debug, Default)]
pub struct Dynacast {
    told: Option<Option<VideoQuality>>,
    wanted: Option<VideoQuality>,
    /// When to tell what is wanted.
    due: Option<Instant>,
}

impl Dynacast {
    /// A publisher that was told nothing sends all layers.
    pub fn new() -> Self {
        Self::default()
    }

    /// The most that any subscriber wants; `None`: nobody wants the track.
    pub fn want(&mut self, now: Instant, most: Option<VideoQuality>) {
        self.wanted = most;
        let sent = self.told.unwrap_or(Some(VideoQuality::High));
        if self.told == Some(most) {
            self.due = None;
        } else if most >= sent {
            self.due = Some(now);
        } else {
            self.due.get_or_insert(now + PATIENCE);
        }
    }

    /// What to tell the publisher now.
    pub fn poll(&mut self, now: Instant) -> Option<Option<VideoQuality>> {
        self.due.filter(|due| *due <= now)?;
        self.due = None;
        self.told = Some(self.wanted);
        self.told
    }

    /// What it was told last, to be repeated after a resume.
    pub fn told(&self) -> Option<Option<VideoQuality>> {
        self.told
    }

    /// When to poll again.
    pub fn deadline(&self) -> Option<Instant> {
        self.due
    }
}

/// Longer: layers nobody watches cost the publisher for longer. Shorter: who looks away for a
/// moment comes back to a key frame that is not there.
pub const PATIENCE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_time::start;

    const LOW: Option<VideoQuality> = Some(VideoQuality::Low);
    const MEDIUM: Option<VideoQuality> = Some(VideoQuality::Medium);
    const HIGH: Option<VideoQuality> = Some(VideoQuality::High);

    #[test]
    fn more_is_told_at_once() {
        let (mut dynacast, now) = told(LOW);

        dynacast.want(now, HIGH);

        assert_eq!(dynacast.deadline(), Some(now));
        assert_eq!(dynacast.poll(now), Some(HIGH));
        assert_eq!(dynacast.poll(now), None);
    }

    #[test]
    fn less_is_told_after_five_seconds() {
        let (mut dynacast, now) = told(HIGH);

        dynacast.want(now, LOW);
        dynacast.want(now + Duration::from_secs(3), None);

        assert_eq!(dynacast.poll(now + Duration::from_millis(4_999)), None);
        assert_eq!(dynacast.poll(now + PATIENCE), Some(None));
        assert_eq!(dynacast.told(), Some(None));
    }

    #[test]
    fn who_comes_back_in_time_changes_nothing() {
        let (mut dynacast, now) = told(HIGH);

        dynacast.want(now, LOW);
        dynacast.want(now + Duration::from_secs(4), HIGH);

        assert_eq!(dynacast.deadline(), None);
        assert_eq!(dynacast.poll(now + Duration::from_secs(60)), None);
    }

    #[test]
    fn half_a_return_keeps_the_rest_waiting() {
        let (mut dynacast, now) = told(HIGH);

        dynacast.want(now, LOW);
        dynacast.want(now + Duration::from_secs(4), MEDIUM);

        assert_eq!(dynacast.poll(now + PATIENCE), Some(MEDIUM));
    }

    #[test]
    fn a_new_track_without_subscribers_is_switched_off_in_time() {
        let mut dynacast = Dynacast::new();
        let now = start();

        dynacast.want(now, None);

        assert_eq!(dynacast.poll(now), None);
        assert_eq!(dynacast.poll(now + PATIENCE), Some(None));
    }

    #[test]
    fn the_first_subscriber_is_told_of_at_once() {
        let mut dynacast = Dynacast::new();
        let now = start();

        dynacast.want(now, HIGH);

        assert_eq!(dynacast.poll(now), Some(HIGH));
    }

    fn told(quality: Option<VideoQuality>) -> (Dynacast, Instant) {
        let mut dynacast = Dynacast::new();
        let now = start();
        dynacast.want(now, HIGH);
        dynacast.poll(now);
        dynacast.want(now, quality);
        dynacast.poll(now + PATIENCE);
        assert_eq!(dynacast.told(), Some(quality));
        (dynacast, now + PATIENCE)
    }
}
