//! The aggregation header of AV1 packets (RTP Payload Format For AV1, section 4.4).

use super::{Malformed, read_byte};

/// The first byte of each payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AggregationHeader {
    /// Z: the first element continues one of the packet before.
    pub continues: bool,
    /// N: the packet is the first of a coded video sequence, hence of a key frame.
    pub starts_sequence: bool,
}

impl AggregationHeader {
    pub fn parse(payload: &[u8]) -> Result<Self, Malformed> {
        let byte = read_byte(payload, &mut 0)?;
        let header = Self {
            continues: byte & 0x80 != 0,
            starts_sequence: byte & 0x08 != 0,
        };
        if header.continues && header.starts_sequence {
            return Err(Malformed::Invalid);
        }
        Ok(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_sequence_is_seen() {
        assert!(AggregationHeader::parse(&[0x18]).unwrap().starts_sequence);
        assert!(!AggregationHeader::parse(&[0x10]).unwrap().starts_sequence);
    }

    #[test]
    fn a_sequence_does_not_start_in_the_middle_of_an_element() {
        assert_eq!(AggregationHeader::parse(&[0x88]), Err(Malformed::Invalid));
        assert_eq!(AggregationHeader::parse(&[]), Err(Malformed::Truncated));
    }
}
