//! Which frames a VP8 decoder could show, in their order.
//!
//! A frame can be decoded when what it refers to was: a key frame always; one of temporal layer 0
//! after its predecessor by TL0PICIDX; others after the layer 0 frame that they name, and, unless
//! they are synchronisation points, after the frame before them by picture id.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::assembly::Frame;
use crate::vp8::{Descriptor, Header};

#[derive(Default)]
pub(crate) struct Playback {
    waiting: BTreeMap<u64, Frame>,
    shown: Option<Shown>,
    /// When the first packet came that is not shown.
    stuck_since: Option<Instant>,
    requested: Option<Instant>,
    /// Whole frames that were never decodable in their time.
    pub(crate) undecodable: u64,
}

/// The last frame that was shown.
#[derive(Clone, Copy)]
struct Shown {
    last: u64,
    picture_id: Option<u16>,
    tl0_pic_idx: Option<u8>,
}

/// Frames that wait for another; the oldest make room.
pub(crate) const MOST_WAITING: usize = 256;
/// A missing packet may come again for so long.
const PATIENCE: Duration = Duration::from_millis(400);
/// Between two requests for a key frame.
const REQUEST_INTERVAL: Duration = Duration::from_millis(500);

impl Playback {
    /// A packet came, whole frame or not.
    pub(crate) fn note_packet(&mut self, now: Instant) {
        self.stuck_since.get_or_insert(now);
    }

    pub(crate) fn push(&mut self, frame: Frame) {
        if self.shown.is_some_and(|shown| frame.first <= shown.last) {
            self.undecodable += 1;
            return;
        }
        self.waiting.insert(frame.first, frame);
        if self.waiting.len() > MOST_WAITING {
            self.waiting.pop_first();
            self.undecodable += 1;
        }
    }

    /// The next frame to show. Those before it are given up.
    pub(crate) fn next(&mut self) -> Option<Frame> {
        let decodable = |frame: &&Frame| self.can_decode(frame);
        let first = self.waiting.values().find(decodable)?.first;
        let rest = self.waiting.split_off(&first);
        self.undecodable += self.waiting.len() as u64;
        self.waiting = rest;
        let frame = self.waiting.remove(&first)?;
        self.shown = Some(Shown::after(&frame));
        self.stuck_since = None;
        Some(frame)
    }

    /// The sequence number before which nothing matters any more.
    pub(crate) fn horizon(&self) -> u64 {
        self.shown.map_or(0, |shown| shown.last)
    }

    /// It is time to ask for a key frame. Says so once per interval.
    pub(crate) fn needs_key_frame(&mut self, now: Instant) -> bool {
        let needed = self.key_frame_due().is_some_and(|due| due <= now);
        if needed {
            self.requested = Some(now);
        }
        needed
    }

    /// When [`Self::needs_key_frame`] will say so, if nothing changes.
    pub(crate) fn key_frame_due(&self) -> Option<Instant> {
        let patient = self.stuck_since? + PATIENCE;
        let repeat = self.requested.map(|at| at + REQUEST_INTERVAL);
        Some(repeat.map_or(patient, |repeat| repeat.max(patient)))
    }

    /// The stream is paused on purpose.
    pub(crate) fn pause(&mut self) {
        self.stuck_since = None;
    }

    fn can_decode(&self, frame: &Frame) -> bool {
        if let Some((Header::Key { .. }, _)) = Header::read(&frame.data) {
            return true;
        }
        self.shown
            .is_some_and(|shown| shown.precedes(&frame.descriptor))
    }
}

impl Shown {
    fn after(frame: &Frame) -> Self {
        Self {
            last: frame.last,
            picture_id: frame.descriptor.picture_id,
            tl0_pic_idx: frame.descriptor.tl0_pic_idx,
        }
    }

