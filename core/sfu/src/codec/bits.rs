//! Reads numbers bit by bit, most significant first.

use super::Malformed;

pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn flag(&mut self) -> Result<bool, Malformed> {
        let byte = *self.bytes.get(self.at / 8).ok_or(Malformed::Truncated)?;
        let bit = (byte >> (7 - self.at % 8)) & 1;
        self.at += 1;
        Ok(bit == 1)
    }

    /// An unsigned number of `count` bits, at most 32.
    pub(super) fn number(&mut self, count: u32) -> Result<u32, Malformed> {
        debug_assert!(count <= 32);
        let mut number = 0;
        for _ in 0..count {
            number = number << 1 | u32::from(self.flag()?);
        }
        Ok(number)
    }

    /// A number below `limit` in as few bits as that allows: ns(n) of the AV1 specification.
    pub(super) fn below(&mut self, limit: u32) -> Result<u32, Malformed> {
        let width = u32::BITS - limit.leading_zeros();
        let shorter = (1 << width) - limit;
        let number = self.number(width - 1)?;
        if number < shorter {
            return Ok(number);
        }
        Ok((number << 1) - shorter + u32::from(self.flag()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_cross_byte_borders() {
        let mut bits = Bits::new(&[0b1010_0101, 0b1100_0000]);

        assert_eq!(bits.number(3), Ok(0b101));
        assert_eq!(bits.number(7), Ok(0b0010111));
        assert_eq!(bits.number(7), Err(Malformed::Truncated));
    }

    #[test]
    fn a_limited_number_takes_as_few_bits_as_possible() {
        // Below 5: 0, 1 and 2 take two bits; 3 and 4 take three.
        let mut bits = Bits::new(&[0b0001_1011, 0b0111_0000]);
        let numbers: Vec<u32> = (0..5).map(|_| bits.below(5).unwrap()).collect();

        assert_eq!(numbers, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_number_below_one_takes_no_bit() {
        assert_eq!(Bits::new(&[]).below(1), Ok(0));
    }
}
