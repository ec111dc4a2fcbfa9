//! A directory for what a session keeps while it lasts: one's own, and gone with it.
//!
//! An agent that is killed leaves its own behind. The next one removes it: the lock on it is free then.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::process::getuid;

pub(super) struct RunDirectory {
    path: PathBuf,
    /// Locked while it is open.
    _lock: File,
}

const PREFIX: &str = "conclave-agent-";
/// Nobody else looks into it.
const MODE: u32 = 0o700;
/// Others may start at the same moment and take an empty one for a leftover.
const TRIES: usize = 8;
/// Looked at in one go, of what may be anybody's.
const MOST_LEFTOVERS: usize = 10_000;

impl RunDirectory {
    /// Where the session's own directory is, or where temporary files are.
    pub(super) fn make() -> io::Result<Self> {
        let given = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let given = given.filter(|path| path.is_absolute() && path.is_dir());
        Self::make_in(&given.unwrap_or_else(std::env::temp_dir))
    }

    fn make_in(parent: &Path) -> io::Result<Self> {
        remove_leftovers(parent);
        for _ in 0..TRIES {
            let path = parent.join(format!("{PREFIX}{:016x}", random()?));
            DirBuilder::new().mode(MODE).create(&path)?;
            if let Some(lock) = lock(&path) {
                return Ok(Self { path, _lock: lock });
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for RunDirectory {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(%error, "the session's directory is not removed");
        }
    }
}

/// Of agents that were killed. What can't be removed stays, and hinders nobody.
fn remove_leftovers(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    for entry in entries.take(MOST_LEFTOVERS) {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(PREFIX) {
            remove_leftover(&entry.path());
        }
    }
}

fn remove_leftover(path: &Path) {
    // Held until it is gone, so that nobody else removes it at the same time.
    if let Some(_lock) = lock(path) {
        let _left = fs::remove_dir_all(path);
    }
}

/// `None`: it is in use, is not ours, or is no directory.
fn lock(path: &Path) -> Option<File> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
    let flags = i32::try_from(flags.bits()).ok()?;
    let directory = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let directory = directory.ok()?;
    flock(&directory, FlockOperation::NonBlockingLockExclusive).ok()?;
    let (held, there) = (directory.metadata().ok()?, fs::symlink_metadata(path).ok()?);
    // Another may have removed it before it was locked.
    let is_there = (held.dev(), held.ino()) == (there.dev(), there.ino());
    (is_there && held.uid() == getuid().as_raw()).then_some(directory)
}

fn random() -> io::Result<u64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| io::ErrorKind::Other)?;
    Ok(u64::from_ne_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn names(parent: &Path) -> Vec<String> {
        let entries = fs::read_dir(parent).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn it_is_its_owners_alone_and_goes_with_what_is_in_it() {
        let parent = tempfile::tempdir().unwrap();
        let directory = RunDirectory::make_in(parent.path()).unwrap();
        fs::write(directory.path().join("a.pdf"), b"x").unwrap();

        let mode = fs::metadata(directory.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, MODE);
        drop(directory);
        assert!(names(parent.path()).is_empty());
    }

    // Shows: REQ-RS-06, ABUSE-56.
    #[test]
    fn what_a_killed_agent_left_is_removed_and_what_is_in_use_stays() {
        let parent = tempfile::tempdir().unwrap();
        let used = RunDirectory::make_in(parent.path()).unwrap();
        let left = parent.path().join(format!("{PREFIX}0"));
        fs::create_dir_all(left.join("inbox")).unwrap();
        fs::write(left.join("inbox/a.pdf"), b"x").unwrap();

        let mine = RunDirectory::make_in(parent.path()).unwrap();

        assert!(!left.exists());
        assert!(used.path().exists() && mine.path().exists());
    }

    #[test]
    fn nothing_of_another_name_or_kind_is_touched() {
        let parent = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("mine"), b"x").unwrap();
        fs::create_dir(parent.path().join("conclave")).unwrap();
        fs::write(parent.path().join(format!("{PREFIX}file")), b"x").unwrap();
        symlink(
            elsewhere.path(),
            parent.path().join(format!("{PREFIX}link")),
        )
        .unwrap();

        drop(RunDirectory::make_in(parent.path()).unwrap());

        let (file, link) = (format!("{PREFIX}file"), format!("{PREFIX}link"));
        assert_eq!(names(parent.path()), ["conclave".to_owned(), file, link]);
        assert_eq!(names(elsewhere.path()), ["mine"]);
    }
}
