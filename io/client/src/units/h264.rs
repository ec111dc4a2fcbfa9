//! H264 in packets (RFC 6184, section 5), put into a byte stream.

const START_CODE: [u8; 4] = [0, 0, 0, 1];
const TYPE: u8 = 0x1f;
const SEVERAL: u8 = 24;
const FRAGMENT: u8 = 28;
const FRAGMENT_STARTS: u8 = 0x80;

/// `None`: a packet is cut off, or of a kind that is not negotiated.
pub(super) fn frame<'a>(packets: impl Iterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut stream = Vec::new();
    for packet in packets {
        let (first, rest) = packet.split_first()?;
        match first & TYPE {
            1..SEVERAL => append(&mut stream, packet),
            SEVERAL => several(&mut stream, rest)?,
            FRAGMENT => {
                let (header, data) = rest.split_first()?;
                if header & FRAGMENT_STARTS != 0 {
                    append(&mut stream, &[first & !TYPE | header & TYPE]);
                }
                stream.extend_from_slice(data);
            }
            _ => return None,
        }
    }
    Some(stream)
}

fn append(stream: &mut Vec<u8>, unit: &[u8]) {
    stream.extend(START_CODE);
    stream.extend_from_slice(unit);
}

fn several(stream: &mut Vec<u8>, mut units: &[u8]) -> Option<()> {
    while let Some((length, rest)) = units.split_first_chunk::<2>() {
        let (unit, behind) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        append(stream, unit);
        units = behind;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_put_together_and_taken_apart() {
        let packets: [&[u8]; 4] = [
            &[0x78, 0, 2, 0x67, 1, 0, 1, 0x68],
            &[0x65, 2],
            &[0x7c, 0x85, 3],
            &[0x7c, 0x45, 4],
        ];

        let stream = frame(packets.into_iter());

        let units: [&[u8]; 4] = [&[0x67, 1], &[0x68], &[0x65, 2], &[0x65, 3, 4]];
        let expected: Vec<u8> = units
            .iter()
            .flat_map(|unit| [&START_CODE, *unit].concat())
            .collect();
        assert_eq!(stream, Some(expected));
        assert_eq!(frame([[0x78, 0, 9, 1].as_slice()].into_iter()), None);
        assert_eq!(frame([[].as_slice()].into_iter()), None);
    }
}
