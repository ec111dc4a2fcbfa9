//! The policy itself: whose it is, for which server, which one of several, until when, and what it caps.

use conclave_client::protocol::Timestamp;
use conclave_remote::Caps;
use serde::{Deserialize, Serialize};

use crate::origin::Origin;
use crate::signed::{PublicKey, Unsigned};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpPolicy {
    pub is: Kind,
    /// As the key is called that signs it.
    pub organisation: String,
    pub server: Origin,
    /// Each that follows has a higher one.
    pub version: u64,
    /// Nothing is permitted from then on.
    pub until: Timestamp,
    pub caps: Caps,
}

/// What it caps, as long as its time is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    pub caps: Caps,
    pub until: Timestamp,
}

impl InForce {
    #[must_use]
    pub fn is_at(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// What a signed text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    #[serde(rename = "conclave help policy 1")]
    HelpPolicy,
}

/// Why a policy does not count.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the policy does not count")]
    Unsigned(#[from] Unsigned),
    #[error("the policy is of {0}, which is another organisation")]
    OtherOrganisation(String),
    #[error("the policy is for {}, which is another server", .0.as_str())]
    OtherServer(Origin),
    #[error("the policy has the version {version}, which does not follow {before}")]
    RolledBack { version: u64, before: u64 },
    #[error("the time of the policy with the version {0} is over")]
    Expired(u64),
}

impl HelpPolicy {
    /// What this key signed for this server.
    pub fn open(note: &str, key: &PublicKey, server: &Origin) -> Result<Self, Refused> {
        let policy: Self = key.open(note)?;
        if policy.organisation != key.name().as_str() {
            return Err(Refused::OtherOrganisation(policy.organisation));
        }
        if policy.server != *server {
            return Err(Refused::OtherServer(policy.server));
        }
        Ok(policy)
    }

    pub fn at(&self, now: Timestamp) -> Result<InForce, Refused> {
        let (caps, until) = (self.caps, self.until);
        let in_force = Some(InForce { caps, until }).filter(|it| it.is_at(now));
        in_force.ok_or(Refused::Expired(self.version))
    }

    /// Whether it may take the place of this one, or is this one.
    pub fn follows(&self, before: &Self) -> Result<(), Refused> {
        match self.version > before.version || self == before {
            true => Ok(()),
            false => Err(Refused::RolledBack {
                version: self.version,
                before: before.version,
            }),
        }
    }
}

/// Of this version, for tests: in its time, which is the first millisecond of 1970, the screen may be seen.
#[cfg(test)]
pub(crate) fn policy(version: u64) -> HelpPolicy {
    use conclave_protocol::remote::{Capabilities, Capability};

    HelpPolicy {
        is: Kind::HelpPolicy,
        organisation: "hospital.example".to_owned(),
        server: Origin::parse("https://hospital.example").unwrap(),
        version,
        until: Timestamp::from_micros(1_000),
        caps: Caps {
            permitted: Capabilities::NONE.with(Capability::View),
            must_record: false,
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::signed::key;

    const OWN: &str = "hospital.example";

    fn open(note: &str) -> Result<HelpPolicy, Refused> {
        HelpPolicy::open(note, &key(OWN, 1).public(), &policy(1).server)
    }

    // Shows: ABUSE-52.
    #[test]
    fn a_policy_counts_that_the_organisation_signed_for_its_server_alone() {
        let note = key(OWN, 1).sign(&policy(3)).unwrap();
        assert_eq!(open(&note), Ok(policy(3)));

        let forged = key(OWN, 2).sign(&policy(3)).unwrap();
        assert!(matches!(open(&forged), Err(Refused::Unsigned(_))));
        let widened = note.replace("\"view\"", "\"view\", \"control\"");
        assert!(matches!(open(&widened), Err(Refused::Unsigned(_))));
        let evil = Origin::parse("https://evil.example").unwrap();
        let server = HelpPolicy {
            server: evil.clone(),
            ..policy(3)
        };
        let note = key(OWN, 1).sign(&server).unwrap();
        assert_eq!(open(&note), Err(Refused::OtherServer(evil)));
    }

    // Shows: ABUSE-52.
    #[test]
    fn a_policy_of_another_organisation_does_not_count_though_one_key_signs_for_both() {
        let other = "clinic.example".to_owned();
        let theirs = HelpPolicy {
            organisation: other.clone(),
            ..policy(3)
        };

        let note = key(&other, 1).sign(&theirs).unwrap();
        assert!(matches!(open(&note), Err(Refused::Unsigned(_))));

        let note = key(OWN, 1).sign(&theirs).unwrap();
        assert_eq!(open(&note), Err(Refused::OtherOrganisation(other)));
    }

    // Shows: ABUSE-52.
    #[test]
    fn a_policy_that_says_what_is_not_understood_does_not_count() {
        let whole = serde_json::to_value(policy(3)).unwrap();
        let with = |name: &str, value: Value| {
            let mut changed = whole.clone();
            changed[name] = value;
            key(OWN, 1).sign(&changed).unwrap()
        };

        assert_eq!(open(&with("version", json!(3))), Ok(policy(3)));
        for note in [
            with("is", json!("conclave-agent release 1")),
            with("version", json!(-1)),
            with("until", json!("soon")),
            with(
                "caps",
                json!({ "permitted": ["shell"], "must_record": false }),
            ),
            with("caps", json!({ "permitted": [] })),
            with("unless", json!("asked nicely")),
        ] {
            assert!(matches!(open(&note), Err(Refused::Unsigned(_))), "{note}");
        }
    }

    // Shows: ABUSE-52.
    #[test]
    fn no_policy_goes_back_to_an_earlier_one() {
        let lower = policy(2).follows(&policy(3));
        let (version, before) = (2, 3);
        assert_eq!(lower, Err(Refused::RolledBack { version, before }));
        assert!(policy(4).follows(&policy(3)).is_ok());
        assert!(policy(3).follows(&policy(3)).is_ok());

        let other = HelpPolicy {
            until: Timestamp::from_micros(2_000),
            ..policy(3)
        };
        assert!(other.follows(&policy(3)).is_err());
    }

    // Shows: ABUSE-52.
    #[test]
    fn a_policy_whose_time_is_over_permits_nothing() {
        let until = policy(3).until;
        let before = Timestamp::from_micros(until.as_micros() - 1);

        let caps = policy(3).caps;
        let in_force = InForce { caps, until };
        assert_eq!(policy(3).at(before), Ok(in_force));
        assert!(in_force.is_at(before) && !in_force.is_at(until));
        assert_eq!(policy(3).at(until), Err(Refused::Expired(3)));
    }
}
