//! The head of a slice, up to the parameter set that it names (H.264, section 7.3.3).

use super::UNIT_TYPE;
use super::escape::unescape;

/// What the sealed slice says of the frame's first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    /// Of the unit: how much others refer to it, and whether it is of an instantaneous refresh.
    unit: u8,
    /// `slice_type`: 0 to 9.
    kind: u32,
    /// `pic_parameter_set_id`: 0 to 255.
    parameter_set: u32,
}

impl Slice {
    /// `None` for units of other kinds, and heads that make no sense.
    pub(super) fn read(unit: &[u8]) -> Option<Self> {
        if !is_slice(unit) {
            return None;
        }
        let mut head = Vec::with_capacity(MAX_HEAD_BYTES);
        unescape(unit.get(..MAX_HEAD_BYTES).unwrap_or(unit), &mut head);
        Self::parse(&head).map(|(slice, _)| slice)
    }

    /// What follows the head that [`Slice::write`] wrote.
    pub(super) fn skip(unit: &[u8]) -> Option<&[u8]> {
        let (_, bits) = Self::parse(unit)?;
        unit.get(1 + bits.div_ceil(8)..)
    }

    fn parse(unit: &[u8]) -> Option<(Self, usize)> {
        let (header, rest) = unit.split_first()?;
        let mut bits = Bits { bytes: rest, at: 0 };
        let _first_macroblock = bits.golomb()?;
        let slice = Self {
            unit: *header,
            kind: bits.golomb().filter(|kind| *kind <= 9)?,
            parameter_set: bits.golomb().filter(|id| *id <= 255)?,
        };
        Some((slice, bits.at))
    }

    /// Unit header and slice head; the picture starts with this slice. Ends with a whole byte.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        let mut bits = FIRST_MACROBLOCK;
        let mut length = 1;
        for value in [self.kind, self.parameter_set] {
            let code = u64::from(value) + 1;
            let width = 2 * code.ilog2() + 1;
            bits = bits << width | code;
            length += width;
        }
        let bytes = length.div_ceil(8);
        let spare = bytes * 8 - length;
        bits = ((bits + 1) << spare) - 1;
        out.push(self.unit);
        out.extend(bits.to_be_bytes().iter().skip(8 - bytes as usize));
    }
}

/// Whole slices; the parts of partitioned ones are not in use.
pub(super) fn is_slice(unit: &[u8]) -> bool {
    matches!(unit.first().map(|header| header & UNIT_TYPE), Some(1 | 5))
}

/// Number 0, in Golomb's code.
const FIRST_MACROBLOCK: u64 = 1;
/// Of any slice's header and the three numbers, with their escapes.
const MAX_HEAD_BYTES: usize = 16;

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn bit(&mut self) -> Option<u32> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(u32::from(bit))
    }

    /// An unsigned number in Golomb's code (H.264, section 9.1), below 2^20.
    fn golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.bit()? == 0 {
            zeros += 1;
            if zeros >= 20 {
                return None;
            }
        }
        let mut value = 1;
        for _ in 0..zeros {
            value = value << 1 | self.bit()?;
        }
        Some(value - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_refresh_is_read() {
        // 1, 0001000, 1: macroblock 0, intra slices only, parameter set 0.
        let slice = Slice::read(&[0x65, 0x88, 0x84, 0x00]).unwrap();

        assert_eq!((slice.kind, slice.parameter_set), (7, 0));
    }

    #[test]
    fn each_head_is_read_as_it_was_written() {
        for unit in [0x65, 0x61, 0x01] {
            for kind in 0..10 {
                for parameter_set in 0..256 {
                    let slice = Slice {
                        unit,
                        kind,
                        parameter_set,
                    };
                    let mut bytes = Vec::new();
                    slice.write(&mut bytes);
                    bytes.extend([0xde, 0xad]);
                    assert_eq!(Slice::parse(&bytes).map(|(slice, _)| slice), Some(slice));
                    assert_eq!(Slice::skip(&bytes), Some(&[0xde, 0xad][..]));
                }
            }
        }
    }

    #[test]
    fn other_units_and_broken_heads_are_none() {
        assert_eq!(Slice::read(&[]), None);
        assert_eq!(Slice::read(&[0x67, 0x88, 0x84]), None);
        assert_eq!(Slice::read(&[0x65]), None);
        assert_eq!(Slice::read(&[0x65, 0x88]), None);
        assert_eq!(Slice::read(&[0x65, 0, 0, 0, 0, 0, 1]), None);
    }
}
