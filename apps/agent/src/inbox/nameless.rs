//! A file without a name: however the program ends, nothing is left of it but what was given a name.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open, unlinkat};
use rustix::io::Errno;

use super::beneath::{ITSELF, open_beneath};

/// Nobody else reads it, also once it has a name.
const MODE: Mode = Mode::RUSR.union(Mode::WUSR);

/// On the file system of this folder.
pub(super) fn nameless(folder: &Path) -> io::Result<File> {
    let directory = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    nameless_in(open(folder, directory, Mode::empty())?.as_fd())
}

/// As [`nameless`]. Where there are no such files, a name is taken away as soon as it is made.
pub(crate) fn nameless_in(folder: BorrowedFd<'_>) -> io::Result<File> {
    let flags = OFlags::TMPFILE | OFlags::RDWR;
    match open_beneath(folder, ITSELF, flags, MODE) {
        Ok(file) => Ok(file.into()),
        Err(_) => unnamed(folder),
    }
}

fn unnamed(folder: BorrowedFd<'_>) -> io::Result<File> {
    let name = passing_name()?;
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
    let file = open_beneath(folder, &name, flags, MODE)?;
    unlinkat(folder, &name, AtFlags::empty())?;
    Ok(file.into())
}

/// Where no file has it. Not each file that once had a name takes one again.
pub(super) fn give_name(file: &File, folder: impl AsFd, name: &str) -> Result<(), Errno> {
    let way = way_to(file);
    linkat(CWD, &way, folder, name, AtFlags::SYMLINK_FOLLOW)
}

/// To this very file, for this process and no other.
pub(super) fn way_to(file: &File) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// Of what has none yet. No file that comes, and none that an earlier run left, has it.
pub(crate) fn passing_name() -> io::Result<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| io::ErrorKind::Other)?;
    Ok(format!(".conclave-{:016x}", u64::from_ne_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    // Shows: REQ-RS-06, ABUSE-56.
    #[test]
    fn nothing_is_seen_of_it_before_it_has_a_name() {
        for make in [nameless_in, unnamed] {
            let folder = tempfile::tempdir().unwrap();
            let there = File::open(folder.path()).unwrap();
            let mut file = make(there.as_fd()).unwrap();
            file.write_all(b"hello").unwrap();

            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
            assert_eq!(fs::read(way_to(&file)).unwrap(), b"hello");
        }
    }

    #[test]
    fn a_name_that_is_taken_is_not_given() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), b"mine").unwrap();
        let there = File::open(folder.path()).unwrap();
        let file = nameless(folder.path()).unwrap();

        assert_eq!(give_name(&file, &there, "a"), Err(Errno::EXIST));

        assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"mine");
    }
}
