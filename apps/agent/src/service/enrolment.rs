//! What an enrolled computer keeps: its keys, and whose it is. Only root reads it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use conclave_client::KeyPin;
use conclave_client::e2ee::computer::ComputerKeys;
use conclave_protocol::SupportDeviceId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::origin::Origin;

/// Nothing secret.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    pub server: Origin,
    /// The only key that the server may have.
    #[serde(default)]
    pub key: Option<KeyPin>,
    /// Authorities beside the system's, in PEM.
    #[serde(default)]
    pub trust: Option<PathBuf>,
    pub device: SupportDeviceId,
    /// What the computer is called.
    pub name: String,
}

#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    #[error(
        "this computer is enrolled already: it is taken out by whoever looks after it, or by removing {0}"
    )]
    Enrolled(PathBuf),
    #[error("this computer is not enrolled: {0} is not there")]
    NotEnrolled(PathBuf),
    #[error("{0} is not what it should be")]
    Damaged(PathBuf),
    #[error("others than root could read or change {0}")]
    Open(PathBuf),
    #[error("{0} can't be read or written")]
    File(PathBuf, #[source] io::Error),
}

/// Where it is kept, unless the command says otherwise.
pub const DIRECTORY: &str = "/var/lib/conclave-agent";
const ENROLMENT: &str = "computer.json";
const KEYS: &str = "computer.key";
const LARGEST: u64 = 16 << 10;
/// Root's alone.
const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// What others may do.
const OF_OTHERS: u32 = 0o077;

impl Enrolment {
    /// Refuses before anybody is told of a key that could not be kept.
    pub fn make_room(directory: &Path) -> Result<(), NotKept> {
        let there = directory.join(KEYS);
        if there.exists() {
            return Err(NotKept::Enrolled(there));
        }
        let mut made = DirBuilder::new();
        let made = made.recursive(true).mode(DIRECTORY_MODE).create(directory);
        made.map_err(|error| NotKept::File(directory.into(), error))?;
        // Without its keys it is nothing.
        let _half = fs::remove_file(directory.join(ENROLMENT));
        is_roots_alone(directory)
    }

    pub fn keep(&self, directory: &Path, keys: &ComputerKeys) -> Result<(), NotKept> {
        let enrolment = serde_json::to_vec_pretty(self);
        let path = directory.join(ENROLMENT);
        let enrolment = enrolment.map_err(|error| NotKept::File(path.clone(), error.into()))?;
        write(&path, &enrolment)?;
        write(&directory.join(KEYS), &keys.to_bytes())
    }

    pub fn read(directory: &Path) -> Result<(Self, ComputerKeys), NotKept> {
        is_roots_alone(directory)?;
        let (path, key) = (directory.join(ENROLMENT), directory.join(KEYS));
        let enrolment = serde_json::from_slice(&read_kept(&path)?);
        let enrolment = enrolment.map_err(|_| NotKept::Damaged(path))?;
        let keys = ComputerKeys::from_bytes(&read_kept(&key)?);
        Ok((enrolment, keys.ok_or(NotKept::Damaged(key))?))
    }

    /// The organisation took the computer out: its keys are worth nothing.
    pub fn remove(directory: &Path) {
        for name in [KEYS, ENROLMENT] {
            if let Err(error) = fs::remove_file(directory.join(name)) {
                tracing::warn!(%error, "what the computer kept of its enrolment is not removed");
            }
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), NotKept> {
    let mut file = OpenOptions::new();
    let file = file.write(true).create_new(true).mode(FILE_MODE).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| NotKept::File(path.into(), error))
}

/// What only root can have put there.
fn read_kept(path: &Path) -> Result<Zeroizing<Vec<u8>>, NotKept> {
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NotKept::NotEnrolled(path.into()),
        _ => NotKept::File(path.into(), error),
    })?;
    is_roots_alone(path)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(1 << 10));
    let read = file.take(LARGEST).read_to_end(&mut bytes);
    read.map_err(|error| NotKept::File(path.into(), error))?;
    Ok(bytes)
}

/// Whoever runs this owns it, and nobody else reads or changes it.
fn is_roots_alone(path: &Path) -> Result<(), NotKept> {
    let metadata = fs::symlink_metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NotKept::NotEnrolled(path.into()),
        _ => NotKept::File(path.into(), error),
    })?;
    let is_own = metadata.uid() == rustix::process::geteuid().as_raw();
    let is_closed = metadata.permissions().mode() & OF_OTHERS == 0;
    match is_own && is_closed && !metadata.is_symlink() {
        true => Ok(()),
        false => Err(NotKept::Open(path.into())),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use conclave_client::e2ee::Seed;
    use uuid::Uuid;

    use super::*;

    fn enrolment() -> Enrolment {
        Enrolment {
            server: Origin::parse("https://hospital.example").unwrap(),
            key: None,
            trust: None,
            device: SupportDeviceId(Uuid::from_u128(1)),
            name: "ward-3".to_owned(),
        }
    }

    fn keys() -> ComputerKeys {
        ComputerKeys::generate(Seed(Zeroizing::new([1; 32])))
    }

    // Shows: REQ-AC-25, ABUSE-55.
    #[test]
    fn only_root_reads_what_is_kept_and_what_others_could_read_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("conclave-agent");
        Enrolment::make_room(&directory).unwrap();
        enrolment().keep(&directory, &keys()).unwrap();

        let (read, kept) = Enrolment::read(&directory).unwrap();

        assert_eq!(read.name, "ward-3");
        assert!(kept.public() == keys().public());
        let key = directory.join(KEYS);
        assert_eq!(
            fs::metadata(&key).unwrap().permissions().mode() & 0o777,
            FILE_MODE
        );
        let twice = Enrolment::make_room(&directory);
        assert!(matches!(twice, Err(NotKept::Enrolled(_))));
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        let open = Enrolment::read(&directory);
        assert!(matches!(open, Err(NotKept::Open(_))));
    }

    // Shows: ABUSE-55.
    #[test]
    fn what_others_could_have_put_there_is_not_read() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("conclave-agent");
        Enrolment::make_room(&directory).unwrap();
        enrolment().keep(&directory, &keys()).unwrap();
        let is_refused = || matches!(Enrolment::read(&directory), Err(NotKept::Open(_)));
        assert!(!is_refused());

        fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(is_refused());
        fs::set_permissions(&directory, fs::Permissions::from_mode(DIRECTORY_MODE)).unwrap();
        let (key, elsewhere) = (directory.join(KEYS), parent.path().join("planted"));
        fs::rename(&key, &elsewhere).unwrap();
        symlink(&elsewhere, &key).unwrap();
        assert!(is_refused());
    }

    #[test]
    fn a_computer_that_was_taken_out_keeps_nothing() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("conclave-agent");
        Enrolment::make_room(&directory).unwrap();
        enrolment().keep(&directory, &keys()).unwrap();

        Enrolment::remove(&directory);

        assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
        let gone = Enrolment::read(&directory);
        assert!(matches!(gone, Err(NotKept::NotEnrolled(_))));
    }
}
