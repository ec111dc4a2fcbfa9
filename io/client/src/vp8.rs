//! VP8 on the wire: payload descriptors (RFC 7741) and frame headers (RFC 6386, section 9.1).

/// What precedes the VP8 data of each packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// The packet is the first of its frame.
    pub(crate) starts_frame: bool,
    /// 15 bits.
    pub(crate) picture_id: Option<u16>,
    pub(crate) tl0_pic_idx: Option<u8>,
    pub(crate) temporal: Option<Temporal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Temporal {
    pub(crate) layer: u8,
    /// Depends on frames of temporal layer 0 only.
    pub(crate) sync: bool,
}

/// The beginning of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Header {
    Key { width: u16, height: u16 },
    Delta,
}

const EXTENDED: u8 = 0x80;
const START: u8 = 0x10;
const PARTITION: u8 = 0x07;
const HAS_PICTURE_ID: u8 = 0x80;
const HAS_TL0: u8 = 0x40;
const HAS_TEMPORAL: u8 = 0x20;
const HAS_KEY_INDEX: u8 = 0x10;
const WIDE: u8 = 0x80;
const SYNC: u8 = 0x20;

impl Descriptor {
    pub(crate) fn write(&self, packet: &mut Vec<u8>) {
        let start = if self.starts_frame { START } else { 0 };
        let present = self.picture_id.map_or(0, |_| HAS_PICTURE_ID)
            | self.tl0_pic_idx.map_or(0, |_| HAS_TL0)
            | self.temporal.map_or(0, |_| HAS_TEMPORAL);
        if present == 0 {
            packet.push(start);
            return;
        }
        packet.push(EXTENDED | start);
        packet.push(present);
        if let Some(picture_id) = self.picture_id {
            let [high, low] = picture_id.to_be_bytes();
            packet.extend([WIDE | high, low]);
        }
        packet.extend(self.tl0_pic_idx);
        if let Some(temporal) = self.temporal {
            let sync = if temporal.sync { SYNC } else { 0 };
            packet.push(temporal.layer << 6 | sync);
        }
    }

    /// The descriptor, and the VP8 data behind it. `None`: cut off.
    pub(crate) fn read(packet: &[u8]) -> Option<(Self, &[u8])> {
        let (first, mut rest) = packet.split_first()?;
        let mut descriptor = Self {
            starts_frame: first & START != 0 && first & PARTITION == 0,
            picture_id: None,
            tl0_pic_idx: None,
            temporal: None,
        };
        if first & EXTENDED != 0 {
            let present = take(&mut rest)?;
            if present & HAS_PICTURE_ID != 0 {
                let high = take(&mut rest)?;
                descriptor.picture_id = Some(if high & WIDE == 0 {
                    high.into()
                } else {
                    u16::from_be_bytes([high & !WIDE, take(&mut rest)?])
                });
            }
            if present & HAS_TL0 != 0 {
                descriptor.tl0_pic_idx = Some(take(&mut rest)?);
            }
            if present & (HAS_TEMPORAL | HAS_KEY_INDEX) != 0 {
                let byte = take(&mut rest)?;
                descriptor.temporal = (present & HAS_TEMPORAL != 0).then_some(Temporal {
                    layer: byte >> 6,
                    sync: byte & SYNC != 0,
                });
            }
        }
        Some((descriptor, rest))
    }
}

fn take(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

const INTER_FRAME: u8 = 0x01;
const SHOWN: u8 = 0x10;
const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];
/// Width and height have 14 bits; two bits of each say how to scale.
const SIZE: u16 = 0x3fff;

impl Header {
    pub(crate) fn write(self, frame: &mut Vec<u8>) {
        match self {
            Self::Key { width, height } => {
                frame.extend([SHOWN, 0, 0]);
                frame.extend(START_CODE);
                frame.extend((width & SIZE).to_le_bytes());
                frame.extend((height & SIZE).to_le_bytes());
            }
            Self::Delta => frame.extend([SHOWN | INTER_FRAME, 0, 0]),
        }
    }

    /// The header, and what follows it. `None`: no VP8 frame begins like this.
    pub(crate) fn read(frame: &[u8]) -> Option<(Self, &[u8])> {
        let (tag, rest) = frame.split_first_chunk::<3>()?;
        if tag.first()? & INTER_FRAME != 0 {
            return Some((Self::Delta, rest));
        }
        let rest = rest.strip_prefix(&START_CODE)?;
        let (width, rest) = rest.split_first_chunk::<2>()?;
        let (height, rest) = rest.split_first_chunk::<2>()?;
        let key = Self::Key {
            width: u16::from_le_bytes(*width) & SIZE,
            height: u16::from_le_bytes(*height) & SIZE,
        };
        Some((key, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_descriptor_is_read_back() {
        let temporal = |layer, sync| Some(Temporal { layer, sync });
        let cases = [
            (true, None, None, None),
            (false, Some(0x7fff), Some(255), temporal(0, false)),
            (true, Some(3), Some(0), temporal(2, true)),
        ];
        for (starts_frame, picture_id, tl0_pic_idx, temporal) in cases {
            let descriptor = Descriptor {
                starts_frame,
                picture_id,
                tl0_pic_idx,
                temporal,
            };
            let mut packet = Vec::new();
            descriptor.write(&mut packet);
            packet.push(0xaa);

            assert_eq!(
                Descriptor::read(&packet),
                Some((descriptor, [0xaa].as_slice()))
            );
            let length = packet.len() - 1;
            assert!((0..length).all(|cut| Descriptor::read(&packet[..cut]).is_none()));
        }
    }

    #[test]
    fn a_short_picture_id_and_a_key_index_are_read_over() {
        let (descriptor, data) = Descriptor::read(&[0x90, 0x90, 0x11, 0x05, 0x77]).unwrap();

        assert_eq!(descriptor.picture_id, Some(0x11));
        assert_eq!(descriptor.temporal, None);
        assert_eq!(data, [0x77]);
    }

    #[test]
    fn only_key_frames_have_a_size() {
        let key = Header::Key {
            width: 1280,
            height: 720,
        };
        for header in [key, Header::Delta] {
            let mut frame = Vec::new();
            header.write(&mut frame);

            assert_eq!(Header::read(&frame), Some((header, [].as_slice())));
            let length = frame.len();
            assert!((0..length).all(|cut| Header::read(&frame[..cut]).is_none()));
        }
    }
}
