//! Whether a video shows what moves in the tiles' stead, and its frames: encoded where something changed, and so many that
//! it takes no more than two thirds of the thread that sends them.

use std::time::{Duration, Instant};

use conclave_remote::tiles::{Changed, Motion, Show, Size};
use conclave_video::{Encoded, Encoder, I420, Unfit};

use crate::ipc::Airing;

/// Of one view.
pub(super) struct Video {
    motion: Option<(Size, Motion)>,
    stage: Stage,
    /// In kilobits a second.
    rate: u32,
    /// The network takes none, or nothing here encodes one.
    is_impossible: bool,
}

enum Stage {
    Tiles,
    /// The network is to open it.
    Asked(Size),
    Shown(Box<Take>),
}

/// From the beginning of one video to its end.
struct Take {
    encoder: Encoder,
    picture: I420,
    size: Size,
    began: Instant,
    next_at: Instant,
    /// Something changed since the last frame.
    is_drawn: bool,
    wants_key: bool,
    rate: u32,
}

/// What was heard since the last look.
#[derive(Clone, Copy, Default)]
pub(super) struct Heard {
    pub(super) opens: bool,
    pub(super) wants_key: bool,
    pub(super) is_over: bool,
    pub(super) is_impossible: bool,
    pub(super) rate: Option<u32>,
}

/// What is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Asks(Size),
    Begins,
    Ends,
    /// What was asked for is not wanted any more, and no viewer has heard of it.
    Withdrawn,
}

impl Heard {
    /// It holds until it is looked at.
    pub(super) fn take(&mut self, airing: Airing) {
        match airing {
            Airing::Opens => self.opens = true,
            Airing::Rate(rate) => self.rate = Some(rate),
            Airing::KeyFrame => self.wants_key = true,
            Airing::Over => self.is_over = true,
            Airing::Never => self.is_impossible = true,
        }
    }
}

impl Default for Video {
    fn default() -> Self {
        Self {
            motion: None,
            stage: Stage::Tiles,
            rate: FIRST_RATE,
            is_impossible: false,
        }
    }
}

impl Video {
    /// In place of the tiles.
    pub(super) fn is_shown(&self) -> bool {
        matches!(self.stage, Stage::Shown(_))
    }

    /// So much was new to a viewer.
    pub(super) fn changed(&mut self, now: Instant, size: Size, changed: Changed) {
        let before = self.motion.take().filter(|(of, _)| *of == size);
        let (_, motion) = self
            .motion
            .insert(before.unwrap_or_else(|| (size, Motion::new(size))));
        // What waits for a viewer is bounded by their encoder.
        motion.changed(now, changed, Duration::ZERO);
        if let Stage::Shown(take) = &mut self.stage {
            take.is_drawn |= changed.area() > 0;
        }
    }

    /// So much went to a viewer as tiles.
    pub(super) fn sent(&mut self, bytes: usize) {
        if let Some((_, motion)) = &mut self.motion {
            motion.sent(bytes);
        }
    }

    /// So long nobody looked at the screen.
    pub(super) fn worked(&mut self, time: Duration) {
        if let Some((_, motion)) = &mut self.motion {
            motion.worked(time);
        }
    }

    /// Too much moves for tiles.
    pub(super) fn is_wanted(&mut self, now: Instant) -> bool {
        self.wanted(now).is_some()
    }

    fn wanted(&mut self, now: Instant) -> Option<Size> {
        let (size, motion) = self.motion.as_mut()?;
        // Asked in any case: it is what tells that all is still.
        let is_wanted = motion.show(now) == Show::Video;
        (is_wanted && !self.is_impossible && is_filmable(*size)).then_some(*size)
    }

    /// `may`: every viewer can show it, and nothing is kept of what is seen.
    pub(super) fn turn(&mut self, now: Instant, may: bool, heard: Heard) -> Option<Turn> {
        self.is_impossible |= heard.is_impossible;
        self.rate = heard.rate.unwrap_or(self.rate);
        let wanted = self.wanted(now).filter(|_| may && !heard.is_over);
        match (&mut self.stage, wanted) {
            (Stage::Tiles, None) => None,
            (Stage::Tiles, Some(size)) => {
                self.stage = Stage::Asked(size);
                Some(Turn::Asks(size))
            }
            (Stage::Asked(asked), Some(size)) if *asked == size => {
                heard.opens.then(|| self.begin(now, size))
            }
            (Stage::Shown(take), Some(size)) if take.size == size => {
                take.wants_key |= heard.wants_key;
                None
            }
            (Stage::Asked(_) | Stage::Shown(_), _) => Some(self.end()),
        }
    }

