//! Files that go to or from a supported computer.

use serde::{Deserialize, Serialize};

use super::wire::{Malformed, Reader, Writer, coded};
use crate::personal::Unfit;

/// One file on its way, as the technician numbers them: each higher than the one before, in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TransferId(pub u32);

/// SHA-256 of a whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest(pub [u8; 32]);

/// A file's own name, without a way to it: nothing that any file system takes for more than a name.
#[derive(Clone, PartialEq, Eq)]
pub struct FileName(String);

/// What is promised before the first byte.
#[derive(Clone, PartialEq, Eq)]
pub struct FileOffer {
    pub transfer: TransferId,
    pub name: FileName,
    /// In bytes.
    pub size: u64,
    pub sha256: Digest,
}

/// A piece of a file: 1 to [`Chunk::LARGEST`] bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Chunk(Vec<u8>);

coded! {
    /// How a transfer ended.
    FileOutcome {
        /// It is whole, by its hash.
        Complete = 0,
        /// The local person said no, or took it back.
        Denied = 1,
        /// Too large, one too many, or of a kind that policy doesn't permit.
        NotPermitted = 2,
        /// Other bytes than were promised.
        Damaged = 3,
        /// What looked at it on the computer found it harmful.
        Harmful = 4,
        /// One side gave it up.
        Cancelled = 5,
        /// It could not be read or written.
        Failed = 6,
    }
}

impl FileName {
    /// In bytes; file systems take 255, and it is kept under a name that is a little longer.
    pub const LONGEST: usize = 200;

    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let fits = (1..=Self::LONGEST).contains(&text.len())
            && text.chars().all(is_plain)
            && !text.starts_with(['.', ' '])
            && !text.ends_with(['.', ' '])
            && !names_a_device(text);
        fits.then(|| Self(text.to_owned()))
            .ok_or(Unfit("this is not a plain name of a file"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is behind the last dot, in lower case.
    pub fn extension(&self) -> Option<String> {
        let (_, extension) = self.0.rsplit_once('.')?;
        Some(extension.to_lowercase())
    }
}

/// No separator, no stream of NTFS (`:`), no wildcard, nothing that is not seen or turns text around.
fn is_plain(c: char) -> bool {
    !c.is_control() && !is_hidden(c) && !r#"/\:*?"<>|"#.contains(c)
}

/// Soft hyphen, zero-width marks, separators of lines, bidirectional controls (Unicode TR 36, 3.2).
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// Windows takes these for devices, whatever extension they have.
fn names_a_device(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or_default();
    let stem = stem.trim_end().to_ascii_uppercase();
    let is_port = |port: &str| {
        let number = stem.strip_prefix(port);
        number.is_some_and(|number| {
            let mut digits = number.chars();
            let digit = digits.next();
            digits.next().is_none() && digit.is_some_and(|c| "0123456789¹²³".contains(c))
        })
    };
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"].contains(&stem.as_str())
        || is_port("COM")
        || is_port("LPT")
}

impl Chunk {
    /// In bytes.
    pub const LARGEST: usize = 32 * 1_024;

    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (1..=Self::LARGEST)
            .contains(&bytes.len())
            .then_some(Self(bytes))
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Never: an empty one is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Self::new(reader.bytes()?.to_vec()).ok_or(Malformed)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.bytes(&self.0);
    }
}

impl FileOffer {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            transfer: TransferId::read(reader)?,
            name: FileName::parse(reader.text()?).map_err(|_| Malformed)?,
            size: reader.u64()?,
            sha256: Digest(reader.array()?),
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        self.transfer.write(writer);
        writer.text(self.name.as_str());
        writer.u64(self.size);
        writer.array(self.sha256.0);
    }
}

impl TransferId {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.u32().map(Self)
    }

    pub(super) fn write(self, writer: &mut Writer) {
        writer.u32(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_name_is_a_name() {
        for name in [
            "report.pdf",
            "Arztbrief Müller (2).docx",
            "日本.txt",
            "console.log",
            "a",
        ] {
            assert!(FileName::parse(name).is_ok(), "{name}");
        }
    }

    // Shows: ABUSE-54.
    #[test]
    fn a_name_that_is_more_than_a_name_is_refused() {
        let long = "x".repeat(FileName::LONGEST + 1);
        let wrong = [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "..\\x",
            "C:",
            "C:x",
            "x.txt:hidden",
            ".bashrc",
            "x.",
            "x ",
            " x",
            "nul",
            "NUL.txt",
            "nul .txt",
            "com1",
            "LPT9.log",
            "COM¹.txt",
            "CONIN$",
            "a\0b",
            "a\nb",
            "fdp\u{202e}exe",
            "a\u{200b}",
            "what?",
            "*",
            "a|b",
            &long,
        ];
        for name in wrong {
            assert!(FileName::parse(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_piece_has_bytes_and_not_too_many() {
        assert!(Chunk::new(Vec::new()).is_none());
        assert!(Chunk::new(vec![0; Chunk::LARGEST]).is_some());
        assert!(Chunk::new(vec![0; Chunk::LARGEST + 1]).is_none());
    }
}
