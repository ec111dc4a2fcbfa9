//! The folder of the policy that was installed: its owner alone writes there, and everybody reads.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode, OFlags, flock, open, openat, renameat};
use rustix::io::Errno;

use super::NotInForce;

/// Where the agent looks for it. Apart from what only root reads: whoever is helped at the computer is capped by it too.
pub const POLICIES: &str = "/var/lib/conclave-agent-policy";
const POLICY: &str = "policy.note";
const PART: &str = "policy.part";
const LARGEST: u64 = 16 << 10;
const FOLDER_MODE: u32 = 0o755;
const FILE_MODE: u32 = 0o644;
/// What others may do.
const OTHERS_WRITE: u32 = 0o022;
const ROOT: u32 = 0;

pub(super) struct Folder {
    path: PathBuf,
    opened: File,
}

impl Folder {
    /// `None`: it is not there.
    pub(super) fn find(path: &Path) -> Result<Option<Self>, NotInForce> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = match open(path, flags, Mode::empty()) {
            Err(Errno::NOENT) => return Ok(None),
            opened => opened.map_err(|error| NotInForce::File(path.into(), error.into()))?,
        };
        let (opened, path) = (File::from(opened), path.to_owned());
        is_closed(&opened, &path)?;
        Ok(Some(Self { path, opened }))
    }

    /// For one who installs: nobody else does, for as long as this is held.
    pub(super) fn make(path: &Path) -> Result<Self, NotInForce> {
        let fault = |error| NotInForce::File(path.into(), error);
        make_room(path).map_err(fault)?;
        let folder = Self::find(path)?.ok_or_else(|| fault(io::ErrorKind::NotFound.into()))?;
        let locked = flock(&folder.opened, FlockOperation::NonBlockingLockExclusive);
        locked.map_err(|error| fault(error.into()))?;
        Ok(folder)
    }

    pub(super) fn policy(&self) -> PathBuf {
        self.path.join(POLICY)
    }

    /// `None`: none was installed.
    pub(super) fn read(&self) -> Result<Option<Vec<u8>>, NotInForce> {
        let fault = |error| NotInForce::File(self.policy(), error);
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = match openat(&self.opened, POLICY, flags, Mode::empty()) {
            Err(Errno::NOENT) => return Ok(None),
            opened => File::from(opened.map_err(|error| fault(error.into()))?),
        };
        is_closed(&file, &self.policy())?;
        let mut note = Vec::new();
        let read = file.take(LARGEST).read_to_end(&mut note);
        read.map_err(fault)?;
        Ok(Some(note))
    }

    pub(super) fn replace(&self, note: &[u8]) -> Result<(), NotInForce> {
        let replaced = self.put(note);
        replaced.map_err(|error| NotInForce::File(self.policy(), error))
    }

    /// Whatever happens meanwhile, what is there is whole: as it was, or as it is to be.
    fn put(&self, note: &[u8]) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // One is there of a run that did not end.
        let flags = flags | OFlags::CREATE | OFlags::TRUNC;
        let part = openat(&self.opened, PART, flags, Mode::RUSR | Mode::WUSR)?;
        let mut part = File::from(part);
        part.write_all(note)?;
        // Whatever the umask says.
        part.set_permissions(Permissions::from_mode(FILE_MODE))?;
        part.sync_all()?;
        renameat(&self.opened, PART, &self.opened, POLICY)?;
        self.opened.sync_all()
    }
}

fn make_room(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(FOLDER_MODE).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Whatever the umask says.
        made => made.and_then(|()| fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE))),
    }
}

/// It is root's, or of whoever runs this, and nobody else writes there.
fn is_closed(opened: &File, path: &Path) -> Result<(), NotInForce> {
    let metadata = opened.metadata();
    let metadata = metadata.map_err(|error| NotInForce::File(path.into(), error))?;
    let own = rustix::process::geteuid().as_raw();
    let is_own = [ROOT, own].contains(&metadata.uid());
    match is_own && metadata.mode() & OTHERS_WRITE == 0 {
        true => Ok(()),
        false => Err(NotInForce::Open(path.into())),
    }
}