    fn begin(&mut self, now: Instant, size: Size) -> Turn {
        let (width, height) = (size.width(), size.height());
        let Some(encoder) = Encoder::open(width, height, self.rate) else {
            self.is_impossible = true;
            return self.end();
        };
        self.stage = Stage::Shown(Box::new(Take {
            encoder,
            picture: I420::new(width, height),
            size,
            began: now,
            next_at: now,
            is_drawn: true,
            wants_key: true,
            rate: self.rate,
        }));
        Turn::Begins
    }

    /// What moves is looked at anew.
    fn end(&mut self) -> Turn {
        self.motion = None;
        match std::mem::replace(&mut self.stage, Stage::Tiles) {
            Stage::Shown(_) => Turn::Ends,
            Stage::Asked(_) | Stage::Tiles => Turn::Withdrawn,
        }
    }

    /// A frame can be made.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        matches!(&self.stage, Stage::Shown(take) if take.is_drawn && take.next_at <= now)
    }

    /// What was made before has not gone.
    pub(super) fn hold_off(&mut self, now: Instant) {
        if let Stage::Shown(take) = &mut self.stage {
            take.next_at = now + AGAIN;
        }
    }

    /// Of a frame something was not sent: none that builds on it is any use.
    pub(super) fn lose(&mut self) {
        if let Stage::Shown(take) = &mut self.stage {
            (take.wants_key, take.is_drawn) = (true, true);
        }
    }

    /// The frame that is due. `None`: it is left out, to keep to the rate.
    pub(super) fn encode(&mut self, now: Instant, pixels: &[u8]) -> Option<Encoded> {
        let Stage::Shown(take) = &mut self.stage else {
            return None;
        };
        if take.rate != self.rate {
            take.rate = self.rate;
            take.encoder.set_rate(self.rate);
        }
        let begun = Instant::now();
        take.picture.draw(pixels);
        let at = now.saturating_duration_since(take.began);
        let encoded = take.encoder.encode(&take.picture, at, take.wants_key);
        take.next_at = now + BETWEEN_FRAMES.max(begun.elapsed() * 3 / 2);
        match encoded {
            Ok(Some(frame)) => {
                (take.is_drawn, take.wants_key) = (false, false);
                Some(frame)
            }
            Ok(None) => None,
            Err(Unfit) => {
                self.is_impossible = true;
                None
            }
        }
    }

    /// When there is more to do at the latest, though nothing is seen.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        let still = self.motion.as_ref().and_then(|(_, it)| it.wake_at());
        let due = match &self.stage {
            Stage::Shown(take) if take.is_drawn => Some(take.next_at),
            Stage::Shown(_) | Stage::Tiles | Stage::Asked(_) => None,
        };
        still.into_iter().chain(due).min()
    }
}

/// Smaller ones are cheap as tiles, and larger ones take longer than a film has frames for.
fn is_filmable(size: Size) -> bool {
    size.width().min(size.height()) >= SHORTEST_SIDE && size.area() <= MOST_PIXELS
}

/// Until the network has said another.
const FIRST_RATE: u32 = 2_500;
/// Thirty a second at most.
const BETWEEN_FRAMES: Duration = Duration::from_millis(33);
const AGAIN: Duration = Duration::from_millis(16);
const SHORTEST_SIDE: u16 = 64;
/// A screen of 3840x2160.
const MOST_PIXELS: usize = 3_840 * 2_160;

#[cfg(test)]
mod tests {
    use conclave_protocol::remote::MonitorId;
    use conclave_remote::tiles::{Encoder as TileEncoder, Frame};
    use conclave_video::Decoder;

    use super::*;

    const SIDE: u16 = 128;

    #[test]
    fn what_moves_is_filmed_once_the_network_takes_it_until_it_stands_still() {
        let mut scene = Scene::new();
        scene.moves(4);
        assert!(scene.video.is_wanted(scene.now));
        assert_eq!(scene.turn(true, Heard::default()), Some(Turn::Asks(size())));
        assert_eq!(scene.turn(true, Heard::default()), None);
        assert!(!scene.video.is_shown() && !scene.video.is_due(scene.now));

        assert_eq!(scene.turn(true, OPENS), Some(Turn::Begins));
        let first = scene.frame().unwrap();
        assert!(first.is_key && scene.video.is_shown());
        // Nothing changed since.
        scene.pass(BETWEEN_FRAMES);
        assert!(!scene.video.is_due(scene.now));
        scene.moves(1);
        let second = scene.frame().unwrap();
        let mut decoder = Decoder::open().unwrap();
        assert!(decoder.decode(&first.bytes).is_ok() && decoder.decode(&second.bytes).is_ok());

        scene.now = scene.video.wake_at().unwrap();
        assert_eq!(scene.turn(true, Heard::default()), Some(Turn::Ends));
        assert_eq!(scene.video.wake_at(), None);
    }

