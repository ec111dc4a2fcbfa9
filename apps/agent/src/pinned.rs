//! An agent that belongs to one server: what stands behind the program in its own file.
//!
//! ```text
//! the program … JSON, its length in four bytes, 16 bytes that say that it is there
//! ```
//!
//! # Security
//!
//! A link, an address and a name of a file are chosen by whoever sends them, so none of them makes an agent trust a
//! server. An agent that is damaged here does nothing, instead of trusting any. That something stood there is said in the
//! program too ([`stamp`]): a copy that lost it does nothing either. Whoever can write the file can make any program of it.

mod stamp;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use conclave_client::KeyPin;
use serde::{Deserialize, Serialize};

use crate::origin::Origin;
use crate::policy::PinnedPolicy;
use crate::signed::PublicKey;

/// The one server of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pinned {
    pub server: Origin,
    /// Beside the usual verification.
    #[serde(default)]
    pub key: Option<KeyPin>,
    /// What may ever be asked of its people.
    #[serde(default)]
    pub policy: Option<PinnedPolicy>,
    /// Signs what takes the place of the program.
    #[serde(default)]
    pub release: Option<PublicKey>,
}

#[derive(Debug, thiserror::Error)]
pub enum PinFault {
    #[error("this copy of the agent is damaged: what says whose it is can't be read")]
    Damaged,
    #[error("this copy of the agent is damaged: what says whose it is has been cut off")]
    CutOff,
    #[error("this program has no place to say that it belongs to a server")]
    Unmarked,
    #[error("this program can't be read")]
    Unreadable(#[source] io::Error),
    #[error("the copy can't be written")]
    Unwritable(#[source] io::Error),
}

const MARK: &[u8; 16] = b"conclave-pin-v1\n";
/// Of the length and the mark.
const TAIL: u64 = 4 + 16;
/// Of the JSON, in bytes: an address, keys and a policy are shorter.
const LONGEST: u32 = 16 << 10;
const OWN: &str = "/proc/self/exe";
/// Everybody may run it, nobody else may change it.
const MODE: u32 = 0o755;

impl Pinned {
    /// To this server, and to nothing else of it.
    pub fn to(server: Origin) -> Self {
        Self {
            server,
            key: None,
            policy: None,
            release: None,
        }
    }

    /// Of the program that is running. `None`: it belongs to no server.
    pub fn own() -> Result<Option<Self>, PinFault> {
        let mut own = File::open(OWN).map_err(PinFault::Unreadable)?;
        whose(&mut own)
    }

    /// Writes a copy of the program that is running, which belongs to this server, where no file is yet. A part of one
    /// is not left there: it would belong to nobody.
    pub fn write_copy(&self, to: &Path) -> Result<(), PinFault> {
        let mut own = File::open(OWN).map_err(PinFault::Unreadable)?;
        let mut copy = OpenOptions::new();
        let copy = copy.write(true).create_new(true).mode(MODE).open(to);
        let mut copy = copy.map_err(PinFault::Unwritable)?;
        let copied = self.copy(&mut own, &mut copy);
        if copied.is_err() {
            let _gone = fs::remove_file(to);
        }
        copied
    }

    /// What stands behind that program is not copied.
    pub(crate) fn copy(&self, program: &mut File, to: &mut File) -> Result<(), PinFault> {
        let length = match read(program)? {
            Some((_, length)) => length,
            None => program
                .seek(SeekFrom::End(0))
                .map_err(PinFault::Unreadable)?,
        };
        program.rewind().map_err(PinFault::Unreadable)?;
        io::copy(&mut Read::by_ref(program).take(length), to).map_err(PinFault::Unwritable)?;
        if !stamp::put(program, to).map_err(PinFault::Unwritable)? {
            return Err(PinFault::Unmarked);
        }
        let written = self.trailer().and_then(|trailer| to.write_all(&trailer));
        written
            .and_then(|()| to.sync_all())
            .map_err(PinFault::Unwritable)
    }

    fn trailer(&self) -> io::Result<Vec<u8>> {
        let mut trailer = serde_json::to_vec(self)?;
        let length = u32::try_from(trailer.len()).ok();
        let length = length.filter(|length| *length <= LONGEST);
        let length = length.ok_or(io::ErrorKind::InvalidInput)?;
        trailer.extend(length.to_le_bytes());
        trailer.extend(MARK);
        Ok(trailer)
    }
}

/// Of the program in this file. `None`: it belongs to no server.
pub(crate) fn whose(program: &mut File) -> Result<Option<Pinned>, PinFault> {
    match read(program)? {
        Some((pinned, _)) => Ok(Some(pinned)),
        None if stamp::is_pinned(program).map_err(PinFault::Unreadable)? => Err(PinFault::CutOff),
        None => Ok(None),
    }
}

/// With the length of the program before it.
fn read(file: &mut File) -> Result<Option<(Pinned, u64)>, PinFault> {
    let whole = file.seek(SeekFrom::End(0)).map_err(PinFault::Unreadable)?;
    let Some(tail_at) = whole.checked_sub(TAIL) else {
        return Ok(None);
    };
    let mut tail = [0; TAIL as usize];
    read_at(file, tail_at, &mut tail)?;
    let [a, b, c, d, mark @ ..] = tail;
    if mark != *MARK {
        return Ok(None);
    }
    let length = u32::from_le_bytes([a, b, c, d]);
    let at = tail_at.checked_sub(u64::from(length));
    let at = at.filter(|_| length <= LONGEST).ok_or(PinFault::Damaged)?;
    let mut json = vec![0; length as usize];
    read_at(file, at, &mut json)?;
    let pinned = serde_json::from_slice(&json).map_err(|_| PinFault::Damaged)?;
    Ok(Some((pinned, at)))
}

/// One with a place for a pin, for tests.
#[cfg(test)]
pub(crate) fn program() -> Vec<u8> {
    stamp::program()
}

fn read_at(file: &mut File, at: u64, into: &mut [u8]) -> Result<(), PinFault> {
    file.seek(SeekFrom::Start(at))
        .and_then(|_| file.read_exact(into))
        .map_err(PinFault::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pinned(server: &str) -> Pinned {
        Pinned {
            key: Some(KeyPin([7; 32])),
            ..Pinned::to(Origin::parse(server).unwrap())
        }
    }

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn bytes(file: &mut File) -> Vec<u8> {
        let mut bytes = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_copy_says_whose_it_is_and_a_copy_of_it_says_it_once() {
        let mut program = file(&stamp::program());
        assert!(whose(&mut program).unwrap().is_none());
        let (first, second) = (pinned("https://a.example"), pinned("https://b.example"));

        let mut copy = file(b"");
        first.copy(&mut program, &mut copy).unwrap();
        let mut again = file(b"");
        second.copy(&mut copy, &mut again).unwrap();

        let length = u64::try_from(stamp::program().len()).unwrap();
        assert_eq!(read(&mut copy).unwrap(), Some((first, length)));
        assert_eq!(read(&mut again).unwrap(), Some((second, length)));
        assert!(bytes(&mut again).len() > stamp::program().len());
    }

    /// As `strip` does it, or a copy that came half the way.
    #[test]
    fn a_copy_that_lost_what_says_whose_it_is_does_nothing() {
        let (mut program, mut copy) = (file(&stamp::program()), file(b""));
        pinned("https://a.example")
            .copy(&mut program, &mut copy)
            .unwrap();
        let whole = bytes(&mut copy);

        for length in [stamp::program().len(), whole.len() - 1] {
            let lost = whose(&mut file(&whole[..length]));
            assert!(matches!(lost, Err(PinFault::CutOff)), "{length}");
        }
        let foreign = pinned("https://a.example").copy(&mut file(b"x"), &mut file(b""));
        assert!(matches!(foreign, Err(PinFault::Unmarked)));
    }

    #[test]
    fn a_damaged_copy_belongs_to_nobody_rather_than_to_anybody() {
        let mut copy = file(b"");
        let mut program = file(&stamp::program());
        pinned("https://a.example")
            .copy(&mut program, &mut copy)
            .unwrap();
        let whole = bytes(&mut copy);

        let mut torn = whole.clone();
        torn[stamp::program().len()] = b'x';
        let mut long = whole.clone();
        let at = whole.len() - 20;
        long[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        for damaged in [torn, long] {
            let read = read(&mut file(&damaged));
            assert!(matches!(read, Err(PinFault::Damaged)));
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let there = directory.path().join("agent");
        fs::write(&there, b"mine").unwrap();

        let written = pinned("https://a.example").write_copy(&there);

        assert!(matches!(written, Err(PinFault::Unwritable(_))));
        assert_eq!(fs::read(&there).unwrap(), b"mine");
    }
}
