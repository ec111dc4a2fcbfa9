//! Everybody but the first comes in by an external commit (RFC 9420, section 12.4.3.2), with the meeting's secret.
//!
//! The commit of somebody who reloads also removes the leaf they had. The joined group stays aside until the
//! server has accepted the commit: it is worth nothing if another commit won the epoch.

use std::time::Duration;

use openmls::extensions::ExtensionType;
use openmls::framing::{MlsMessageBodyIn, MlsMessageIn};
use openmls::group::{CommitMessageBundle, MlsGroup};
use openmls::messages::group_info::VerifiableGroupInfo;
use openmls::messages::proposals::PreSharedKeyProposal;
use openmls::prelude::LeafNodeParameters;
use openmls::schedule::PreSharedKeyId;
use openmls_traits::OpenMlsProvider as _;
use tls_codec::Deserialize as _;

use super::commit::Outgoing;
use super::precedent::Precedent;
use super::roster::Proof;
use super::{Failed, Group, MOST_GROUP_INFO_BYTES, Oneself, capabilities, configuration, keep_psk};
use crate::admission::{NotAdmitted, Voucher};
use crate::context::{self, Admission, MOST_HOSTS, Rules};
use crate::identity::{Identity, ParticipantId};
use crate::meeting::{GroupId, Meeting};
use crate::provider::{Provider, Seed};
use crate::secret::MeetingSecret;

/// A commit that brings oneself in, and the group that it leads to.
pub struct Joining {
    group: Group,
    pub outgoing: Outgoing,
}

/// What a joiner brings along.
#[derive(Clone, Copy, Default)]
pub struct Papers<'a> {
    pub voucher: Option<&'a Voucher>,
    /// What is known from the meeting's earlier groups.
    pub precedent: Option<&'a Precedent>,
}

/// Why the offered group is not joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinRefusal {
    /// Undecodable, too large, badly signed, of another suite or with other terms: which, is nobody's business.
    #[error("not this meeting's group")]
    NotOurs,
    /// A leaf names nobody, or two leaves name one.
    #[error("the group has members that it can't have")]
    Members,
    /// No host made it, or it lets in whom the meeting has put out.
    #[error("a group that no host of this meeting made")]
    Unfounded,
    #[error("an epoch before one that was seen")]
    Rollback,
    /// The own key's leaf is another participant's: it goes when the server has noticed that they left.
    #[error("an earlier self is still there")]
    EarlierSelf,
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
    #[error(transparent)]
    Failed(#[from] Failed),
}

impl Joining {
    /// Builds the commit onto the group of `group_info`, an MLSMessage. A leaf with the own signature key is replaced,
    /// and keeps its name: members take no leaf for the same with another.
    /// `now` is the time since 1970.
    pub fn start(
        meeting: &Meeting,
        secret: &MeetingSecret,
        oneself: Oneself<'_>,
        papers: Papers<'_>,
        group_info: &[u8],
        seed: Seed,
        now: Duration,
    ) -> Result<Self, JoinRefusal> {
        let voucher = papers.voucher;
        let offered = read(group_info)?;
        let (id, rules) = inspect(meeting, &offered)?;
        let keys = offered_keys(&offered);
        let unprecedented = Precedent::default();
        let precedent = papers.precedent.unwrap_or(&unprecedented);
        if !precedent.allows(meeting, id, &rules, &keys) {
            return Err(JoinRefusal::Unfounded);
        }
        if !precedent.is_forward(id, offered.group_context().epoch().as_u64()) {
            return Err(JoinRefusal::Rollback);
        }
        let earlier = earlier_self(&offered, oneself)?;
        let returns = earlier.is_some();
        let oneself = Oneself {
            identity: earlier.as_ref().unwrap_or(oneself.identity),
            ..oneself
        };
        let is_free = returns || meeting.proof(oneself.identity) == Proof::HostAccount;
        let attached = attachment(&rules, voucher, is_free)?;
        let attached_nothing = attached.is_empty();
        let provider = Provider::new(seed);
        let psk = keep_psk(meeting, secret, &provider)?;
        let (mls, bundle) = commit(meeting, oneself, attached, psk, offered, &provider)?;
        let group = Group {
            mls,
            provider,
            meeting: meeting.clone(),
            id,
        };
        group
            .roster_is_sound()
            .then_some(())
            .ok_or(JoinRefusal::Members)?;
        if let Some(voucher) = voucher.filter(|_| !attached_nothing) {
            group.judge_voucher(voucher, oneself.as_joiner(), &rules, now)?;
        }
        let outgoing = Outgoing::from_bundle(bundle)?;
        Ok(Self { group, outgoing })
    }

    #[must_use]
    pub fn group_id(&self) -> GroupId {
        self.group.id
    }

    /// The epoch that the commit makes.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.group.epoch()
    }

    #[must_use]
    pub fn leaf(&self) -> u32 {
        self.group.leaf()
    }

    /// The commit won its epoch.
    #[must_use]
    pub fn accepted(self) -> Group {
        self.group
    }
}

