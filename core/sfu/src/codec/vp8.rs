//! The VP8 payload descriptor (RFC 7741, section 4.2).

use super::{Malformed, PictureId, read_byte, read_picture_id};

/// What precedes the VP8 data of each packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// N: the frame can be dropped without harm to others.
    pub non_reference: bool,
    /// S: the packet starts a partition.
    pub starts_partition: bool,
    /// PID: the partition's index.
    pub partition: u8,
    pub picture_id: Option<PictureId>,
    pub tl0_pic_idx: Option<u8>,
    pub temporal: Option<Temporal>,
    pub key_idx: Option<u8>,
    /// The packet is the first of a key frame.
    pub starts_key_frame: bool,
    /// Bytes of the descriptor; VP8 data follow.
    pub length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Temporal {
    /// TID, 0 to 3.
    pub id: u8,
    /// Y: the frame depends on frames of temporal layer 0 only.
    pub sync: bool,
}

impl Descriptor {
    /// Reads the descriptor, and the first bit of the VP8 data behind it.
    pub fn parse(payload: &[u8]) -> Result<Self, Malformed> {
        let mut at = 0;
        let first = read_byte(payload, &mut at)?;
        let mut descriptor = Self {
            non_reference: first & 0x20 != 0,
            starts_partition: first & 0x10 != 0,
            partition: first & 0x07,
            picture_id: None,
            tl0_pic_idx: None,
            temporal: None,
            key_idx: None,
            starts_key_frame: false,
            length: 0,
        };
        if first & 0x80 != 0 {
            descriptor.parse_extension(payload, &mut at)?;
        }
        descriptor.length = at;
        let data = read_byte(payload, &mut at)?;
        let starts_frame = descriptor.starts_partition && descriptor.partition == 0;
        descriptor.starts_key_frame = starts_frame && data & INVERSE_KEY_FRAME == 0;
        Ok(descriptor)
    }

    fn parse_extension(&mut self, payload: &[u8], at: &mut usize) -> Result<(), Malformed> {
        let present = read_byte(payload, at)?;
        let [has_picture_id, has_tl0_pic_idx, has_temporal, has_key_idx] =
            [0x80, 0x40, 0x20, 0x10].map(|bit| present & bit != 0);
        if has_tl0_pic_idx && !has_temporal {
            return Err(Malformed::Invalid);
        }
        if has_picture_id {
            self.picture_id = Some(read_picture_id(payload, at)?);
        }
        if has_tl0_pic_idx {
            self.tl0_pic_idx = Some(read_byte(payload, at)?);
        }
        if has_temporal || has_key_idx {
            let byte = read_byte(payload, at)?;
            self.temporal = has_temporal.then_some(Temporal {
                id: byte >> 6,
                sync: byte & 0x20 != 0,
            });
            self.key_idx = has_key_idx.then_some(byte & 0x1f);
        }
        Ok(())
    }
}

/// P of the VP8 payload header: clear in key frames.
const INVERSE_KEY_FRAME: u8 = 0x01;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_descriptor_is_read() {
        let payload = [0x90, 0xf0, 0x92, 0x34, 0x55, 0xa7, 0x00];

        let descriptor = Descriptor::parse(&payload).unwrap();

        let wide = PictureId {
            value: 0x1234,
            wide: true,
        };
        assert_eq!(descriptor.picture_id, Some(wide));
        assert_eq!(descriptor.tl0_pic_idx, Some(0x55));
        assert_eq!(descriptor.temporal, Some(Temporal { id: 2, sync: true }));
        assert_eq!(descriptor.key_idx, Some(7));
        assert_eq!(descriptor.length, 6);
        assert!(descriptor.starts_key_frame);
    }

    #[test]
    fn a_short_picture_id_has_seven_bits() {
        let descriptor = Descriptor::parse(&[0x90, 0x80, 0x42, 0x01]).unwrap();

        let short = PictureId {
            value: 0x42,
            wide: false,
        };
        assert_eq!(descriptor.picture_id, Some(short));
        assert!(!descriptor.starts_key_frame);
    }

    #[test]
    fn only_the_first_packet_of_a_key_frame_starts_it() {
        assert!(Descriptor::parse(&[0x10, 0x00]).unwrap().starts_key_frame);
        assert!(!Descriptor::parse(&[0x00, 0x00]).unwrap().starts_key_frame);
        assert!(!Descriptor::parse(&[0x11, 0x00]).unwrap().starts_key_frame);
        assert!(!Descriptor::parse(&[0x10, 0x01]).unwrap().starts_key_frame);
    }

    #[test]
    fn each_truncation_is_refused() {
        let payload = [0x90, 0xf0, 0x92, 0x34, 0x55, 0xa7, 0x00];

        for length in 0..payload.len() {
            let cut = &payload[..length];
            assert_eq!(Descriptor::parse(cut), Err(Malformed::Truncated));
        }
    }

    #[test]
    fn a_base_layer_index_without_a_temporal_layer_is_refused() {
        let payload = [0x90, 0x40, 0x01, 0x00];

        assert_eq!(Descriptor::parse(&payload), Err(Malformed::Invalid));
    }
}
