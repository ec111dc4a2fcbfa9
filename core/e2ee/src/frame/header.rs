//! The header of a sealed frame (RFC 9605, section 4.3).

/// Which key sealed the frame, and which of its frames this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) key_id: u64,
    pub(super) counter: u64,
}

impl Header {
    /// Bytes that [`Header::write`] appends: 1 to 17.
    pub(super) fn length(self) -> usize {
        1 + extension(self.key_id) + extension(self.counter)
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        out.push(nibble(self.key_id) << 4 | nibble(self.counter));
        for value in [self.key_id, self.counter] {
            let bytes = value.to_be_bytes();
            out.extend(bytes.iter().skip(bytes.len() - extension(value)));
        }
    }

    /// Splits a record into its header, the header's bytes, and what follows.
    ///
    /// `None` too where a number is longer than it must be: each header has one spelling.
    pub(super) fn split(record: &[u8]) -> Option<(Self, &[u8], &[u8])> {
        let (first, mut rest) = record.split_first()?;
        let key_id = number(first >> 4, &mut rest)?;
        let counter = number(first & 0x0f, &mut rest)?;
        let header = Self { key_id, counter };
        let (bytes, rest) = record.split_at_checked(record.len() - rest.len())?;
        (header.length() == bytes.len()).then_some((header, bytes, rest))
    }
}

/// A small number stands in the first byte; a larger one follows, and its length stands there.
fn nibble(value: u64) -> u8 {
    match extension(value) {
        0 => value as u8,
        bytes => EXTENDED | (bytes as u8 - 1),
    }
}

fn extension(value: u64) -> usize {
    if value <= LARGEST_SMALL {
        return 0;
    }
    (u64::BITS - value.leading_zeros()).div_ceil(8) as usize
}

fn number(nibble: u8, rest: &mut &[u8]) -> Option<u64> {
    let low = nibble & !EXTENDED;
    if nibble & EXTENDED == 0 {
        return Some(u64::from(low));
    }
    let (bytes, behind) = rest.split_at_checked(usize::from(low) + 1)?;
    *rest = behind;
    let value = bytes
        .iter()
        .fold(0, |value, byte| value << 8 | u64::from(*byte));
    Some(value)
}

/// X and Y of the first byte.
const EXTENDED: u8 = 0x08;
const LARGEST_SMALL: u64 = 7;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        assert!(Header::split(&[0x07]).is_some());
        assert!(Header::split(&[0x08, 0x08]).is_some());
        assert!(Header::split(&[0x08, 0x07]).is_none());
        assert!(Header::split(&[0x09, 0x00, 0xff]).is_none());
        assert!(Header::split(&[0x90, 0x00, 0xff]).is_none());
    }

    #[test]
    fn each_truncation_is_refused() {
        let mut bytes = Vec::new();
        let header = Header {
            key_id: 0x1_0000,
            counter: u64::MAX,
        };
        header.write(&mut bytes);

        assert_eq!(bytes.len(), header.length());
        for length in 0..bytes.len() {
            assert!(Header::split(&bytes[..length]).is_none());
        }
    }

    #[test]
    fn what_follows_is_left_over() {
        let record = [0x98, 0x01, 0x23, 0x45, 0xaa, 0xbb];

        let (header, bytes, rest) = Header::split(&record).unwrap();

        assert_eq!((header.key_id, header.counter), (0x0123, 0x45));
        assert_eq!((bytes, rest), (&record[..4], &record[4..]));
    }
}
