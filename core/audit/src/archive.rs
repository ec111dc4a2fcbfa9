//! The files of a ZIP that packs without compressing (APPNOTE.TXT 6.3.10, method 0), as they lie in its bytes.

use std::collections::BTreeMap;

/// Paths with `/`, and what lies there.
pub type Files<'a> = BTreeMap<&'a str, &'a [u8]>;

/// The bytes are no archive whose files can be read where they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoArchive {
    #[error("the file is no ZIP, or a damaged one")]
    Malformed,
    #[error("a file in the ZIP is compressed or encrypted: kits are packed without either")]
    Packed,
    #[error("two files in the ZIP have one name, or one has a name that leads out of it")]
    Name,
}

/// All files; folders are left out. Checks no CRC: what counts is hashed anyway.
pub fn files_of_zip(zip: &[u8]) -> Result<Files<'_>, NoArchive> {
    let (count, directory) = central_directory(zip).ok_or(NoArchive::Malformed)?;
    let mut rest = directory;
    let mut files = Files::new();
    for _ in 0..count {
        let (entry, behind) = DirectoryEntry::read(rest).ok_or(NoArchive::Malformed)?;
        rest = behind;
        if entry.name.ends_with('/') {
            continue;
        }
        if entry.packed {
            return Err(NoArchive::Packed);
        }
        let bytes = entry.file(zip).ok_or(NoArchive::Malformed)?;
        if leads_out(entry.name) || files.insert(entry.name, bytes).is_some() {
            return Err(NoArchive::Name);
        }
    }
    Ok(files)
}

/// Section 4.3.12.
struct DirectoryEntry<'a> {
    name: &'a str,
    packed: bool,
    length: usize,
    /// Of the local header.
    at: usize,
}

impl<'a> DirectoryEntry<'a> {
    fn read(directory: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let header = directory.strip_prefix(b"PK\x01\x02")?;
        let (flags, method) = (u16_at(header, 4)?, u16_at(header, 6)?);
        let (compressed, length) = (u32_at(header, 16)?, u32_at(header, 20)?);
        let (name, extra, comment) = (
            u16_at(header, 24)?,
            u16_at(header, 26)?,
            u16_at(header, 28)?,
        );
        let at = u32_at(header, 38)?;
        let (name, behind) = header.get(42..)?.split_at_checked(name)?;
        let entry = Self {
            name: std::str::from_utf8(name).ok()?,
            packed: method != 0 || flags & ENCRYPTED != 0 || compressed != length,
            length,
            at,
        };
        Some((entry, behind.get(extra + comment..)?))
    }

    /// Section 4.3.7. Both headers have to name the file alike.
    fn file(&self, zip: &'a [u8]) -> Option<&'a [u8]> {
        let header = zip.get(self.at..)?.strip_prefix(b"PK\x03\x04")?;
        let (name, extra) = (u16_at(header, 22)?, u16_at(header, 24)?);
        let (name, behind) = header.get(26..)?.split_at_checked(name)?;
        let file = behind.get(extra..)?.get(..self.length)?;
        (name == self.name.as_bytes()).then_some(file)
    }
}

/// How many files there are, and their directory (section 4.3.16).
fn central_directory(zip: &[u8]) -> Option<(usize, &[u8])> {
    let newest = zip.len().checked_sub(END_BYTES)?;
    let oldest = newest.saturating_sub(usize::from(u16::MAX));
    let at = (oldest..=newest).rev().find(|at| {
        zip.get(*at..)
            .is_some_and(|end| end.starts_with(b"PK\x05\x06"))
    })?;
    let end = zip.get(at..)?;
    let (count, length, from) = (u16_at(end, 10)?, u32_at(end, 12)?, u32_at(end, 16)?);
    Some((count, zip.get(from..)?.get(..length)?))
}

fn leads_out(name: &str) -> bool {
    let wrong = |element: &str| element.is_empty() || element == "." || element == "..";
    name.contains(['\\', '\0', ':']) || name.split('/').any(wrong)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let number = bytes.get(at..)?.first_chunk().copied()?;
    Some(usize::from(u16::from_le_bytes(number)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let number = bytes.get(at..)?.first_chunk().copied()?;
    usize::try_from(u32::from_le_bytes(number)).ok()
}

/// Of the general purpose flags (section 4.4.4).
const ENCRYPTED: usize = 1;

/// Without a comment.
const END_BYTES: usize = 22;

#[cfg(test)]
mod tests {
    use super::*;

    /// Python's zipfile with ZIP_STORED: `a` holds "first", `b/c` holds "second".
    const OF_PYTHON: &[u8] = include_bytes!("../tests/vectors/python.zip");
    /// The same, deflated.
    const DEFLATED: &[u8] = include_bytes!("../tests/vectors/deflated.zip");

    #[test]
    fn a_zip_of_others_is_read() {
        let files = files_of_zip(OF_PYTHON).unwrap();

        assert_eq!(
            files,
            Files::from([("a", &b"first"[..]), ("b/c", b"second")])
        );
    }

    #[test]
    fn what_would_have_to_be_unpacked_is_refused_as_such() {
        assert_eq!(files_of_zip(DEFLATED), Err(NoArchive::Packed));
    }

    #[test]
    fn names_that_lead_out_or_come_twice_are_refused() {
        let renamed = |name: &[u8; 3]| {
            let mut zip = OF_PYTHON.to_vec();
            for at in 0..zip.len() - 3 {
                if zip[at..].starts_with(b"b/c") {
                    zip[at..at + 3].copy_from_slice(name);
                }
            }
            zip
        };

        for name in [b"../", b"/bc", b"b//", b"b:c", b"b\\c", b"/.."] {
            let files = renamed(name);
            assert!(
                files_of_zip(&files).is_ok_and(|files| files.len() == 1)
                    || files_of_zip(&files) == Err(NoArchive::Name)
            );
        }
        assert_eq!(files_of_zip(&renamed(b"b\\c")), Err(NoArchive::Name));
    }

    #[test]
    fn a_cut_zip_is_refused_without_harm() {
        for length in 0..OF_PYTHON.len() {
            assert!(files_of_zip(&OF_PYTHON[..length]).is_err());
        }
    }
}
