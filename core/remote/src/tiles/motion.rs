//! Whether tiles serve, or a video should show what moves.
//!
//! Tiles are cheaper and sharper for what is drawn; for a film or a stack of scans a video is cheaper. It begins after
//! a few heavy updates in a row, if enough of the screen changes, and ends when nothing heavy came for a moment: then
//! tiles make all of it exact. What tiles would cost while it shows is not known, so as long as much of the screen moves
//! it goes on.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::size::Size;

/// What an update changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    area: usize,
    photographic: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    Tiles,
    Video,
}

/// Of one monitor.
pub struct Motion {
    size: Size,
    show: Show,
    /// When, and how many pixels; of the last second.
    recent: VecDeque<(Instant, usize)>,
    heavy_in_a_row: u32,
    last_heavy: Option<Instant>,
    /// In bytes, since the last update.
    sent: usize,
}

impl Changed {
    /// In pixels of whole tiles.
    pub fn area(self) -> usize {
        self.area
    }

    pub(super) fn add(&mut self, area: usize, is_photographic: bool) {
        self.area += area;
        self.photographic += if is_photographic { area } else { 0 };
    }

    /// More than 30 % of it, and not only a small picture.
    fn is_photographic(self, size: Size) -> bool {
        self.photographic * 10 > self.area * 3 && self.photographic * SMALLEST_SHARE > size.area()
    }
}

impl Motion {
    pub fn new(size: Size) -> Self {
        Self {
            size,
            show: Show::Tiles,
            recent: VecDeque::new(),
            heavy_in_a_row: 0,
            last_heavy: None,
            sent: 0,
        }
    }

    /// A batch of so many bytes was made.
    pub fn sent(&mut self, bytes: usize) {
        self.sent = self.sent.saturating_add(bytes);
    }

    /// An update came while what was sent before takes `queue` to leave.
    pub fn changed(&mut self, now: Instant, changed: Changed, queue: Duration) {
        if changed.area == 0 {
            return;
        }
        let cost = std::mem::take(&mut self.sent);
        self.recent.push_back((now, changed.area));
        if self.recent.len() > MOST_RECENT {
            self.recent.pop_front();
        }
        self.forget(now);
        let is_heavy = changed.is_photographic(self.size)
            || cost > HEAVY_BYTES
            || queue > LONGEST_QUEUE
            || self.goes_on(now, changed);
        self.heavy_in_a_row = if is_heavy { self.heavy_in_a_row + 1 } else { 0 };
        if is_heavy {
            self.last_heavy = Some(now);
        }
        if self.heavy_in_a_row >= HEAVY_UPDATES && self.screens_per_second(now) >= LEAST_MOTION {
            self.show = Show::Video;
        }
    }

    /// So long nobody could look whether anything moves: it is no time in which all was still.
    pub fn worked(&mut self, time: Duration) {
        if let Some(heavy) = &mut self.last_heavy {
            *heavy += time;
        }
    }

    /// Of what a video shows already.
    fn goes_on(&self, now: Instant, changed: Changed) -> bool {
        self.show == Show::Video
            && changed.area * SMALLEST_SHARE > self.size.area()
            && self.screens_per_second(now) >= LEAST_MOTION
    }

    /// What to show from this time on.
    pub fn show(&mut self, now: Instant) -> Show {
        self.forget(now);
        self.show
    }

    /// When to ask again at the latest: then it is still.
    pub fn wake_at(&self) -> Option<Instant> {
        self.last_heavy.map(|heavy| heavy + STILL)
    }

    /// How often the area of the whole screen changed in the last second.
    pub fn screens_per_second(&self, now: Instant) -> f32 {
        let recent = self.recent.iter();
        let recent = recent.filter(|(at, _)| now.saturating_duration_since(*at) <= SECOND);
        let area: usize = recent.map(|(_, area)| area).sum();
        area as f32 / self.size.area() as f32
    }

    fn forget(&mut self, now: Instant) {
        let is_old = |(at, _): &mut (Instant, usize)| now.saturating_duration_since(*at) > SECOND;
        while self.recent.pop_front_if(is_old).is_some() {}
        let is_still = |heavy: &mut Instant| now.saturating_duration_since(*heavy) >= STILL;
        if self.last_heavy.take_if(is_still).is_some() {
            self.heavy_in_a_row = 0;
            self.show = Show::Tiles;
        }
    }
}

