//! One meeting's MLS group, as one of its members holds it.
//!
//! The first member creates it; everybody else joins by an external commit that carries the meeting's secret.
//! What a member accepts from others is `group/accept.rs`; what it sends itself is in the other files.
//! A group never outlives its process.

mod accept;
mod commit;
mod create;
mod join;
mod keys;
mod precedent;
mod removal;
mod roster;
#[cfg(test)]
mod tests;

use openmls::group::{MlsGroup, MlsGroupJoinConfig, PURE_PLAINTEXT_WIRE_FORMAT_POLICY};
use openmls::prelude::{Capabilities, CredentialType, CredentialWithKey, ProposalType};
use openmls::schedule::PreSharedKeyId;
use openmls::versions::ProtocolVersion;
use openmls_traits::OpenMlsProvider as _;

pub use accept::{Change, Refusal, Rule};
pub use commit::Outgoing;
pub use create::Opening;
pub(crate) use join::offered_hosts;
pub use join::{JoinRefusal, Joining, Papers};
pub use keys::SecurityCode;
pub use precedent::Precedent;
pub use roster::{Occupant, Proof};

use crate::admission::Joiner;
use crate::context::{self, Rules};
use crate::identity::Identity;
use crate::meeting::{GroupId, Meeting};
use crate::provider::Provider;
use crate::secret::{self, MeetingSecret};
use crate::signer::Signer;
use crate::suite::Suite;

/// A member's view of the group, in one epoch.
pub struct Group {
    mls: MlsGroup,
    provider: Provider,
    meeting: Meeting,
    id: GroupId,
}

/// Who the member is: the same through reloads.
#[derive(Clone, Copy)]
pub struct Oneself<'a> {
    pub identity: &'a Identity,
    pub signer: &'a Signer,
}

/// openmls refused to do what it was asked to: nothing was sent, and the group stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the group could not do this")]
pub struct Failed;

impl Group {
    #[must_use]
    pub fn id(&self) -> GroupId {
        self.id
    }

    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.mls.epoch().as_u64()
    }

    /// The own leaf.
    #[must_use]
    pub fn leaf(&self) -> u32 {
        self.mls.own_leaf_index().u32()
    }

    #[must_use]
    pub fn suite(&self) -> Suite {
        self.meeting.suite
    }

    /// Who may join at present.
    #[must_use]
    pub fn rules(&self) -> Rules {
        context::rules(&self.meeting, self.mls.extensions()).expect(
            "a group with other terms is neither created nor joined, and no commit changes them",
        )
    }
}

impl<'a> Oneself<'a> {
    /// As a host sees it in the lobby.
    #[must_use]
    pub fn as_joiner(self) -> Joiner<'a> {
        Joiner {
            signature_key: self.signer.public(),
            identity: self.identity,
        }
    }

    fn credential(&self) -> CredentialWithKey {
        CredentialWithKey {
            credential: self.identity.credential(),
            signature_key: self.signer.public().into(),
        }
    }
}

/// Every member keeps the meeting's key: the creator needs it to let others in.
fn keep_psk(
    meeting: &Meeting,
    secret: &MeetingSecret,
    provider: &Provider,
) -> Result<PreSharedKeyId, Failed> {
    let id = secret::psk_id(meeting, provider.rand());
    id.store(provider, &secret.pre_shared_key(meeting))
        .map_err(|_| Failed)?;
    Ok(id)
}

fn capabilities(suite: Suite) -> Capabilities {
    Capabilities::new(
        Some(&[ProtocolVersion::Mls10]),
        Some(&[suite.mls()]),
        Some(&[context::EXTENSION]),
        Some(&[] as &[ProposalType]),
        Some(&[CredentialType::Basic]),
    )
}

fn configuration() -> MlsGroupJoinConfig {
    MlsGroupJoinConfig::builder()
        .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
        .use_ratchet_tree_extension(true)
        .build()
}

/// Members of one group.
pub const MOST_MEMBERS: usize = 300;

/// A commit in a group of 300: a path of at most nine X-Wing keys, each sealed to the unmerged and blank
/// neighbours. After a mass removal it is largest.
pub const MOST_COMMIT_BYTES: usize = 512 * 1024;

/// The tree of 300 members of the post-quantum suite takes 0.8 MB.
pub const MOST_GROUP_INFO_BYTES: usize = 2 * 1024 * 1024;

/// A Remove proposal takes 200 bytes.
pub const MOST_PROPOSAL_BYTES: usize = 4 * 1024;
