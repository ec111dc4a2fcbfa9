//! Who is in the group: the roster that people see comes from the leaves, not from the server.

use std::collections::BTreeSet;

use openmls::key_packages::Lifetime;
use openmls::treesync::LeafNodeSource;

use super::create::LONGEST_LIFETIME;
use super::{Group, MOST_MEMBERS};
use crate::identity::{Identity, ParticipantId};

/// One leaf with its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct Occupant {
    pub leaf: u32,
    /// What the owner says.
    pub identity: Identity,
    pub proof: Proof,
    pub signature_key: Vec<u8>,
    pub is_host: bool,
}

/// What there is for an owner's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    Guest,
    /// An account's key signed for the device; whose account it is, nobody here knows.
    Account,
    /// The invitation names the account's key.
    HostAccount,
}

impl Group {
    /// Ascending by leaf.
    #[must_use]
    pub fn roster(&self) -> Vec<Occupant> {
        let rules = self.rules();
        self.mls
            .members()
            .filter_map(|member| {
                let identity = Identity::read(&member.credential).ok()?;
                Some(Occupant {
                    leaf: member.index.u32(),
                    proof: self.meeting.proof(&identity),
                    identity,
                    is_host: self.hosts(&rules, &member),
                    signature_key: member.signature_key,
                })
            })
            .collect()
    }

    /// Whether every leaf names somebody, each somebody else, in a group of bearable size.
    pub(super) fn roster_is_sound(&self) -> bool {
        let identities = self
            .mls
            .members()
            .map(|member| Identity::judge(&member.credential, &member.signature_key));
        let Ok(identities) = identities.collect::<Result<Vec<_>, _>>() else {
            return false;
        };
        let people: BTreeSet<ParticipantId> = identities
            .iter()
            .map(|identity| identity.participant)
            .collect();
        people.len() == identities.len()
            && people.len() <= MOST_MEMBERS
            && self.leaves_are_bounded()
    }

    fn leaves_are_bounded(&self) -> bool {
        self.mls.members().all(|member| {
            let leaf = self.mls.public_group().leaf(member.index);
            leaf.is_some_and(|leaf| {
                self.is_plain(leaf)
                    && match leaf.leaf_node_source() {
                        LeafNodeSource::KeyPackage(lifetime) => is_bounded(lifetime),
                        _ => true,
                    }
            })
        })
    }
}

fn is_bounded(lifetime: &Lifetime) -> bool {
    let length = lifetime.not_after().checked_sub(lifetime.not_before());
    length.is_some_and(|length| length <= LONGEST_LIFETIME.as_secs())
}
