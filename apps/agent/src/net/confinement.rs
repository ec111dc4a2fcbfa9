//! Closes the file system off from the process with the network, but for what names and certificates are read from.

use std::fmt::{Display, Formatter, Result as Formatted};

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
/// `resolv.conf` may be a link into one of the folders below `/run`: after a change of network it is another file.
const READABLE: &[&str] = &[
    "/etc/ssl",
    "/etc/resolv.conf",
    "/run/systemd/resolve",
    "/run/NetworkManager",
    "/run/resolvconf",
    "/run/connman",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/ld.so.cache",
    "/usr/lib",
    "/usr/lib64",
];

impl Confinement {
    /// From here on, for this thread and those that it starts.
    pub(super) fn begin() -> Self {
        match restrict() {
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

fn restrict() -> Result<RulesetStatus, RulesetError> {
    let readable = path_beneath_rules(READABLE, AccessFs::from_read(RULES));
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(RULES))?
        .create()?
        .add_rules(readable)?
        .restrict_self()?;
    Ok(restricted.ruleset)
}
