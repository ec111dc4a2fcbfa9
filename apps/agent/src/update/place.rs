//! Where the program lies that is to be updated, and how another one comes there.

use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{
    AtFlags, FlockOperation, Mode, OFlags, flock, fstat, openat, renameat, statat, unlinkat,
};

use super::NotUpdated;
use crate::inbox::nameless::{nameless_in, passing_name};

/// A name in a folder that nobody else changes, and no other update for as long as this is held.
pub(super) struct Place {
    folder: File,
    name: OsString,
}

/// What others may do to the folder.
const OTHERS_WRITE: u32 = 0o022;
/// Everybody may run it, nobody else may change it.
const MODE: u32 = 0o755;

impl Place {
    /// Of this very program, as it lies at that path.
    pub(super) fn of(program: &File, path: &Path) -> Result<Self, NotUpdated> {
        let elsewhere = || NotUpdated::Elsewhere(path.into());
        let name = path.file_name().ok_or_else(elsewhere)?.to_owned();
        let folder = File::open(path.parent().ok_or_else(elsewhere)?);
        let folder = folder.map_err(|error| NotUpdated::Unreadable(path.into(), error))?;
        if !is_closed(&folder).map_err(NotUpdated::Unwritable)? {
            return Err(NotUpdated::Open(path.into()));
        }
        // Before the look at what lies there: of two updates, one would otherwise replace what the other has put.
        let locked = flock(&folder, FlockOperation::NonBlockingLockExclusive);
        locked.map_err(|error| NotUpdated::Unwritable(error.into()))?;
        let there = statat(&folder, &name, AtFlags::SYMLINK_NOFOLLOW).map_err(|_| elsewhere())?;
        let own = fstat(program).map_err(|_| elsewhere())?;
        match (there.st_dev, there.st_ino) == (own.st_dev, own.st_ino) {
            true => Ok(Self { folder, name }),
            false => Err(elsewhere()),
        }
    }

    /// For what is not known yet: nobody finds it, and it is gone with this process.
    pub(super) fn nameless(&self) -> Result<File, NotUpdated> {
        nameless_in(self.folder.as_fd()).map_err(NotUpdated::Unwritable)
    }

    /// What is written takes the place of what lies there, once it is whole and on the disk. Otherwise nothing of it is left.
    pub(super) fn put<E: Into<NotUpdated>>(
        &self,
        write: impl FnOnce(&mut File) -> Result<(), E>,
    ) -> Result<(), NotUpdated> {
        let part = passing_name().map_err(NotUpdated::Unwritable)?;
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let file = openat(&self.folder, &part, flags, Mode::RUSR | Mode::WUSR);
        let mut file = File::from(file.map_err(|error| NotUpdated::Unwritable(error.into()))?);
        let put = write(&mut file).map_err(Into::into).and_then(|()| {
            let named = self.name(&file, &part);
            named.map_err(NotUpdated::Unwritable)
        });
        if put.is_err() {
            let _gone = unlinkat(&self.folder, &part, AtFlags::empty());
        }
        put
    }

    fn name(&self, file: &File, part: &str) -> io::Result<()> {
        file.set_permissions(Permissions::from_mode(MODE))?;
        file.sync_all()?;
        renameat(&self.folder, part, &self.folder, &self.name)?;
        self.folder.sync_all()
    }
}

/// Whoever runs this owns it, and nobody else writes there.
fn is_closed(folder: &File) -> io::Result<bool> {
    let metadata = folder.metadata()?;
    let is_own = metadata.uid() == rustix::process::geteuid().as_raw();
    Ok(is_own && metadata.mode() & OTHERS_WRITE == 0)
}
