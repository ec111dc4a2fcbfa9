//! What is in another process' memory, as its operator could read it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;

/// The writable memory of a process of ours, read while it runs.
pub struct Memory {
    bytes: Vec<u8>,
}

/// In one read; what ends in between is skipped.
const PIECE: usize = 1 << 20;

impl Memory {
    /// # Errors
    ///
    /// When the process has ended, or is not ours to read.
    pub fn of(process: u32) -> anyhow::Result<Self> {
        let maps = File::open(format!("/proc/{process}/maps"))?;
        let memory = File::open(format!("/proc/{process}/mem"))?;
        let mut bytes = Vec::new();
        for line in BufReader::new(maps).lines() {
            let Some((start, end)) = writable(&line?) else {
                continue;
            };
            read(&memory, start, end, &mut bytes);
        }
        anyhow::ensure!(!bytes.is_empty(), "nothing of the memory could be read");
        Ok(Self { bytes })
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How often these bytes are there.
    pub fn count(&self, marker: &[u8]) -> usize {
        count(&self.bytes, marker)
    }
}

/// How often `marker` is in `bytes`.
pub(crate) fn count(bytes: &[u8], marker: &[u8]) -> usize {
    let Some(first) = marker.first() else {
        return 0;
    };
    // Whole windows of all memory take long: only where the first byte is.
    let starts = bytes.iter().enumerate().filter(|(_, byte)| *byte == first);
    let found = starts.filter(|(at, _)| bytes.get(*at..).is_some_and(|b| b.starts_with(marker)));
    found.count()
}

/// `start-end rw.. …`, in hexadecimal.
fn writable(line: &str) -> Option<(u64, u64)> {
    let (range, rest) = line.split_once(' ')?;
    if !rest.starts_with("rw") {
        return None;
    }
    let (start, end) = range.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    Some((number(start)?, number(end)?))
}

fn read(memory: &File, start: u64, end: u64, bytes: &mut Vec<u8>) {
    let mut at = start;
    while at < end {
        let left = usize::try_from(end - at).unwrap_or(PIECE);
        let mut piece = vec![0; left.min(PIECE)];
        // Guard pages can't be read.
        match memory.read_at(&mut piece, at) {
            Ok(read) if read > 0 => {
                bytes.extend(piece.iter().take(read));
                at += read as u64;
            }
            _ => at += piece.len() as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_found_in_our_own_memory() {
        // Made at run time, so that it is in no constant.
        let marker: Vec<u8> = (0..32).map(|n| 200 - 3 * n).collect();

        let memory = Memory::of(std::process::id()).unwrap();

        assert!(memory.count(&marker) > 0);
    }

    #[test]
    fn markers_are_counted() {
        assert_eq!(count(b"abcabcab", b"abc"), 2);
        assert_eq!(count(b"abcabcab", b""), 0);
        assert_eq!(count(b"", b"a"), 0);
    }
}
