//! The policy of a computer: the newest that its root installed, or that its program was pinned with.

use std::io;
use std::path::{Path, PathBuf};

use conclave_client::protocol::Timestamp;

use super::folder::Folder;
use super::{HelpPolicy, InForce, PinnedPolicy, Refused};
use crate::origin::Origin;

#[derive(Debug, thiserror::Error)]
pub enum NotInForce {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("others could change {0}")]
    Open(PathBuf),
    #[error("{0} can't be read or written")]
    File(PathBuf, #[source] io::Error),
    /// It is not taken for none: then anything would do.
    #[error("{0} is not what was installed")]
    Damaged(PathBuf, #[source] Refused),
}

/// Whether its time is over is for [`HelpPolicy::at`] to say.
pub fn in_force(
    directory: &Path,
    pinned: &PinnedPolicy,
    server: &Origin,
) -> Result<HelpPolicy, NotInForce> {
    match Folder::find(directory)? {
        Some(folder) => newest(&folder, pinned, server),
        None => Ok(pinned.open(server)?),
    }
}

fn newest(
    folder: &Folder,
    pinned: &PinnedPolicy,
    server: &Origin,
) -> Result<HelpPolicy, NotInForce> {
    let stamped = pinned.open(server)?;
    let Some(note) = folder.read()? else {
        return Ok(stamped);
    };
    let kept = HelpPolicy::open(&String::from_utf8_lossy(&note), &pinned.key, server);
    let kept = kept.map_err(|why| NotInForce::Damaged(folder.policy(), why))?;
    Ok(match kept.version > stamped.version {
        true => kept,
        false => stamped,
    })
}

pub fn caps_at(
    now: Timestamp,
    directory: &Path,
    pinned: &PinnedPolicy,
    server: &Origin,
) -> Result<InForce, NotInForce> {
    Ok(in_force(directory, pinned, server)?.at(now)?)
}

/// In the place of the one that is in force, which it has to follow.
pub fn install(
    now: Timestamp,
    directory: &Path,
    pinned: &PinnedPolicy,
    server: &Origin,
    note: &str,
) -> Result<HelpPolicy, NotInForce> {
    let policy = HelpPolicy::open(note, &pinned.key, server)?;
    let folder = Folder::make(directory)?;
    policy.follows(&newest(&folder, pinned, server)?)?;
    policy.at(now)?;
    folder.replace(note.as_bytes())?;
    Ok(policy)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    use tempfile::TempDir;

    use super::super::document::policy;
    use super::*;
    use crate::signed::key;

    const OWN: &str = "hospital.example";
    const NOW: Timestamp = Timestamp::from_micros(1);

    /// The folder is not there yet.
    struct Computer(TempDir);

    impl Computer {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn folder(&self) -> PathBuf {
            self.0.path().join("policies")
        }

        fn note(&self) -> PathBuf {
            self.folder().join("policy.note")
        }

        fn installs(&self, note: &str) -> Result<HelpPolicy, NotInForce> {
            install(NOW, &self.folder(), &stamped(), &policy(1).server, note)
        }

        fn version(&self) -> Result<u64, NotInForce> {
            let policy = in_force(&self.folder(), &stamped(), &policy(1).server);
            Ok(policy?.version)
        }
    }

    fn note(policy: &HelpPolicy) -> String {
        key(OWN, 1).sign(policy).unwrap()
    }

    fn stamped() -> PinnedPolicy {
        PinnedPolicy {
            key: key(OWN, 1).public(),
            note: note(&policy(3)),
        }
    }

    // Shows: ABUSE-52.
    #[test]
    fn what_was_installed_last_is_in_force_and_none_before_it() {
        let computer = Computer::new();
        assert_eq!(computer.version().unwrap(), 3);
        computer.installs(&note(&policy(5))).unwrap();
        computer.installs(&note(&policy(5))).unwrap();

        for version in [1, 3, 4] {
            let lower = computer.installs(&note(&policy(version)));
            let is_refused = matches!(
                lower,
                Err(NotInForce::Refused(Refused::RolledBack { before: 5, .. }))
            );
            assert!(is_refused, "{version}");
        }
        assert_eq!(computer.version().unwrap(), 5);
    }

    // Shows: ABUSE-52.
    #[test]
    fn what_is_stamped_into_the_program_is_the_lowest_that_counts() {
        let computer = Computer::new();
        assert!(computer.installs(&note(&policy(2))).is_err());

        // Of before the program was replaced.
        let folder = Folder::make(&computer.folder()).unwrap();
        folder.replace(note(&policy(2)).as_bytes()).unwrap();

        assert_eq!(computer.version().unwrap(), 3);
    }

    // Shows: ABUSE-52.
    #[test]
    fn what_is_forged_or_over_is_not_installed() {
        let computer = Computer::new();
        let forged = key(OWN, 2).sign(&policy(9)).unwrap();
        let over = HelpPolicy {
            until: NOW,
            ..policy(9)
        };

        for wrong in [forged, note(&over), String::new()] {
            assert!(computer.installs(&wrong).is_err());
        }

        assert_eq!(computer.version().unwrap(), 3);
    }

    // Shows: ABUSE-52, ABUSE-55.
    #[test]
    fn a_policy_that_was_damaged_or_others_could_change_is_not_taken_for_none() {
        let computer = Computer::new();
        computer.installs(&note(&policy(5))).unwrap();
        let path = computer.note();
        let whole = fs::read_to_string(&path).unwrap();

        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let torn = computer.version();
        assert!(matches!(torn, Err(NotInForce::Damaged(..))));
        let stamped = computer.installs(&note(&policy(6)));
        assert!(matches!(stamped, Err(NotInForce::Damaged(..))));

        fs::write(&path, &whole).unwrap();
        for (path, open, closed) in [(&path, 0o664, 0o644), (&computer.folder(), 0o757, 0o755)] {
            fs::set_permissions(path, Permissions::from_mode(open)).unwrap();
            assert!(matches!(computer.version(), Err(NotInForce::Open(_))));
            assert!(computer.installs(&note(&policy(6))).is_err());
            fs::set_permissions(path, Permissions::from_mode(closed)).unwrap();
            assert_eq!(computer.version().unwrap(), 5);
        }
        let moved = computer.0.path().join("moved");
        fs::rename(&path, &moved).unwrap();
        symlink(&moved, &path).unwrap();
        assert!(matches!(computer.version(), Err(NotInForce::File(..))));
    }

    // Shows: ABUSE-52.
    #[test]
    fn what_was_installed_is_read_by_everybody_and_written_by_its_owner() {
        let computer = Computer::new();
        computer.installs(&note(&policy(5))).unwrap();
        computer.installs(&note(&policy(6))).unwrap();

        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(computer.folder()), 0o755);
        assert_eq!(mode(computer.note()), 0o644);
        assert_eq!(fs::read_dir(computer.folder()).unwrap().count(), 1);
    }

    // Shows: ABUSE-52.
    #[test]
    fn of_two_that_install_beside_each_other_one_is_refused() {
        let computer = Computer::new();
        let other = Folder::make(&computer.folder()).unwrap();

        let beside = computer.installs(&note(&policy(5)));
        assert!(matches!(beside, Err(NotInForce::File(..))));
        assert_eq!(computer.version().unwrap(), 3);

        drop(other);
        computer.installs(&note(&policy(5))).unwrap();
    }
}
