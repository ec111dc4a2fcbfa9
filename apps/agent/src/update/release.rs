//! What a publisher signs of a release: its version, and which bytes it is.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::str::FromStr;

use conclave_client::audit::Hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::NotUpdated;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    pub is: Kind,
    pub version: Version,
    /// In bytes.
    pub size: u64,
    pub sha256: Hex<32>,
}

/// What a signed text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    #[serde(rename = "conclave-agent release 1")]
    Release,
}

/// `1.2.3`. A later one is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version([u32; 3]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a version is three numbers, such as 1.2.3")]
pub struct NoVersion;

const MAGIC: [u8; 4] = *b"\x7fELF";
/// Of an ELF header: as far as it says for which processor it is.
const HEAD: usize = 20;
/// In bytes, of what is copied at once.
const PIECE: usize = 64 << 10;

impl Release {
    /// Of the program in this file, as its publisher has it.
    pub fn of(version: Version, path: &Path) -> Result<Self, NotUpdated> {
        let unreadable = |error| NotUpdated::Unreadable(path.into(), error);
        let program = File::open(path).map_err(unreadable)?;
        kind(&program).ok_or(NotUpdated::Foreign)?;
        let (size, sha256) = copy(&program, &mut io::sink()).map_err(unreadable)?;
        Ok(Self {
            is: Kind::Release,
            version,
            size,
            sha256,
        })
    }

    /// Whether it is a later one than this.
    pub(super) fn follows(&self, own: Version) -> Result<(), NotUpdated> {
        let release = self.version;
        match release > own {
            true => Ok(()),
            false => Err(NotUpdated::NotLater { release, own }),
        }
    }
}

/// Copies the program to where nobody else can change it, and gives it back if that is what was released.
pub(super) fn take(release: &Release, from: &File, mut to: File) -> Result<File, NotUpdated> {
    // One byte more says that it is longer.
    let most = release.size.saturating_add(1);
    let (size, sha256) = copy(from.take(most), &mut to).map_err(NotUpdated::Unwritable)?;
    match size == release.size && sha256 == release.sha256 {
        true => Ok(to),
        false => Err(NotUpdated::Other),
    }
}

/// How much was copied, and its hash.
fn copy(mut from: impl Read, to: &mut impl Write) -> io::Result<(u64, Hex<32>)> {
    let (mut hash, mut size, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
    loop {
        let length = from.read(&mut piece)?;
        let read = piece.get(..length).unwrap_or_default();
        if read.is_empty() {
            return Ok((size, Hex(hash.finalize().into())));
        }
        to.write_all(read)?;
        hash.update(read);
        size += length as u64;
    }
}

/// Whether both are programs, for the same kind of computer.
pub(super) fn is_like(program: &File, own: &File) -> bool {
    kind(program).is_some_and(|found| kind(own) == Some(found))
}

/// What an ELF header says of it: how wide its words are, in which order their bytes, and for which processor. `None`: it is
/// no program.
fn kind(program: &File) -> Option<[u8; 4]> {
    let mut head = [0; HEAD];
    program.read_exact_at(&mut head, 0).ok()?;
    let [a, b, c, d, words, order, .., low, high] = head;
    ([a, b, c, d] == MAGIC).then_some([words, order, low, high])
}

impl Version {
    pub fn own() -> Result<Self, NoVersion> {
        env!("CARGO_PKG_VERSION").parse()
    }
}

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let parts: Result<Vec<_>, _> = text.split('.').map(str::parse::<u32>).collect();
        let parts = parts.ok().and_then(|parts| parts.try_into().ok());
        let version = parts.map(Self).ok_or(NoVersion)?;
        // It has one form.
        match version.to_string() == text {
            true => Ok(version),
            false => Err(NoVersion),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl TryFrom<String> for Version {
    type Error = NoVersion;

    fn try_from(text: String) -> Result<Self, NoVersion> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: ABUSE-53.
    #[test]
    fn versions_follow_each_other_by_their_numbers() {
        let version = |text: &str| text.parse::<Version>();
        let order = ["0.1.0", "0.1.9", "0.1.10", "0.2.0", "1.0.0", "10.0.0"];
        let order = order.map(|text| version(text).unwrap());
        assert!(order.is_sorted_by(|earlier, later| earlier < later));
        for wrong in [
            "", "1", "1.2", "1.2.3.4", "1.2.x", "1.2.+3", "01.2.3", "-1.2.3",
        ] {
            assert_eq!(version(wrong), Err(NoVersion), "{wrong}");
        }
        assert!(Version::own().is_ok());
    }
}
