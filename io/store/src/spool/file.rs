//! The spool's file: frames with a length and a checksum, in space that is there from the start.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::SpoolError;

/// Room for about a thousand acts. More takes disk from the start; less is full sooner.
pub(crate) const SPOOL_BYTES: u64 = 1 << 20;

const LENGTH: usize = 4;
const CHECKSUM: usize = 8;

pub(crate) struct SpoolFile {
    file: File,
    /// Where the next frame goes.
    end: u64,
}

impl SpoolFile {
    /// The file and the payloads in it, oldest first. A last frame that was never finished was never
    /// acknowledged; it is dropped. Damage before the end is kept aside for a person to look at.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, Vec<Vec<u8>>)> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let (payloads, end) = frames(&bytes);
        let mut spool = Self { file, end };
        let rest = bytes.get(to_index(end)..).unwrap_or_default();
        if is_damage(rest) {
            std::fs::write(path.with_extension("damaged"), &bytes)?;
            tracing::error!("the spool was damaged; a copy is kept beside it");
        }
        if rest.iter().any(|byte| *byte != 0) || to_offset(bytes.len()) < SPOOL_BYTES {
            spool.zero(end, SPOOL_BYTES.max(to_offset(bytes.len())))?;
        }
        Ok((spool, payloads))
    }

    /// Durable when it returns.
    pub(crate) fn append(&mut self, payload: &impl Serialize) -> Result<(), SpoolError> {
        let io = |error: serde_json::Error| SpoolError::Io(error.into());
        let frame = frame(&serde_json::to_vec(payload).map_err(io)?);
        let end = self.end + to_offset(frame.len());
        if end + to_offset(LENGTH) > SPOOL_BYTES {
            return Err(SpoolError::Full);
        }
        self.write_at(self.end, &frame).map_err(SpoolError::Io)?;
        self.end = end;
        Ok(())
    }

    /// Durable when it returns.
    pub(crate) fn empty(&mut self) -> io::Result<()> {
        self.zero(0, self.end)?;
        self.end = 0;
        Ok(())
    }

    fn zero(&mut self, from: u64, to: u64) -> io::Result<()> {
        let zeros = vec![0; to_index(to.saturating_sub(from))];
        self.write_at(from, &zeros)
    }

    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(bytes)?;
        self.file.sync_data()
    }
}

fn frame(payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    [&length.to_le_bytes(), checksum(payload).as_slice(), payload].concat()
}

/// The payloads of the whole frames at the start of `bytes`, and where they end.
fn frames(bytes: &[u8]) -> (Vec<Vec<u8>>, u64) {
    let mut payloads = Vec::new();
    let mut rest = bytes;
    while let Some((payload, tail)) = first_frame(rest) {
        payloads.push(payload.to_vec());
        rest = tail;
    }
    (payloads, to_offset(bytes.len() - rest.len()))
}

fn first_frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<LENGTH>()?;
    let length = u32::from_le_bytes(*length);
    let (sum, rest) = rest.split_first_chunk::<CHECKSUM>()?;
    let (payload, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    (length > 0 && checksum(payload) == *sum).then_some((payload, rest))
}

/// Whether something lies behind a frame that is not whole: then it is not merely unfinished.
fn is_damage(rest: &[u8]) -> bool {
    let Some((length, behind)) = rest.split_first_chunk::<LENGTH>() else {
        return false;
    };
    let claimed = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let behind = behind.get(CHECKSUM.saturating_add(claimed)..);
    behind.is_none_or(|behind| behind.iter().any(|byte| *byte != 0))
}

fn checksum(payload: &[u8]) -> [u8; CHECKSUM] {
    *Sha256::digest(payload)
        .first_chunk()
        .expect("a SHA-256 output has 32 bytes")
}

fn to_offset(index: usize) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX)
}

fn to_index(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payloads(path: &Path) -> Vec<String> {
        let (_, payloads) = SpoolFile::open(path).unwrap();
        payloads
            .iter()
            .map(|payload| serde_json::from_slice(payload).unwrap())
            .collect()
    }

    fn spool_of(path: &Path, payloads: &[&str]) -> SpoolFile {
        let (mut spool, _) = SpoolFile::open(path).unwrap();
        for payload in payloads {
            spool.append(payload).unwrap();
        }
        spool
    }

    #[test]
    fn what_was_appended_is_there_after_a_restart_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spool");

        drop(spool_of(&path, &["one", "two"]));
        drop(spool_of(&path, &["three"]));

        assert_eq!(payloads(&path), ["one", "two", "three"]);
    }

    #[test]
    fn the_file_has_its_size_from_the_start() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spool");

        let mut spool = spool_of(&path, &["one"]);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), SPOOL_BYTES);
        spool.empty().unwrap();

        assert_eq!(std::fs::metadata(&path).unwrap().len(), SPOOL_BYTES);
        assert!(payloads(&path).is_empty());
    }

    #[test]
    fn a_frame_that_was_cut_off_anywhere_is_dropped_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spool");
        drop(spool_of(&path, &["one"]));
        let second = frame(b"\"two\"");
        let start = frame(b"\"one\"").len();
        let whole = std::fs::read(&path).unwrap();

        for cut in 0..second.len() {
            let mut torn = whole.clone();
            torn[start..start + cut].copy_from_slice(&second[..cut]);
            std::fs::write(&path, &torn).unwrap();

            assert_eq!(payloads(&path), ["one"], "cut after {cut} bytes");
            assert!(!path.with_extension("damaged").exists());
        }
    }

    #[test]
    fn damage_is_kept_aside_and_what_precedes_it_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spool");
        drop(spool_of(&path, &["one", "two", "three"]));
        let mut bytes = std::fs::read(&path).unwrap();
        let second = frame(b"\"one\"").len();
        bytes[second + LENGTH + CHECKSUM + 1] ^= 1;
        std::fs::write(&path, &bytes).unwrap();

        assert_eq!(payloads(&path), ["one"]);

        assert_eq!(
            std::fs::read(path.with_extension("damaged")).unwrap(),
            bytes
        );
    }

    #[test]
    fn the_spool_is_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spool");
        let mut spool = spool_of(&path, &[]);
        let payload = "x".repeat(1_000);

        let fitted = (0..2_000)
            .take_while(|_| spool.append(&payload).is_ok())
            .count();

        assert!(matches!(spool.append(&payload), Err(SpoolError::Full)));
        assert_eq!(payloads(&path).len(), fitted);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), SPOOL_BYTES);
    }
}
