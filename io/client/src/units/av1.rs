//! AV1 in packets (RTP Payload Format For AV1, section 4), put into OBUs that have their sizes.

const CONTINUES: u8 = 0x80;
const TO_BE_CONTINUED: u8 = 0x40;
const HAS_EXTENSION: u8 = 0x04;
const HAS_SIZE: u8 = 0x02;
const FRAME: u8 = 6;

/// Of each layer of a picture: an OBU_FRAME, and what precedes it. Without what is cut off.
pub(super) fn frames<'a>(packets: impl Iterator<Item = &'a [u8]>) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    let mut frame = Vec::new();
    for obu in obus(packets) {
        let is_last = kind(&obu) == Some(FRAME);
        if append(&mut frame, &obu).is_some() && is_last {
            frames.push(std::mem::take(&mut frame));
        }
    }
    frames
}

/// As they are in the packets: fragments joined.
fn obus<'a>(packets: impl Iterator<Item = &'a [u8]>) -> Vec<Vec<u8>> {
    let mut obus: Vec<Vec<u8>> = Vec::new();
    let mut is_open = false;
    for packet in packets {
        let Some((header, rest)) = packet.split_first() else {
            continue;
        };
        let mut continues = header & CONTINUES != 0 && is_open;
        for element in elements(header >> 4 & 0x03, rest) {
            match obus.last_mut().filter(|_| continues) {
                Some(obu) => obu.extend_from_slice(element),
                None => obus.push(element.to_vec()),
            }
            continues = false;
        }
        is_open = header & TO_BE_CONTINUED != 0;
    }
    obus
}

/// `count` of them, of which the last has no length; or, for 0, as many as there are.
fn elements(count: u8, mut rest: &[u8]) -> Vec<&[u8]> {
    let mut elements = Vec::new();
    while !rest.is_empty() {
        if count > 0 && elements.len() + 1 == usize::from(count) {
            elements.push(rest);
            break;
        }
        let Some((length, behind)) = leb128(rest) else {
            break;
        };
        let Some((element, behind)) = behind.split_at_checked(length) else {
            break;
        };
        elements.push(element);
        rest = behind;
    }
    elements
}

fn kind(obu: &[u8]) -> Option<u8> {
    Some(obu.first()? >> 3 & 0x0f)
}

/// `None`: it is cut off.
fn append(frame: &mut Vec<u8>, obu: &[u8]) -> Option<()> {
    let (header, rest) = obu.split_first()?;
    let extension = usize::from(header & HAS_EXTENSION != 0);
    let (extension, mut payload) = rest.split_at_checked(extension)?;
    if header & HAS_SIZE != 0 {
        let (size, behind) = leb128(payload)?;
        payload = behind.get(..size)?;
    }
    frame.push(header | HAS_SIZE);
    frame.extend_from_slice(extension);
    write_leb128(frame, payload.len());
    frame.extend_from_slice(payload);
    Some(())
}

/// Four bytes of it are more than any packet's.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(4).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}

fn write_leb128(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two layers: a sequence header and a frame that is torn apart; then a frame with an extension.
    #[test]
    fn each_layer_is_a_frame_with_what_precedes_it() {
        let packets: [&[u8]; 3] = [
            &[0x68, 0x02, 0x08, 0xaa, 0x30, 1, 2],
            &[0x90, 3],
            &[0x10, 0x34, 0x28, 4],
        ];

        let frames = frames(packets.into_iter());

        let layers: [&[u8]; 2] = [&[0x0a, 1, 0xaa, 0x32, 3, 1, 2, 3], &[0x36, 0x28, 1, 4]];
        assert_eq!(frames, layers);
    }

    #[test]
    fn sizes_take_as_many_bytes_as_they_need() {
        let mut obu = vec![0x30];
        obu.extend([7; 200]);
        let packet = [&[0x10], obu.as_slice()].concat();

        let frames = frames([packet.as_slice()].into_iter());

        assert_eq!(frames[0][..3], [0x32, 0xc8, 0x01]);
        assert_eq!(frames[0].len(), 203);
    }
}
