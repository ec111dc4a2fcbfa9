//! VP9 in packets (RFC 9628, section 4.2).

use super::Bounds;

const PICTURE_ID: u8 = 0x80;
const PREDICTED: u8 = 0x40;
const LAYERS: u8 = 0x20;
const FLEXIBLE: u8 = 0x10;
const START: u8 = 0x08;
const END: u8 = 0x04;
const STRUCTURE: u8 = 0x02;

/// Of a layer's frame. `None`: cut off.
pub(super) fn bounds(packet: &[u8]) -> Option<Bounds> {
    let first = packet.first()?;
    Some(Bounds {
        starts: first & START != 0,
        ends: first & END != 0,
    })
}

/// `None`: a descriptor is cut off.
pub(super) fn frame<'a>(packets: impl Iterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut frame = Vec::new();
    for packet in packets {
        frame.extend_from_slice(data(packet)?);
    }
    Some(frame)
}

/// What follows the descriptor.
fn data(packet: &[u8]) -> Option<&[u8]> {
    let (first, mut rest) = packet.split_first()?;
    if first & PICTURE_ID != 0 {
        let wide = rest.first()? & 0x80 != 0;
        rest = rest.get(if wide { 2 } else { 1 }..)?;
    }
    if first & LAYERS != 0 {
        let has_tl0 = first & FLEXIBLE == 0;
        rest = rest.get(if has_tl0 { 2 } else { 1 }..)?;
    }
    if first & FLEXIBLE != 0 && first & PREDICTED != 0 {
        for _ in 0..MOST_REFERENCES {
            let (reference, behind) = rest.split_first()?;
            rest = behind;
            if reference & 1 == 0 {
                break;
            }
        }
    }
    if first & STRUCTURE != 0 {
        rest = behind_structure(rest)?;
    }
    Some(rest)
}

const MOST_REFERENCES: usize = 3;

fn behind_structure(structure: &[u8]) -> Option<&[u8]> {
    let (first, mut rest) = structure.split_first()?;
    let layers = usize::from(first >> 5) + 1;
    if first & 0x10 != 0 {
        rest = rest.get(4 * layers..)?;
    }
    if first & 0x08 != 0 {
        let (pictures, behind) = rest.split_first()?;
        rest = behind;
        for _ in 0..*pictures {
            let (picture, behind) = rest.split_first()?;
            rest = behind.get(usize::from(picture >> 2 & 0x03)..)?;
        }
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_read_over() {
        let cases: [&[u8]; 6] = [
            &[0x00],
            &[0x80, 0x11],
            &[0xa0, 0x81, 0x22, 0x07, 0x09],
            &[0xf0, 0x81, 0x22, 0x07, 0x03, 0x02],
            &[0x02, 0x30, 0, 1, 0, 2, 0, 3, 0, 4],
            &[0x02, 0x08, 0x02, 0x04, 0x01, 0x00],
        ];
        for descriptor in cases {
            let packet = [descriptor, &[0xaa, 0xbb]].concat();
            assert_eq!(
                data(&packet),
                Some([0xaa, 0xbb].as_slice()),
                "{descriptor:x?}"
            );
            assert!(data(&descriptor[..descriptor.len() - 1]).is_none_or(<[u8]>::is_empty));
        }
    }
}
