//! Chooses temporal layers of VP8, and rewrites what its payload descriptor counts.

use super::packet::{Packet, Vp8};
use super::pictures::{Picture, Pictures};
use super::{Choice, DropReason};
use crate::codec::vp8::Descriptor;

/// What the outgoing payload descriptor must say. A field is present exactly where the incoming
/// descriptor has it, and fits its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vp8Values {
    pub picture_id: Option<u16>,
    pub tl0_pic_idx: Option<u8>,
    pub key_idx: Option<u8>,
}

#[derive(Clone, Debug)]
pub(super) struct Vp8Rewriter {
    temporal: u8,
    pictures: Pictures,
    base_layer: Counter,
    key_frame: Counter,
}

/// A number that a switch continues by one. It fills the byte from the top, so that it rolls
/// over with the byte.
#[derive(Clone, Copy, Debug)]
struct Counter {
    bits: u32,
    offset: u8,
    newest: u8,
}

impl Vp8Rewriter {
    pub(super) fn new() -> Self {
        Self {
            temporal: 0,
            pictures: Pictures::new(),
            base_layer: Counter::new(8),
            key_frame: Counter::new(KEY_IDX_BITS),
        }
    }

    pub(super) fn temporal(&self) -> u8 {
        self.temporal
    }

    /// Another stream is sent from this key frame on.
    pub(super) fn start(&mut self, vp8: &Vp8, target: u8) {
        self.temporal = target.max(vp8.temporal());
        self.pictures.start(vp8.picture.unwrap_or(0));
        self.base_layer.start(vp8.descriptor.tl0_pic_idx);
        self.key_frame.start(vp8.descriptor.key_idx);
    }

    pub(super) fn choose(&mut self, packet: &Packet, vp8: &Vp8, target: u8) -> Choice {
        let Some(picture) = vp8.picture else {
            if packet.newest {
                self.adapt(&vp8.descriptor, target);
            }
            let keep = vp8.temporal() <= self.temporal;
            return if keep {
                Choice::keep(packet.marker, Some(self.values(vp8, 0)))
            } else {
                Choice::Drop(DropReason::Layer)
            };
        };
        let outgoing = match self.pictures.look_up(picture) {
            Picture::Kept(outgoing) => Some(outgoing),
            Picture::Dropped => None,
            Picture::TooOld => return Choice::Drop(DropReason::TooOld),
            Picture::Missing(_) => self.decide(picture, vp8),
            Picture::New => {
                self.adapt(&vp8.descriptor, target);
                self.decide(picture, vp8)
            }
        };
        match outgoing {
            Some(outgoing) => Choice::keep(packet.marker, Some(self.values(vp8, outgoing))),
            None => Choice::Drop(DropReason::Layer),
        }
    }

    fn decide(&mut self, picture: u64, vp8: &Vp8) -> Option<u16> {
        if vp8.temporal() <= self.temporal {
            return Some(self.pictures.keep(picture));
        }
        self.pictures.drop(picture);
        None
    }

    /// Down at once; up at a key frame, or one layer at a frame that needs the base layer only.
    fn adapt(&mut self, descriptor: &Descriptor, target: u8) {
        let own = descriptor.temporal.map_or(0, |temporal| temporal.id);
        if descriptor.starts_key_frame {
            self.temporal = target.max(own);
        } else if target < self.temporal {
            self.temporal = target;
        } else if let Some(temporal) = descriptor.temporal
            && temporal.sync
            && temporal.id == self.temporal + 1
            && temporal.id <= target
        {
            self.temporal = temporal.id;
        }
    }

    fn values(&mut self, vp8: &Vp8, picture: u16) -> Vp8Values {
        let descriptor = &vp8.descriptor;
        Vp8Values {
            picture_id: descriptor
                .picture_id
                .map(|id| picture & ((1 << id.bits()) - 1)),
            tl0_pic_idx: descriptor
                .tl0_pic_idx
                .map(|index| self.base_layer.map(index)),
            key_idx: descriptor.key_idx.map(|index| self.key_frame.map(index)),
        }
    }
}

impl Counter {
    fn new(bits: u32) -> Self {
        Self {
            bits,
            offset: 0,
            newest: 0,
        }
    }

    fn start(&mut self, first: Option<u8>) {
        let next = self.newest.wrapping_add(1 << self.shift());
        self.offset = next.wrapping_sub(first.unwrap_or(0) << self.shift());
    }

    fn map(&mut self, number: u8) -> u8 {
        let outgoing = (number << self.shift()).wrapping_add(self.offset);
        if (outgoing.wrapping_sub(self.newest) as i8) > 0 {
            self.newest = outgoing;
        }
        outgoing >> self.shift()
    }

    fn shift(&self) -> u32 {
        u8::BITS - self.bits
    }
}

const KEY_IDX_BITS: u32 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_rolls_over_and_a_switch_continues_it() {
        let mut counter = Counter::new(KEY_IDX_BITS);
        counter.start(Some(29));

        let before = [29, 30, 31, 0, 1].map(|number| counter.map(number));
        counter.start(Some(17));

        assert_eq!(before, [1, 2, 3, 4, 5]);
        assert_eq!(counter.map(17), 6);
    }
}
