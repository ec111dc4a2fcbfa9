//! What is in another process' memory, as root could read it.

use std::fs::{File, read_to_string};
use std::os::unix::fs::FileExt;

/// So many letters of the password are looked for: what was freed loses its beginning in any case.
const LOOKED_FOR: std::ops::Range<u8> = 80..144;

/// As long as one may be, and not like anything else.
pub(crate) fn password() -> String {
    (0..240).map(|at| char::from(letter(at))).collect()
}

/// Whether the [`password`] is in the writable memory of this process. `None`: it is not ours to read.
pub(crate) fn holds_password(process: u32) -> Option<bool> {
    let needle: Vec<u8> = LOOKED_FOR.map(letter).collect();
    holds(process, &needle)
}

pub(crate) fn holds(process: u32, needle: &[u8]) -> Option<bool> {
    let memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let maps = read_to_string(format!("/proc/{process}/maps")).ok()?;
    let mut parts = maps.lines().filter_map(writable);
    Some(parts.any(|(start, end)| is_in(&memory, start, end, needle)))
}

fn letter(at: u8) -> u8 {
    b'a' + at.wrapping_mul(7).wrapping_add(at / 26) % 26
}

/// `start-end rw.. …`, in hexadecimal.
fn writable(line: &str) -> Option<(u64, u64)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    number(start)
        .zip(number(end))
        .filter(|_| rest.starts_with("rw"))
}

/// Guard pages can't be read.
fn is_in(memory: &File, start: u64, end: u64, needle: &[u8]) -> bool {
    let mut part = vec![0; usize::try_from(end - start).unwrap()];
    let read = memory.read_at(&mut part, start).unwrap_or(0);
    let mut rest = &part[..read];
    while let Some(at) = rest.iter().position(|byte| *byte == needle[0]) {
        rest = &rest[at..];
        if rest.starts_with(needle) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

#[test]
fn what_is_held_is_found() {
    // Made at run time, so that it is in no constant.
    let marker: Vec<u8> = (0..32).map(|n| 201 - 3 * n).collect();

    assert_eq!(holds(std::process::id(), &marker), Some(true));
}