    /// What `next` refers to has been shown.
    fn precedes(&self, next: &Descriptor) -> bool {
        let follows = match (self.picture_id, next.picture_id) {
            (Some(shown), Some(next)) => next == shown.wrapping_add(1) & 0x7fff,
            _ => false,
        };
        let (Some(shown), Some(tl0), Some(temporal)) =
            (self.tl0_pic_idx, next.tl0_pic_idx, next.temporal)
        else {
            return follows;
        };
        if temporal.layer == 0 {
            tl0 == shown.wrapping_add(1)
        } else {
            tl0 == shown && (temporal.sync || follows)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vp8::Temporal;

    #[test]
    fn nothing_is_shown_before_a_key_frame() {
        let mut playback = Playback::default();
        playback.push(frame(1, false, 1, 1, 0, false));
        assert!(playback.next().is_none());

        playback.push(frame(2, true, 2, 2, 0, false));

        assert_eq!(playback.next().map(|f| f.first), Some(2));
        assert_eq!(playback.undecodable, 1);
    }

    #[test]
    fn a_frame_waits_for_the_one_that_it_refers_to() {
        let mut playback = Playback::default();
        playback.push(frame(1, true, 1, 255, 0, false));
        playback.push(frame(3, false, 3, 1, 0, false));
        assert_eq!(all(&mut playback), [1]);

        playback.push(frame(2, false, 2, 0, 0, false));

        assert_eq!(all(&mut playback), [2, 3]);
        assert_eq!(playback.undecodable, 0);
    }

    #[test]
    fn a_lost_upper_frame_breaks_its_dependents_alone() {
        let mut playback = Playback::default();
        playback.push(frame(1, true, 1, 7, 0, false));
        playback.push(frame(2, false, 2, 7, 2, true));
        playback.push(frame(4, false, 4, 7, 2, false));
        playback.push(frame(5, false, 5, 8, 0, false));

        assert_eq!(all(&mut playback), [1, 2, 5]);
        assert_eq!(playback.undecodable, 1);
    }

    #[test]
    fn a_frame_of_the_past_is_not_shown() {
        let mut playback = Playback::default();
        playback.push(frame(5, true, 5, 1, 0, false));
        assert_eq!(all(&mut playback), [5]);

        playback.push(frame(4, true, 4, 1, 0, false));

        assert!(all(&mut playback).is_empty());
    }

    #[test]
    fn a_stuck_stream_asks_for_key_frames_at_intervals() {
        let start = Instant::now();
        let mut playback = Playback::default();
        playback.note_packet(start);

        assert!(!playback.needs_key_frame(start));
        assert!(playback.needs_key_frame(start + PATIENCE));
        assert!(!playback.needs_key_frame(start + PATIENCE));
        assert!(playback.needs_key_frame(start + PATIENCE + REQUEST_INTERVAL));
        playback.push(frame(5, true, 5, 1, 0, false));
        playback.next();
        assert_eq!(playback.key_frame_due(), None);
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut playback = Playback::default();
        for sequence in 0..=MOST_WAITING as u64 {
            playback.push(frame(sequence, false, 1, 1, 0, false));
        }

        assert_eq!(playback.waiting.len(), MOST_WAITING);
    }

    fn all(playback: &mut Playback) -> Vec<u64> {
        std::iter::from_fn(|| playback.next())
            .map(|frame| frame.first)
            .collect()
    }

    fn frame(at: u64, key: bool, picture_id: u16, tl0: u8, layer: u8, sync: bool) -> Frame {
        let mut data = Vec::new();
        let header = if key {
            Header::Key {
                width: 1,
                height: 1,
            }
        } else {
            Header::Delta
        };
        header.write(&mut data);
        Frame {
            first: at,
            last: at,
            timestamp: 0,
            descriptor: Descriptor {
                starts_frame: true,
                picture_id: Some(picture_id),
                tl0_pic_idx: Some(tl0),
                temporal: Some(Temporal { layer, sync }),
            },
            data,
        }
    }
}
