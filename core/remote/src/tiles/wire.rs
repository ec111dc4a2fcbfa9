//! Reads and writes the fields of a message that are not pixels: big-endian, one form for each value.

/// Not a message of this version, or not one that follows from those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message is malformed")]
pub struct Malformed;

/// What is left of a message.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Behind the version and the kind, which is returned.
    pub(super) fn open(bytes: &'a [u8]) -> Result<(u8, Self), Malformed> {
        let mut reader = Self(bytes);
        let fits = bytes.len() <= LARGEST_MESSAGE;
        match fits && reader.u8()? == VERSION {
            true => Ok((reader.u8()?, reader)),
            false => Err(Malformed),
        }
    }

    /// All that is left.
    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }

    /// Nothing may be left.
    pub(super) fn close(self) -> Result<(), Malformed> {
        self.0.is_empty().then_some(()).ok_or(Malformed)
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

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }
}

/// A message as it is written.
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn open(kind: u8) -> Self {
        Self(vec![VERSION, kind])
    }

    pub(super) fn close(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes(&value.to_be_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_be_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.bytes(&value.to_be_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// Both sides are of one server's release: there is nothing to negotiate.
pub const VERSION: u8 = 1;
/// In bytes: as the session's other messages.
pub const LARGEST_MESSAGE: usize = conclave_protocol::remote::LARGEST_MESSAGE;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_or_what_is_too_large_is_not_read() {
        assert!(Reader::open(&[VERSION, 3]).is_ok_and(|(kind, _)| kind == 3));
        assert!(Reader::open(&[VERSION + 1, 3]).is_err());
        assert!(Reader::open(&[VERSION]).is_err());
        let mut large = vec![VERSION; LARGEST_MESSAGE];
        assert!(Reader::open(&large).is_ok());
        large.push(0);
        assert!(Reader::open(&large).is_err());
    }
}