pub(super) fn read(group_info: &[u8]) -> Result<VerifiableGroupInfo, JoinRefusal> {
    if group_info.len() > MOST_GROUP_INFO_BYTES {
        return Err(JoinRefusal::NotOurs);
    }
    let message =
        MlsMessageIn::tls_deserialize_exact(group_info).map_err(|_| JoinRefusal::NotOurs)?;
    match message.extract() {
        MlsMessageBodyIn::GroupInfo(offered) => Ok(offered),
        _ => Err(JoinRefusal::NotOurs),
    }
}

/// The terms have to be ours, and the extensions just those that a join needs.
fn inspect(
    meeting: &Meeting,
    offered: &VerifiableGroupInfo,
) -> Result<(GroupId, Rules), JoinRefusal> {
    let expected = [ExtensionType::RatchetTree, ExtensionType::ExternalPub];
    let extensions = offered.extensions();
    let plain = extensions.iter().count() == expected.len()
        && expected.into_iter().all(|kind| extensions.contains(kind));
    if offered.ciphersuite() != meeting.suite.mls() || !plain {
        return Err(JoinRefusal::NotOurs);
    }
    let rules = context::rules(meeting, offered.group_context().extensions())
        .map_err(|_| JoinRefusal::NotOurs)?;
    Ok((group_id(offered)?, rules))
}

fn group_id(offered: &VerifiableGroupInfo) -> Result<GroupId, JoinRefusal> {
    let id = offered.group_id().as_slice().try_into();
    id.map(GroupId).map_err(|_| JoinRefusal::NotOurs)
}

fn offered_keys(offered: &VerifiableGroupInfo) -> Vec<Vec<u8>> {
    let tree = offered.extensions().ratchet_tree();
    let leaves = tree.map(|tree| tree.ratchet_tree().leaves());
    leaves
        .into_iter()
        .flatten()
        .map(|leaf| leaf.signature_key().as_slice().to_vec())
        .collect()
}

/// The group of `group_info`, an MLSMessage, and who may let somebody in there.
pub(crate) fn offered_hosts(
    meeting: &Meeting,
    group_info: &[u8],
) -> Result<(GroupId, Vec<ParticipantId>), JoinRefusal> {
    let offered = read(group_info)?;
    let (id, rules) = inspect(meeting, &offered)?;
    let tree = offered.extensions().ratchet_tree();
    let leaves = tree.map(|tree| tree.ratchet_tree().leaves());
    let hosts = leaves.into_iter().flatten().filter_map(|leaf| {
        let key = leaf.signature_key().as_slice();
        let identity = Identity::judge(leaf.credential(), key).ok()?;
        let leads = meeting.leads(&rules, key, &identity);
        leads.then_some(identity.participant)
    });
    Ok((id, hosts.take(MOST_HOSTS).collect()))
}

/// What the leaf with the own signature key says, if there is one.
fn earlier_self(
    offered: &VerifiableGroupInfo,
    oneself: Oneself<'_>,
) -> Result<Option<Identity>, JoinRefusal> {
    let tree = offered.extensions().ratchet_tree();
    let leaves = tree.map(|tree| tree.ratchet_tree().leaves());
    let own = leaves
        .into_iter()
        .flatten()
        .find(|leaf| leaf.signature_key().as_slice() == oneself.signer.public());
    let Some(own) = own else {
        return Ok(None);
    };
    let identity = Identity::read(own.credential()).map_err(|_| JoinRefusal::Members)?;
    (identity.participant == oneself.identity.participant)
        .then_some(Some(identity))
        .ok_or(JoinRefusal::EarlierSelf)
}

/// A member who returns needs no voucher, nor does a host by the invitation; in an open meeting nobody does.
fn attachment(
    rules: &Rules,
    voucher: Option<&Voucher>,
    is_free: bool,
) -> Result<Vec<u8>, NotAdmitted> {
    match (rules.admission, is_free) {
        (Admission::Open, _) | (_, true) => Ok(Vec::new()),
        (Admission::Signed, false) => voucher.map(Voucher::to_bytes).ok_or(NotAdmitted),
    }
}

type Joined = (MlsGroup, CommitMessageBundle);

fn commit(
    meeting: &Meeting,
    oneself: Oneself<'_>,
    attached: Vec<u8>,
    psk: PreSharedKeyId,
    offered: VerifiableGroupInfo,
    provider: &Provider,
) -> Result<Joined, JoinRefusal> {
    // openmls would judge lifetimes by the system's clock; `roster_is_sound` bounds them without one.
    let builder = MlsGroup::external_commit_builder()
        .with_config(configuration())
        .with_aad(attached)
        .skip_lifetime_validation()
        .build_group(provider, offered, oneself.credential())
        .map_err(|_| JoinRefusal::NotOurs)?;
    let leaf = LeafNodeParameters::builder().with_capabilities(capabilities(meeting.suite));
    builder
        .leaf_node_parameters(leaf.build())
        .add_psk_proposal(PreSharedKeyProposal::new(psk))
        .load_psks(provider.storage())
        .and_then(|builder| {
            builder.build(provider.rand(), provider.crypto(), oneself.signer, |_| true)
        })
        .map_err(|_| JoinRefusal::NotOurs)?
        .finalize(provider)
        .map_err(|_| Failed.into())
}