    #[test]
    fn a_key_frame_that_the_network_wants_is_the_next() {
        let mut scene = Scene::shown();
        scene.frame();
        for wants_key in [false, true] {
            let heard = Heard {
                wants_key,
                ..Heard::default()
            };
            assert_eq!(scene.turn(true, heard), None);
            scene.moves(1);
            assert_eq!(scene.frame().unwrap().is_key, wants_key);
        }
        scene.moves(1);
        scene.video.lose();
        assert!(scene.frame().unwrap().is_key);
    }

    #[test]
    fn it_ends_where_a_viewer_or_the_network_can_not_go_on() {
        for (may, is_over) in [(false, false), (true, true)] {
            let mut scene = Scene::shown();
            let heard = Heard {
                is_over,
                ..Heard::default()
            };
            assert_eq!(scene.turn(may, heard), Some(Turn::Ends));

            scene.moves(4);
            assert_eq!(scene.turn(true, Heard::default()), Some(Turn::Asks(size())));
        }
    }

    #[test]
    fn of_one_that_never_began_no_viewer_hears_the_end() {
        let mut scene = Scene::new();
        scene.moves(4);
        assert_eq!(scene.turn(true, Heard::default()), Some(Turn::Asks(size())));

        let withdrawn = scene.turn(false, Heard::default());

        assert_eq!(withdrawn, Some(Turn::Withdrawn));
        assert_eq!(scene.turn(false, OPENS), None);
    }

    #[test]
    fn where_there_can_be_none_it_is_never_asked_for() {
        let mut scene = Scene::shown();
        let heard = Heard {
            is_impossible: true,
            ..Heard::default()
        };
        assert_eq!(scene.turn(true, heard), Some(Turn::Ends));

        scene.moves(4);

        assert!(!scene.video.is_wanted(scene.now));
        assert_eq!(scene.turn(true, Heard::default()), None);
    }

    #[test]
    fn only_what_can_be_encoded_in_time_is_filmed() {
        let filmable = |width, height| is_filmable(Size::new(width, height).unwrap());

        assert!(filmable(64, 64) && filmable(3_840, 2_160));
        assert!(!filmable(63, 1_000) && !filmable(3_841, 2_160));
    }

    const OPENS: Heard = Heard {
        opens: true,
        wants_key: false,
        is_over: false,
        is_impossible: false,
        rate: None,
    };

    /// A film on a small screen, in a time of its own.
    struct Scene {
        video: Video,
        tiles: TileEncoder,
        pixels: Vec<u8>,
        now: Instant,
    }

    impl Scene {
        fn new() -> Self {
            let pixels = vec![0; size().area() * 4];
            let frame = Frame::new(size(), usize::from(SIDE) * 4, &pixels).unwrap();
            Self {
                video: Video::default(),
                tiles: TileEncoder::new(MonitorId(0), &frame),
                pixels,
                now: Instant::now(),
            }
        }

        fn shown() -> Self {
            let mut scene = Self::new();
            scene.moves(4);
            scene.turn(true, Heard::default());
            assert_eq!(scene.turn(true, OPENS), Some(Turn::Begins));
            scene
        }

        fn moves(&mut self, times: u8) {
            for _ in 0..times {
                self.pass(BETWEEN_FRAMES);
                let mut state = self.pixels.iter().map(|it| u32::from(*it)).sum::<u32>() + 1;
                for byte in &mut self.pixels {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    *byte = (state >> 24) as u8;
                }
                let frame = Frame::new(size(), usize::from(SIDE) * 4, &self.pixels).unwrap();
                let changed = self.tiles.update(&frame, &[size().rect()]);
                self.video.changed(self.now, size(), changed);
            }
        }

        fn turn(&mut self, may: bool, heard: Heard) -> Option<Turn> {
            self.video.turn(self.now, may, heard)
        }

        /// However long encoding takes here.
        fn frame(&mut self) -> Option<Encoded> {
            self.video.hold_off(self.now - AGAIN);
            assert!(self.video.is_due(self.now));
            let encoded = self.video.encode(self.now, &self.pixels);
            self.video.hold_off(self.now);
            encoded
        }

        fn pass(&mut self, time: Duration) {
            self.now += time;
        }
    }

    fn size() -> Size {
        Size::new(SIDE, SIDE).unwrap()
    }
}
