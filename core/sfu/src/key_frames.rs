//! Asks a publisher for key frames: once for all who want one, not too often, until one comes.

use std::time::{Duration, Instant};

use crate::layers::SPATIAL_LAYERS;

/// The key frame requests of one published track.
#[derive(Clone, Debug, Default)]
pub struct KeyFrames {
    streams: [Stream; SPATIAL_LAYERS],
}

#[derive(Clone, Copy, Debug, Default)]
struct Stream {
    wanted: bool,
    /// The publisher is not asked again before.
    quiet_until: Option<Instant>,
}

impl KeyFrames {
    pub fn new() -> Self {
        Self::default()
    }

    /// Somebody wants a key frame of this simulcast stream. Saying so again changes nothing.
    pub fn request(&mut self, now: Instant, stream: usize) {
        if let Some(stream) = self.streams.get_mut(stream) {
            stream.wanted = true;
            stream.quiet_until.get_or_insert(now);
        }
    }

    /// A key frame of the stream began to arrive.
    pub fn arrived(&mut self, stream: usize) {
        self.cancel(stream);
    }

    /// Nobody wants one any more.
    pub fn cancel(&mut self, stream: usize) {
        if let Some(stream) = self.streams.get_mut(stream) {
            stream.wanted = false;
        }
    }

    /// The stream of which to ask for a key frame. Call until there is none.
    pub fn poll(&mut self, now: Instant) -> Option<usize> {
        let (index, stream) = self
            .streams
            .iter_mut()
            .enumerate()
            .find(|(_, stream)| stream.due().is_some_and(|due| due <= now))?;
        stream.quiet_until = Some(now + interval(index));
        Some(index)
    }

    /// When to poll again.
    pub fn deadline(&self) -> Option<Instant> {
        self.streams.iter().filter_map(Stream::due).min()
    }
}

impl Stream {
    fn due(&self) -> Option<Instant> {
        self.quiet_until.filter(|_| self.wanted)
    }
}

/// Between two requests of one stream. Shorter: a publisher spends its bits on key frames.
/// Longer: who joins waits. The lowest stream's are cheap.
pub fn interval(stream: usize) -> Duration {
    match stream {
        0 => Duration::from_millis(500),
        _ => Duration::from_secs(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_time::start;

    #[test]
    fn a_first_request_is_sent_at_once_and_only_once() {
        let mut key_frames = KeyFrames::new();
        let now = start();

        for _ in 0..50 {
            key_frames.request(now, 1);
        }

        assert_eq!(key_frames.deadline(), Some(now));
        assert_eq!(key_frames.poll(now), Some(1));
        assert_eq!(key_frames.poll(now), None);
    }

    #[test]
    fn it_is_repeated_until_a_key_frame_comes() {
        let mut key_frames = KeyFrames::new();
        let now = start();
        key_frames.request(now, 0);
        key_frames.poll(now);

        assert_eq!(key_frames.deadline(), Some(now + interval(0)));
        assert_eq!(key_frames.poll(now + Duration::from_millis(499)), None);
        assert_eq!(key_frames.poll(now + Duration::from_millis(500)), Some(0));
        key_frames.arrived(0);
        assert_eq!(key_frames.deadline(), None);
        assert_eq!(key_frames.poll(now + Duration::from_secs(9)), None);
    }

    #[test]
    fn a_key_frame_does_not_end_the_quiet_time() {
        let mut key_frames = KeyFrames::new();
        let now = start();
        key_frames.request(now, 2);
        key_frames.poll(now);
        key_frames.arrived(2);

        key_frames.request(now + Duration::from_millis(100), 2);

        assert_eq!(key_frames.poll(now + Duration::from_millis(100)), None);
        assert_eq!(key_frames.deadline(), Some(now + Duration::from_secs(1)));
        assert_eq!(key_frames.poll(now + Duration::from_secs(1)), Some(2));
    }

    #[test]
    fn streams_do_not_wait_for_each_other() {
        let mut key_frames = KeyFrames::new();
        let now = start();
        key_frames.request(now, 0);
        key_frames.request(now, 2);

        assert_eq!(key_frames.poll(now), Some(0));
        assert_eq!(key_frames.poll(now), Some(2));
        assert_eq!(key_frames.poll(now), None);
    }

    #[test]
    fn a_cancelled_request_is_not_repeated() {
        let mut key_frames = KeyFrames::new();
        let now = start();
        key_frames.request(now, 0);
        key_frames.cancel(0);

        assert_eq!(key_frames.poll(now), None);
    }

    #[test]
    fn a_stream_that_does_not_exist_is_ignored() {
        let mut key_frames = KeyFrames::new();

        key_frames.request(start(), SPATIAL_LAYERS);

        assert_eq!(key_frames.deadline(), None);
    }

    #[test]
    fn a_minute_of_requests_asks_sixty_times_at_most() {
        let mut key_frames = KeyFrames::new();
        let now = start();
        let mut asked = 0;

        for millisecond in 0..60_000 {
            let now = now + Duration::from_millis(millisecond);
            key_frames.request(now, 1);
            asked += usize::from(key_frames.poll(now).is_some());
        }

        assert_eq!(asked, 60);
    }
}
