//! Whole frames of VP9, AV1 and H264 out of packets that come in any order: enough to open them, not to play them.

use std::collections::BTreeMap;

use crate::assembly::{MOST_PACKETS, Packet};
use crate::reception::Codec;

mod av1;
mod h264;
mod vp9;

/// The packets of one stream that are not part of a whole picture yet.
#[derive(Default)]
pub(crate) struct Units {
    packets: BTreeMap<u64, Packet>,
    /// The last packet of the last picture that was whole.
    taken: Option<u64>,
}

/// What a packet says of its place in a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Bounds {
    starts: bool,
    ends: bool,
}

impl Units {
    /// The frames of the picture that this packet completes: of scalable streams, one for each layer.
    pub(crate) fn insert(&mut self, codec: Codec, sequence: u64, packet: Packet) -> Vec<Vec<u8>> {
        self.packets.insert(sequence, packet);
        if self.packets.len() > MOST_PACKETS {
            self.packets.pop_first();
        }
        let Some((first, last)) = self.whole(codec, sequence) else {
            return Vec::new();
        };
        let run = self.packets.range(first..=last);
        let payloads: Vec<_> = run.map(|(_, packet)| packet.payload.clone()).collect();
        // Those before it are of pictures that lost something.
        self.packets = self.packets.split_off(&(last + 1));
        self.taken = Some(last);
        let payloads = payloads.iter().map(AsRef::as_ref);
        match codec {
            Codec::Vp9 => vp9::frame(payloads).into_iter().collect(),
            Codec::Av1 => av1::frames(payloads),
            Codec::H264 => h264::frame(payloads).into_iter().collect(),
            Codec::Opus | Codec::Red | Codec::Vp8 | Codec::Other => Vec::new(),
        }
    }

    /// The packets from a start to an end around this one, if none is missing.
    fn whole(&self, codec: Codec, sequence: u64) -> Option<(u64, u64)> {
        let mut first = sequence;
        while !self.bounds(codec, first)?.starts {
            first = first.checked_sub(1)?;
        }
        let mut last = sequence;
        while !self.bounds(codec, last)?.ends {
            last += 1;
        }
        Some((first, last))
    }

    /// `None`: it is not here.
    fn bounds(&self, codec: Codec, sequence: u64) -> Option<Bounds> {
        let packet = self.packets.get(&sequence)?;
        if codec == Codec::Vp9 {
            return vp9::bounds(&packet.payload);
        }
        // Nothing in the packet itself says where a picture begins, but that another ends before it.
        let before = sequence.checked_sub(1);
        let follows = |before: u64| {
            let ends = |last: &Packet| last.marker || last.timestamp != packet.timestamp;
            self.taken == Some(before) || self.packets.get(&before).is_some_and(ends)
        };
        Some(Bounds {
            starts: before.is_none_or(follows),
            ends: packet.marker,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layers_frame_is_whole_in_any_order_of_its_packets() {
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let mut units = Units::default();
            let payloads = [&[0x08, 1][..], &[0x00, 2], &[0x04, 3]];
            let frames: Vec<_> = order
                .iter()
                .flat_map(|at| {
                    units.insert(Codec::Vp9, 10 + *at as u64, packet(payloads[*at], false))
                })
                .collect();

            assert_eq!(frames, [[1, 2, 3]], "{order:?}");
            assert!(units.packets.is_empty());
        }
    }

    #[test]
    fn a_picture_without_a_start_begins_behind_the_end_of_another() {
        let mut units = Units::default();
        let mut insert = |sequence, payload: &[u8], marker| {
            units.insert(Codec::H264, sequence, packet(payload, marker))
        };
        assert!(
            insert(5, &[0x41, 1], true).is_empty(),
            "what was before is not known"
        );
        assert_eq!(insert(6, &[0x41, 2], true), [[0, 0, 0, 1, 0x41, 2]]);
        assert!(insert(8, &[0x41, 4], true).is_empty());
        assert_eq!(
            insert(7, &[0x41, 3], false),
            [[0, 0, 0, 1, 0x41, 3, 0, 0, 0, 1, 0x41, 4]]
        );
    }

    #[test]
    fn a_picture_that_breaks_off_is_no_part_of_the_next() {
        let mut units = Units::default();
        let mut insert = |sequence, timestamp, payload: &[u8], marker| {
            let packet = Packet {
                timestamp,
                ..packet(payload, marker)
            };
            units.insert(Codec::H264, sequence, packet)
        };
        insert(5, 7, &[0x41, 1], true);
        assert!(insert(6, 8, &[0x41, 2], false).is_empty());
        assert_eq!(insert(7, 9, &[0x41, 3], true), [[0, 0, 0, 1, 0x41, 3]]);
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut units = Units::default();
        for number in 1..=2 * MOST_PACKETS as u64 {
            units.insert(Codec::Vp9, 2 * number, packet(&[0], false));
        }

        assert_eq!(units.packets.len(), MOST_PACKETS);
    }

    fn packet(payload: &[u8], marker: bool) -> Packet {
        Packet {
            timestamp: 7,
            marker,
            payload: payload.into(),
        }
    }
}
