//! Key frames of H264 packets (RFC 6184): single units, STAP-A and FU-A.

use super::{Malformed, read_byte, read_u16};

/// What a packet carries, as far as it matters for where a decoder can start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A sequence parameter set, which precedes the slices of a key frame.
    ParameterSet,
    /// The start of an instantaneous decoder refresh without its parameter set.
    Refresh,
    Other,
}

/// Looks into one RTP payload.
pub fn content(payload: &[u8]) -> Result<Content, Malformed> {
    let mut at = 0;
    match read_byte(payload, &mut at)? & UNIT_TYPE {
        STAP_A => aggregate(payload, at),
        FU_A => {
            let fragment = read_byte(payload, &mut at)?;
            let starts = fragment & 0x80 != 0;
            Ok(if starts {
                unit(fragment)
            } else {
                Content::Other
            })
        }
        header => Ok(unit(header)),
    }
}

fn aggregate(payload: &[u8], mut at: usize) -> Result<Content, Malformed> {
    let mut content = Content::Other;
    while at < payload.len() {
        let size = usize::from(read_u16(payload, &mut at)?);
        let bytes = payload.get(at..at + size).ok_or(Malformed::Truncated)?;
        let header = bytes.first().ok_or(Malformed::Invalid)?;
        match unit(*header) {
            Content::ParameterSet => return Ok(Content::ParameterSet),
            Content::Refresh => content = Content::Refresh,
            Content::Other => {}
        }
        at += size;
    }
    Ok(content)
}

fn unit(header: u8) -> Content {
    match header & UNIT_TYPE {
        5 => Content::Refresh,
        7 => Content::ParameterSet,
        _ => Content::Other,
    }
}

const UNIT_TYPE: u8 = 0x1f;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_units_are_told_apart() {
        assert_eq!(content(&[0x67, 0x42]), Ok(Content::ParameterSet));
        assert_eq!(content(&[0x65, 0x88]), Ok(Content::Refresh));
        assert_eq!(content(&[0x61, 0x88]), Ok(Content::Other));
    }

    #[test]
    fn an_aggregate_is_searched_for_a_parameter_set() {
        let payload = [0x78, 0, 2, 0x09, 0x10, 0, 2, 0x67, 0x42, 0, 1, 0x65];

        assert_eq!(content(&payload), Ok(Content::ParameterSet));
    }

    #[test]
    fn only_the_first_fragment_starts_a_refresh() {
        assert_eq!(content(&[0x7c, 0x85, 0x00]), Ok(Content::Refresh));
        assert_eq!(content(&[0x7c, 0x05, 0x00]), Ok(Content::Other));
        assert_eq!(content(&[0x7c, 0x45, 0x00]), Ok(Content::Other));
    }

    #[test]
    fn broken_aggregates_and_fragments_are_refused() {
        assert_eq!(content(&[]), Err(Malformed::Truncated));
        assert_eq!(content(&[0x7c]), Err(Malformed::Truncated));
        assert_eq!(content(&[0x78, 0]), Err(Malformed::Truncated));
        assert_eq!(content(&[0x78, 0, 9, 0x67]), Err(Malformed::Truncated));
        assert_eq!(content(&[0x78, 0, 0]), Err(Malformed::Invalid));
    }
}
