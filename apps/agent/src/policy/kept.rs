//! The policy of an enrolled computer: the newest that its root installed, or that its program was pinned with.

use std::path::{Path, PathBuf};

use conclave_client::protocol::Timestamp;
use conclave_remote::Caps;

use super::{HelpPolicy, PinnedPolicy, Refused};
use crate::origin::Origin;
use crate::service::{NotKept, read_kept, replace_kept};

#[derive(Debug, thiserror::Error)]
pub enum NotInForce {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    File(#[from] NotKept),
    /// It is not taken for none: then anything would do.
    #[error("{0} is not what was installed")]
    Damaged(PathBuf, #[source] Refused),
}

const POLICY: &str = "policy.note";

/// Whether its time is over is for [`HelpPolicy::at`] to say.
pub fn in_force(
    directory: &Path,
    pinned: &PinnedPolicy,
    server: &Origin,
) -> Result<HelpPolicy, NotInForce> {
    let stamped = pinned.open(server)?;
    let path = directory.join(POLICY);
    let note = match read_kept(&path) {
        Err(NotKept::NotEnrolled(_)) => return Ok(stamped),
        note => note?,
    };
    let kept = HelpPolicy::open(&String::from_utf8_lossy(&note), &pinned.key, server);
    let kept = kept.map_err(|why| NotInForce::Damaged(path, why))?;
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
) -> Result<Caps, NotInForce> {
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
    policy.follows(&in_force(directory, pinned, server)?)?;
    policy.at(now)?;
    replace_kept(&directory.join(POLICY), note.as_bytes())?;
    Ok(policy)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;

    use super::super::document::policy;
    use super::*;
    use crate::signed::key;

    const OWN: &str = "hospital.example";
    const NOW: Timestamp = Timestamp::from_micros(1);

    struct Computer(TempDir);

    impl Computer {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
            Self(folder)
        }

        fn installs(&self, note: &str) -> Result<HelpPolicy, NotInForce> {
            install(NOW, self.0.path(), &stamped(), &policy(1).server, note)
        }

        fn version(&self) -> Result<u64, NotInForce> {
            let policy = in_force(self.0.path(), &stamped(), &policy(1).server);
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
        let path = computer.0.path().join(POLICY);
        replace_kept(&path, note(&policy(2)).as_bytes()).unwrap();

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
        let path = computer.0.path().join(POLICY);
        let whole = fs::read_to_string(&path).unwrap();

        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let torn = computer.version();
        assert!(matches!(torn, Err(NotInForce::Damaged(..))));
        let stamped = computer.installs(&note(&policy(6)));
        assert!(matches!(stamped, Err(NotInForce::Damaged(..))));

        fs::write(&path, &whole).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        let open = computer.version();
        assert!(matches!(open, Err(NotInForce::File(NotKept::Open(_)))));
    }
}
