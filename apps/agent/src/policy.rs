//! An organisation's help policy: what may ever be asked of its people, whatever its server says.
//!
//! ```text
//! admin's key ──► policy sign ──► a file ──► pin --policy: stamped into the organisation's agent
//!                                   └──────► policy install: kept by an enrolled computer's root
//! ```
//!
//! # Security
//!
//! The server does not hold the key, so whoever has the server can permit no more than the policy does. Nor can they go
//! back to an earlier one: the version that is stamped into the program is the lowest that counts, and on a computer where
//! root installed one the one that was installed last. Where a policy can't be read, or its time is over, nothing is permitted.

mod document;
mod folder;
mod kept;

use std::path::Path;

use conclave_client::protocol::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::document::{HelpPolicy, InForce, Kind, Refused};
pub use self::folder::POLICIES;
pub use self::kept::{NotInForce, caps_at, in_force, install};

use crate::origin::Origin;
use crate::pinned::Pinned;
use crate::signed::PublicKey;

/// As it is stamped into an organisation's agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedPolicy {
    /// Signs each that follows, too.
    pub key: PublicKey,
    /// The signed note.
    pub note: String,
}

impl PinnedPolicy {
    pub fn open(&self, server: &Origin) -> Result<HelpPolicy, Refused> {
        HelpPolicy::open(&self.note, &self.key, server)
    }

    /// Whether it may be stamped into a copy of this program: its time is not over, and where the program has one of the same
    /// organisation, it follows that.
    pub fn counts(
        &self,
        server: &Origin,
        program: Option<&Pinned>,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let policy = self.open(server)?;
        policy.at(now)?;
        let own = program.and_then(|own| Some((own.policy.as_ref()?, &own.server)));
        match own.filter(|(own, _)| own.key == self.key) {
            Some((own, of)) => policy.follows(&own.open(of)?),
            None => Ok(()),
        }
    }
}

/// Of an agent that goes by what it was pinned with, and by what was installed there. `None`: nothing but what its server says.
pub fn own_caps(
    pinned: Option<&Pinned>,
    directory: &Path,
    now: Timestamp,
) -> Result<Option<InForce>, NotInForce> {
    let policy = pinned.and_then(|pinned| Some((pinned.policy.as_ref()?, &pinned.server)));
    let caps = policy.map(|(policy, server)| caps_at(now, directory, policy, server));
    caps.transpose()
}

#[cfg(test)]
mod tests {
    use conclave_remote::Caps;

    use super::document::policy;
    use super::*;
    use crate::signed::key;

    const NOW: Timestamp = Timestamp::from_micros(1);

    fn stamped(version: u64) -> PinnedPolicy {
        let key = key("hospital.example", 1);
        PinnedPolicy {
            note: key.sign(&policy(version)).unwrap(),
            key: key.public(),
        }
    }

    fn pinned(policy: PinnedPolicy) -> Pinned {
        Pinned {
            policy: Some(policy),
            ..Pinned::to(document::policy(1).server)
        }
    }

    // Shows: ABUSE-52.
    #[test]
    fn an_agent_is_capped_by_what_is_stamped_into_it_and_does_nothing_where_that_does_not_count() {
        let nowhere = tempfile::tempdir().unwrap().path().join("policies");
        let own = |pinned: &Pinned, now| own_caps(Some(pinned), &nowhere, now);
        let caps = own(&pinned(stamped(3)), NOW);
        assert_eq!(caps.unwrap(), policy(3).at(NOW).ok());
        let unpinned = Pinned::to(policy(1).server);
        assert_eq!(own(&unpinned, NOW).unwrap(), None);
        assert_eq!(own_caps(None, &nowhere, NOW).unwrap(), None);

        let over = own(&pinned(stamped(3)), policy(3).until);
        assert!(matches!(
            over,
            Err(NotInForce::Refused(Refused::Expired(3)))
        ));
        let torn = PinnedPolicy {
            note: String::new(),
            ..stamped(3)
        };
        assert!(own(&pinned(torn), NOW).is_err());
        let elsewhere = Pinned {
            server: Origin::parse("https://evil.example").unwrap(),
            ..pinned(stamped(3))
        };
        assert!(own(&elsewhere, NOW).is_err());
    }

    // Shows: ABUSE-52.
    #[test]
    fn who_is_helped_where_a_later_policy_was_installed_is_capped_by_that() {
        let computer = tempfile::tempdir().unwrap();
        let policies = computer.path().join("policies");
        let agent = pinned(stamped(3));
        let later = HelpPolicy {
            caps: Caps {
                must_record: true,
                ..policy(4).caps
            },
            ..policy(4)
        };
        let note = key("hospital.example", 1).sign(&later).unwrap();

        install(NOW, &policies, &stamped(3), &agent.server, &note).unwrap();

        let caps = own_caps(Some(&agent), &policies, NOW);
        assert_eq!(caps.unwrap(), later.at(NOW).ok());
        std::fs::write(policies.join("policy.note"), "").unwrap();
        let damaged = own_caps(Some(&agent), &policies, NOW);
        assert!(matches!(damaged, Err(NotInForce::Damaged(..))));
    }

    // Shows: ABUSE-52.
    #[test]
    fn no_copy_is_stamped_with_an_earlier_policy_than_its_program() {
        let (server, program) = (policy(1).server, pinned(stamped(3)));
        let counts = |version, program| stamped(version).counts(&server, program, NOW);

        assert!(counts(3, Some(&program)).is_ok() && counts(4, Some(&program)).is_ok());
        let (version, before) = (2, 3);
        let rolled_back = Refused::RolledBack { version, before };
        assert_eq!(counts(2, Some(&program)), Err(rolled_back));
        assert!(counts(2, None).is_ok());
        let over = stamped(4).counts(&server, None, policy(4).until);
        assert_eq!(over, Err(Refused::Expired(4)));
    }
}
