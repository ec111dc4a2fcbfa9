//! Reads the presentation language of TLS, with MLS's vectors (RFC 9420, 2.1), strictly.

use conclave_protocol::mls::{Epoch, GroupId, LeafIndex};

/// Not the message that it should be. One error for every reason: a stranger learns nothing from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed message")]
pub struct Malformed;

/// The bytes that are left.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_be_bytes)
    }

    /// A number that can have only this value.
    pub(super) fn expect_u16(&mut self, value: u16) -> Result<(), Malformed> {
        self.u16()?.eq(&value).then_some(()).ok_or(Malformed)
    }

    pub(super) fn group(&mut self) -> Result<GroupId, Malformed> {
        let bytes = self.vector()?.0.try_into();
        bytes.map(GroupId).map_err(|_| Malformed)
    }

    pub(super) fn epoch(&mut self) -> Result<Epoch, Malformed> {
        self.u64().map(Epoch)
    }

    pub(super) fn leaf(&mut self) -> Result<LeafIndex, Malformed> {
        self.u32().map(LeafIndex)
    }

    /// `opaque data<V>`, or any vector whose elements are read from it.
    pub(super) fn vector(&mut self) -> Result<Self, Malformed> {
        let length = self.length()?;
        self.take(length).map(Self)
    }

    /// The bytes that are left, if they are no more than `most`.
    pub(super) fn short(self, most: usize) -> Result<&'a [u8], Malformed> {
        (self.0.len() <= most).then_some(self.0).ok_or(Malformed)
    }

    /// Vectors that are looked at no further.
    pub(super) fn skip_vectors(&mut self, count: usize) -> Result<(), Malformed> {
        (0..count).try_for_each(|_| self.vector().map(drop))
    }

    /// `optional<T>` (RFC 9420, 2.1.1): whether the value follows.
    pub(super) fn present(&mut self) -> Result<bool, Malformed> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Nothing may follow.
    pub(super) fn end(self) -> Result<(), Malformed> {
        self.is_empty().then_some(()).ok_or(Malformed)
    }

    /// The length of a vector: one, two or four bytes, the shortest that holds it (RFC 9420, 2.1.2).
    fn length(&mut self) -> Result<usize, Malformed> {
        let first = self.u8()?;
        let low = u32::from(first & 0x3f);
        let (length, least) = match first >> 6 {
            0 => (low, 0),
            1 => (low << 8 | u32::from(self.u8()?), 1 << 6),
            2 => {
                let [a, b, c] = self.array()?;
                (u32::from_be_bytes([first & 0x3f, a, b, c]), 1 << 14)
            }
            _ => return Err(Malformed),
        };
        let shortest = length >= least;
        let length = usize::try_from(length).map_err(|_| Malformed)?;
        shortest.then_some(length).ok_or(Malformed)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 9000, section 16, which RFC 9420 refers to.
    #[test]
    fn lengths_have_one_two_or_four_bytes() {
        for (bytes, length) in [
            (&[0x25][..], 37),
            (&[0x7b, 0xbd], 15_293),
            (&[0x9d, 0x7f, 0x3e, 0x7d], 494_878_333),
        ] {
            assert_eq!(Reader::new(bytes).length(), Ok(length));
        }
    }

    #[test]
    fn a_length_that_is_longer_than_it_needs_to_be_is_refused() {
        for bytes in [
            &[0x40, 0x25][..],
            &[0x80, 0, 0x3f, 0xff],
            &[0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c],
        ] {
            assert_eq!(Reader::new(bytes).length(), Err(Malformed));
        }
    }

    #[test]
    fn a_vector_does_not_reach_past_the_end() {
        assert!(Reader::new(&[3, 1, 2, 3]).vector().is_ok());
        assert!(Reader::new(&[3, 1, 2]).vector().is_err());
        assert!(Reader::new(&[0xbf, 0xff, 0xff, 0xff]).vector().is_err());
    }
}
