//! Lengths in seven bits a byte, the lowest first (AV1 specification, section 4.10.5).

/// Reads a length; what follows is left in `bytes`. Longer spellings than needed are understood.
pub(super) fn read(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0_u64;
    for shift in (0..MAX_BYTES).map(|at| at * 7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & CONTINUES == 0 {
            return usize::try_from(value).ok();
        }
    }
    None
}

/// In the fewest bytes.
pub(super) fn write(mut value: usize, out: &mut Vec<u8>) {
    while value > 0x7f {
        out.push(value as u8 | CONTINUES);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Bytes that [`write`] appends.
pub(super) fn length(value: usize) -> usize {
    let bits = usize::BITS - value.leading_zeros();
    bits.div_ceil(7).max(1) as usize
}

const CONTINUES: u8 = 0x80;
const MAX_BYTES: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_read_as_it_was_written() {
        for value in [0, 1, 127, 128, 16_383, 16_384, 2_097_152, u32::MAX as usize] {
            let mut bytes = Vec::new();
            write(value, &mut bytes);
            assert_eq!(bytes.len(), length(value));
            bytes.push(0xff);
            let mut rest = bytes.as_slice();
            assert_eq!(read(&mut rest), Some(value));
            assert_eq!(rest, [0xff]);
        }
    }

    #[test]
    fn a_length_without_end_is_refused() {
        assert_eq!(read(&mut [0x80].as_slice()), None);
        assert_eq!(read(&mut [0x80; 9].as_slice()), None);
        assert_eq!(read(&mut [0x85, 0x80, 0x00].as_slice()), Some(5));
    }
}