/// A video starts within a tenth of a second, and one large change does not start it.
const HEAVY_UPDATES: u32 = 3;
/// An update that is heavier takes 50 ms at 4 Mbit/s. The scrolling of text takes a sixth.
const HEAVY_BYTES: usize = 24 << 10;
/// Longer, and what the technician sees is not what they point at.
const LONGEST_QUEUE: Duration = Duration::from_millis(150);
/// Of the screen's area, as its inverse: a smaller picture that moves is cheap as tiles.
const SMALLEST_SHARE: usize = 50;
/// Screens in a second: half of one, as a small film makes.
const LEAST_MOTION: f32 = 0.5;
/// Longer keeps a still picture blurred, shorter begins a video again for each step through a stack of scans.
const STILL: Duration = Duration::from_millis(200);
const SECOND: Duration = Duration::from_secs(1);
/// As many updates as a second has.
const MOST_RECENT: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_film_starts_a_video_and_its_end_ends_it() {
        let (mut motion, start) = begun();
        let at = |ms| start + Duration::from_millis(ms);

        motion.changed(at(0), film(), Duration::ZERO);
        motion.changed(at(33), film(), Duration::ZERO);
        assert_eq!(motion.show(at(34)), Show::Tiles);
        motion.changed(at(66), film(), Duration::ZERO);
        assert_eq!(motion.show(at(67)), Show::Video);

        assert_eq!(motion.wake_at(), Some(at(266)));
        assert_eq!(motion.show(at(265)), Show::Video);
        assert_eq!(motion.show(at(266)), Show::Tiles);
        assert_eq!(motion.wake_at(), None);
    }

    #[test]
    fn a_film_that_takes_long_to_send_goes_on_and_is_still_all_the_same_once_nothing_moves() {
        let (mut motion, mut now) = begun();
        let work = Duration::from_millis(250);
        for update in 1..=8 {
            motion.changed(now, film(), Duration::ZERO);
            motion.worked(work);
            now += work;
            let is_filmed = motion.show(now) == Show::Video;
            assert_eq!(is_filmed, update >= 3, "{update}");
        }

        assert_eq!(motion.show(now + STILL), Show::Tiles);
        motion.worked(work);
        assert_eq!(motion.wake_at(), None);
    }

    #[test]
    fn text_never_starts_a_video() {
        let (mut motion, start) = begun();
        for step in 0..100_u32 {
            let now = start + step * Duration::from_millis(33);
            motion.changed(now, changed(1_000_000, 0), Duration::ZERO);
            motion.sent(4_000);

            assert_eq!(motion.show(now), Show::Tiles);
        }
    }

    #[test]
    fn heavy_updates_or_a_long_queue_do() {
        let drawn = changed(1_000_000, 0);
        let (mut motion, now) = begun();
        for _ in 0..4 {
            motion.changed(now, drawn, Duration::ZERO);
            motion.sent(HEAVY_BYTES + 1);
        }
        assert_eq!(motion.show(now), Show::Video);

        let (mut motion, now) = begun();
        (0..3).for_each(|_| motion.changed(now, drawn, Duration::from_millis(151)));
        assert_eq!(motion.show(now), Show::Video);
    }

    #[test]
    fn what_a_video_shows_goes_on_while_much_moves_and_not_for_little() {
        let (mut motion, start) = begun();
        let at = |ms| start + Duration::from_millis(ms);
        for _ in 0..4 {
            motion.changed(start, changed(1_000_000, 0), Duration::ZERO);
            motion.sent(HEAVY_BYTES + 1);
        }
        motion.sent = 0;
        for step in 1..=10 {
            motion.changed(at(100 * step), changed(1_000_000, 0), Duration::ZERO);
            assert_eq!(motion.show(at(100 * step)), Show::Video);
        }

        motion.changed(at(1_100), changed(4_096, 0), Duration::ZERO);

        assert_eq!(motion.show(at(1_199)), Show::Video);
        assert_eq!(motion.show(at(1_200)), Show::Tiles);
    }

    #[test]
    fn a_picture_that_opens_or_is_small_does_not() {
        let (mut motion, start) = begun();
        motion.changed(start, film(), Duration::ZERO);
        assert_eq!(motion.show(start), Show::Tiles);

        let (mut motion, now) = begun();
        (0..50).for_each(|_| motion.changed(now, changed(8_192, 8_192), Duration::ZERO));
        assert_eq!(motion.show(now), Show::Tiles);
    }

    #[test]
    fn the_share_is_that_of_the_last_second() {
        let (mut motion, start) = begun();
        motion.changed(start, changed(1920 * 1080, 0), Duration::ZERO);
        let later = start + Duration::from_millis(900);
        motion.changed(later, changed(1920 * 540, 0), Duration::ZERO);

        assert!((motion.screens_per_second(later) - 1.5).abs() < 0.01);
        let after = start + Duration::from_millis(1_001);
        assert!((motion.screens_per_second(after) - 0.5).abs() < 0.01);
        (0..1_000).for_each(|_| motion.changed(after, film(), Duration::ZERO));
        assert_eq!(motion.recent.len(), MOST_RECENT);
    }

    fn film() -> Changed {
        changed(400_000, 300_000)
    }

    fn changed(area: usize, photographic: usize) -> Changed {
        Changed { area, photographic }
    }

    #[expect(clippy::disallowed_methods, reason = "an instant has no other source")]
    fn begun() -> (Motion, Instant) {
        (
            Motion::new(Size::new(1_920, 1_080).unwrap()),
            Instant::now(),
        )
    }
}
