//! Redundant audio (RFC 2198): where the primary block lies.

use std::ops::Range;

use super::{Malformed, read_byte};

/// The block that a receiver without RED needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Primary {
    /// Of the primary encoding, in the publisher's numbering.
    pub payload_type: u8,
    /// Where in the RED payload the block's bytes are.
    pub bytes: Range<usize>,
}

/// Finds the primary block, which is the last one.
pub fn primary(payload: &[u8]) -> Result<Primary, Malformed> {
    let mut at = 0;
    let mut redundant = 0;
    for _ in 0..=MAX_REDUNDANT_BLOCKS {
        let head = read_byte(payload, &mut at)?;
        if head & FOLLOWS == 0 {
            return locate(payload, at + redundant, head);
        }
        // The timestamp offset has 14 bits, the length behind it 10.
        read_byte(payload, &mut at)?;
        let high = read_byte(payload, &mut at)? & 0x03;
        let low = read_byte(payload, &mut at)?;
        redundant += usize::from(u16::from_be_bytes([high, low]));
    }
    Err(Malformed::Invalid)
}

fn locate(payload: &[u8], start: usize, payload_type: u8) -> Result<Primary, Malformed> {
    if start > payload.len() {
        return Err(Malformed::Truncated);
    }
    Ok(Primary {
        payload_type,
        bytes: start..payload.len(),
    })
}

/// F: another block header follows this one.
const FOLLOWS: u8 = 0x80;

/// Browsers send one or two; more would only cost time.
pub const MAX_REDUNDANT_BLOCKS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primary_block_follows_the_redundant_ones() {
        // One redundant block of 3 bytes, 960 ticks older.
        let payload = [0xef, 0x0f, 0x00, 0x03, 0x6f, 1, 2, 3, 7, 8];

        let primary = primary(&payload).unwrap();

        assert_eq!(primary.payload_type, 0x6f);
        assert_eq!(&payload[primary.bytes], &[7, 8]);
    }

    #[test]
    fn a_lone_primary_block_is_found() {
        assert_eq!(primary(&[0x6f, 9]).unwrap().bytes, 1..2);
    }

    #[test]
    fn a_block_longer_than_the_packet_is_refused() {
        let payload = [0xef, 0x0f, 0x03, 0xff, 0x6f, 1, 2];

        assert_eq!(primary(&payload), Err(Malformed::Truncated));
    }

    #[test]
    fn too_many_blocks_are_refused() {
        let payload = [0x80, 0, 0, 0].repeat(MAX_REDUNDANT_BLOCKS + 1);

        assert_eq!(primary(&payload), Err(Malformed::Invalid));
    }

    #[test]
    fn headers_without_an_end_are_refused() {
        assert_eq!(primary(&[]), Err(Malformed::Truncated));
        assert_eq!(primary(&[0x80, 0, 0, 0]), Err(Malformed::Truncated));
    }
}
