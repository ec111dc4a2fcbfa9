//! Closes the file system off from the process with the network, but for what names and certificates are read from.

use std::fmt::{Display, Formatter, Result as Formatted};
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, RulesetStatus, path_beneath_rules,
};
use serde::Serialize;

/// Whether the kernel keeps to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confinement {
    Closed,
    /// The kernel knows no Landlock, or an older one.
    Open,
}

impl Display for Confinement {
    fn fmt(&self, to: &mut Formatter<'_>) -> Formatted {
        to.write_str(match self {
            Self::Closed => "closed off from the network (Landlock)",
            Self::Open => "open to the process with the network: this kernel has no Landlock",
        })
    }
}

/// The newest rules whose every access is known here; an older kernel keeps to fewer.
const RULES: ABI = ABI::V5;
/// What is read by who resolves names and verifies certificates. What is missing is left out.
///
/// `resolv.conf` may be a link into one of the folders below `/run`.
const READABLE: &[&str] = &[
    "/etc/ssl",
    "/run/systemd/resolve",
    "/run/NetworkManager",
    "/run/resolvconf",
    "/run/connman",
    "/usr/lib",
    "/usr/lib64",
];
/// Where files are read that are replaced while this runs, `resolv.conf` with each change of network: a rule for the file
/// itself would hold for the one that is gone. Of these folders what the person may read is read, and nothing is listed.
const REPLACED: &[&str] = &["/etc"];

impl Confinement {
    /// From here on, for this thread and those that it starts.
    pub(crate) fn begin() -> Self {
        match restrict(READABLE, REPLACED) {
            Ok(RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced) => Self::Closed,
            Ok(RulesetStatus::NotEnforced) => Self::Open,
            Err(error) => {
                tracing::warn!(%error, "files are not closed off from the network");
                Self::Open
            }
        }
    }

    /// Whether it could begin; nothing is restricted.
    #[must_use]
    pub fn of_this_kernel() -> Self {
        let made = Ruleset::default()
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessFs::from_all(ABI::V1))
            .and_then(Ruleset::create);
        if made.is_ok() {
            Self::Closed
        } else {
            Self::Open
        }
    }
}

fn restrict<P: AsRef<Path>>(readable: &[P], replaced: &[P]) -> Result<RulesetStatus, RulesetError> {
    let readable = path_beneath_rules(readable, AccessFs::from_read(RULES));
    let replaced = path_beneath_rules(replaced, AccessFs::ReadFile);
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(RULES))?
        .create()?
        .add_rules(readable)?
        .add_rules(replaced)?
        .restrict_self()?;
    Ok(restricted.ruleset)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::thread;

    use super::*;

    #[test]
    fn a_file_that_is_replaced_is_read_and_nothing_beside_its_folder_is() {
        let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
        let [readable, replaced, other] = folders.each_ref().map(tempfile::TempDir::path);
        let conf = replaced.join("resolv.conf");
        fs::write(&conf, b"one").unwrap();
        fs::write(other.join("secret"), b"x").unwrap();
        let (closed, done) = thread::scope(|scope| {
            let (says, hears) = std::sync::mpsc::channel();
            let (replaces, replaced_at) = std::sync::mpsc::channel();
            let reads = scope.spawn({
                let conf = &conf;
                move || {
                    let status = restrict(&[readable], &[replaced]).unwrap();
                    says.send(()).unwrap();
                    replaced_at.recv().unwrap();
                    let read = fs::read(conf).unwrap();
                    let is_listed = fs::read_dir(replaced).is_ok();
                    let is_open = fs::read(other.join("secret")).is_ok();
                    (
                        status != RulesetStatus::NotEnforced,
                        (read, is_listed, is_open),
                    )
                }
            });
            hears.recv().unwrap();
            fs::write(replaced.join("new"), b"two").unwrap();
            fs::rename(replaced.join("new"), &conf).unwrap();
            replaces.send(()).unwrap();
            reads.join().unwrap()
        });

        assert_eq!(done, (b"two".to_vec(), !closed, !closed));
    }
}
