//! Frames of VP9 that somebody else encodes, cut for the wire as they come (RFC 9628, section 4.2).

use std::time::{Duration, Instant};

/// One frame of a track that was published with [`crate::LiveOptions`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveFrame {
    pub data: Vec<u8>,
    /// It builds on no other.
    pub is_key: bool,
    pub width: u16,
    pub height: u16,
}

pub(crate) struct LiveSource {
    epoch: Instant,
    /// 15 bits; that of the last frame.
    picture_id: u16,
}

/// Of VP9 data in a packet: what browsers put there, headers and seal beside it.
const LARGEST_PACKET: usize = 1100;
/// 90 kHz.
const TICKS: u128 = 90_000;

const PICTURE_ID: u8 = 0x80;
const PREDICTED: u8 = 0x40;
const START: u8 = 0x08;
const END: u8 = 0x04;
const STRUCTURE: u8 = 0x02;
const WIDE: u8 = 0x80;
/// Of a structure with one layer: its size follows, and no groups of pictures.
const ONE_SIZE: u8 = 0x10;

impl LiveSource {
    pub(crate) fn new(epoch: Instant) -> Self {
        Self {
            epoch,
            picture_id: 0,
        }
    }

    pub(crate) fn timestamp(&self, now: Instant) -> u32 {
        let since: Duration = now.saturating_duration_since(self.epoch);
        (since.as_micros() * TICKS / 1_000_000) as u32
    }

    /// What is sealed already, in the place of the frame's data. The last packet carries the marker.
    pub(crate) fn packets(&mut self, frame: &LiveFrame, sealed: &[u8]) -> Vec<Vec<u8>> {
        self.picture_id = self.picture_id.wrapping_add(1) & 0x7fff;
        let count = sealed.chunks(LARGEST_PACKET).count();
        let chunks = sealed.chunks(LARGEST_PACKET).enumerate();
        chunks
            .map(|(index, chunk)| {
                let mut packet = self.descriptor(frame, index == 0, index + 1 == count);
                packet.extend_from_slice(chunk);
                packet
            })
            .collect()
    }

    fn descriptor(&self, frame: &LiveFrame, is_first: bool, is_last: bool) -> Vec<u8> {
        let tells_size = frame.is_key && is_first;
        let bits = [
            (!frame.is_key, PREDICTED),
            (is_first, START),
            (is_last, END),
            (tells_size, STRUCTURE),
        ];
        let set = bits.into_iter().filter(|(is_set, _)| *is_set);
        let first = set.fold(PICTURE_ID, |byte, (_, bit)| byte | bit);
        let [high, low] = self.picture_id.to_be_bytes();
        let mut descriptor = vec![first, WIDE | high, low];
        if tells_size {
            descriptor.push(ONE_SIZE);
            descriptor.extend(frame.width.to_be_bytes());
            descriptor.extend(frame.height.to_be_bytes());
        }
        descriptor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assembly::Packet;
    use crate::reception::Codec;
    use crate::units::Units;

    #[test]
    fn a_frame_is_whole_again_behind_its_packets() {
        let mut source = LiveSource::new(Instant::now());
        for (number, is_key) in [(0, true), (1, false)] {
            let sealed: Vec<u8> = (0..3_000_u16).map(|at| (at % 251) as u8).collect();
            let packets = source.packets(&frame(is_key), &sealed);
            assert_eq!(packets.len(), 3);
            assert!(packets.iter().all(|packet| packet.len() < 1_200));

            let mut units = Units::default();
            let whole = (0_u32..).zip(packets).flat_map(|(index, payload)| {
                let packet = Packet {
                    timestamp: number,
                    marker: index == 2,
                    payload: payload.into(),
                };
                units.insert(Codec::Vp9, u64::from(index), packet)
            });
            assert_eq!(whole.collect::<Vec<_>>(), [sealed]);
        }
    }

    #[test]
    fn only_a_key_frame_tells_its_size_and_builds_on_nothing() {
        let mut source = LiveSource::new(Instant::now());

        let key = source.packets(&frame(true), &[1]);
        let delta = source.packets(&frame(false), &[2]);

        assert_eq!(key, [[0x8e, 0x80, 1, 0x10, 2, 128, 1, 224, 1]]);
        assert_eq!(delta, [[0xcc, 0x80, 2, 2]]);
    }

    #[test]
    fn time_is_in_ticks_of_the_clock() {
        let epoch = Instant::now();

        let at = |ms| LiveSource::new(epoch).timestamp(epoch + Duration::from_millis(ms));

        assert_eq!((at(0), at(100), at(1_000)), (0, 9_000, 90_000));
    }

    fn frame(is_key: bool) -> LiveFrame {
        LiveFrame {
            data: Vec::new(),
            is_key,
            width: 640,
            height: 480,
        }
    }
}
