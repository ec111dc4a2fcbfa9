//! Frames out of packets that come in any order.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::vp8::Descriptor;

/// The packets of one VP8 stream that are not part of a whole frame yet.
#[derive(Default)]
pub(crate) struct Assembly {
    packets: BTreeMap<u64, Packet>,
}

/// One packet, by its extended sequence number.
pub(crate) struct Packet {
    pub(crate) timestamp: u32,
    pub(crate) marker: bool,
    pub(crate) payload: Arc<[u8]>,
}

/// All packets of one timestamp, from the first partition's start to the marker.
#[derive(Debug)]
pub(crate) struct Frame {
    /// Sequence numbers.
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) timestamp: u32,
    pub(crate) descriptor: Descriptor,
    /// The VP8 data.
    pub(crate) data: Vec<u8>,
}

/// Ten seconds of a fast stream; the oldest make room.
pub(crate) const MOST_PACKETS: usize = 4096;

impl Assembly {
    /// The frame that this packet completes.
    pub(crate) fn insert(&mut self, sequence: u64, packet: Packet) -> Option<Frame> {
        let timestamp = packet.timestamp;
        self.packets.insert(sequence, packet);
        if self.packets.len() > MOST_PACKETS {
            self.packets.pop_first();
        }
        let first = self.first_of(sequence, timestamp)?;
        let last = self.last_of(sequence, timestamp)?;
        self.take(first, last)
    }

    /// What is older is of no use any more.
    pub(crate) fn forget_before(&mut self, sequence: u64) {
        self.packets = self.packets.split_off(&sequence);
    }

    fn first_of(&self, sequence: u64, timestamp: u32) -> Option<u64> {
        let mut at = sequence;
        loop {
            let packet = self.packets.get(&at).filter(|p| p.timestamp == timestamp)?;
            let (descriptor, _) = Descriptor::read(&packet.payload)?;
            if descriptor.starts_frame {
                return Some(at);
            }
            at = at.checked_sub(1)?;
        }
    }

    fn last_of(&self, sequence: u64, timestamp: u32) -> Option<u64> {
        let mut at = sequence;
        loop {
            let packet = self.packets.get(&at).filter(|p| p.timestamp == timestamp)?;
            if packet.marker {
                return Some(at);
            }
            at += 1;
        }
    }

    fn take(&mut self, first: u64, last: u64) -> Option<Frame> {
        let mut frame: Option<Frame> = None;
        for sequence in first..=last {
            let packet = self.packets.remove(&sequence)?;
            let (descriptor, data) = Descriptor::read(&packet.payload)?;
            let frame = frame.get_or_insert_with(|| Frame {
                first,
                last,
                timestamp: packet.timestamp,
                descriptor,
                data: Vec::new(),
            });
            frame.data.extend_from_slice(data);
        }
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_whole_in_any_order_of_its_packets() {
        let orders = [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ];
        for order in orders {
            let mut assembly = Assembly::default();
            let frames: Vec<_> = order
                .iter()
                .filter_map(|index| assembly.insert(10 + index, packet(7, *index, 3)))
                .collect();

            assert_eq!(frames.len(), 1, "{order:?}");
            assert_eq!((frames[0].first, frames[0].last), (10, 12));
            assert_eq!(frames[0].data, [0, 1, 2]);
            assert!(assembly.packets.is_empty());
        }
    }

    #[test]
    fn packets_of_two_frames_do_not_mix() {
        let mut assembly = Assembly::default();
        assert!(assembly.insert(10, packet(7, 0, 2)).is_none());
        assert!(assembly.insert(12, packet(8, 0, 2)).is_none());

        assert!(assembly.insert(13, packet(8, 1, 2)).is_some());
        assert!(assembly.insert(11, packet(7, 1, 2)).is_some());
    }

    #[test]
    fn a_frame_without_its_start_or_its_marker_is_not_whole() {
        let mut assembly = Assembly::default();

        assert!(assembly.insert(11, packet(7, 1, 3)).is_none());
        assert!(assembly.insert(12, packet(7, 2, 3)).is_none());
        assert!(assembly.insert(13, packet(8, 0, 2)).is_none());
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut assembly = Assembly::default();
        for sequence in 0..2 * MOST_PACKETS as u64 {
            assembly.insert(sequence, packet(sequence as u32, 1, 3));
        }

        assert_eq!(assembly.packets.len(), MOST_PACKETS);
    }

    fn packet(timestamp: u32, index: u64, of: u64) -> Packet {
        let mut payload = Vec::new();
        Descriptor {
            starts_frame: index == 0,
            picture_id: None,
            tl0_pic_idx: None,
            temporal: None,
        }
        .write(&mut payload);
        payload.push(index as u8);
        Packet {
            timestamp,
            marker: index + 1 == of,
            payload: payload.into(),
        }
    }
}
