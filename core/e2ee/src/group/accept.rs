//! What a member accepts from the others; everything else is refused and shown.
//!
//! openmls checks RFC 9420: framing, signatures, tags, the tree, and which proposals a commit may hold. It leaves
//! to us whether the sender may do what it does, and, in an external commit, whether the pre-shared key is the
//! meeting's and whether the removed leaf is the joiner's own. Those checks are here, before the merge.

use std::time::Duration;

use openmls::group::{ProcessMessageError, QueuedProposal, StageCommitError, StagedCommit};
use openmls::messages::proposals::Proposal;
use openmls::prelude::{LeafNode, LeafNodeIndex, Member, ProcessedMessageContent, Sender};

use super::removal::removed_by_server;
use super::roster::Proof;
use super::{Group, MOST_COMMIT_BYTES, MOST_MEMBERS, capabilities};
use crate::admission::{Grant, Joiner, NotAdmitted, Voucher};
use crate::context::{self, Admission, Rules};
use crate::identity::Identity;
use crate::secret;

/// What a commit did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The leaf that came in, or came back.
    pub joined: Option<u32>,
    /// Leaves whose owners are out, ascending: not those that came back elsewhere.
    pub departed: Vec<u32>,
    /// The own leaf is gone: the group is over for its owner.
    pub ends: bool,
    /// Who may join, or who is a host, changed.
    pub rules_changed: bool,
}

/// Why a message was refused. The group is as it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Undecodable, of another epoch, badly signed, a wrong key: which, is nobody's business.
    #[error("not a valid message of this group")]
    Invalid,
    /// A member's commit of proposals that are not here.
    #[error("a proposal was missed")]
    Missed,
    #[error("the sender may not do this")]
    Forbidden(#[from] Rule),
}

/// The rule that a valid message breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    #[error("larger than a group needs")]
    Size,
    #[error("a proposal that nobody, or not this sender, may make")]
    Proposal,
    #[error("not exactly one key, and that the meeting's")]
    PreSharedKey,
    #[error("a leaf that is not the sender's, or not like ours")]
    Leaf,
    #[error("a credential that names nobody, or somebody who is here")]
    Identity,
    #[error("no host admitted the joiner")]
    Admission,
    #[error("a change of the meeting's terms")]
    Terms,
}

impl From<NotAdmitted> for Rule {
    fn from(_: NotAdmitted) -> Self {
        Self::Admission
    }
}

impl Group {
    /// Takes another member's commit of the present epoch: checks it and moves on, or stays.
    /// `now` is the time since 1970.
    pub fn take_commit(&mut self, commit: &[u8], now: Duration) -> Result<Change, Refusal> {
        let message = self.read(commit, MOST_COMMIT_BYTES)?;
        let processed = self
            .mls
            .process_message(&self.provider, message)
            .map_err(|error| match error {
                ProcessMessageError::InvalidCommit(StageCommitError::MissingProposal) => {
                    Refusal::Missed
                }
                _ => Refusal::Invalid,
            })?;
        let sender = processed.sender().clone();
        let attached = processed.aad().to_vec();
        let ProcessedMessageContent::StagedCommitMessage(staged) = processed.into_content() else {
            return Err(Refusal::Invalid);
        };
        let change = match sender {
            Sender::Member(leaf) => self.judge_member(leaf, &attached, &staged)?,
            Sender::NewMemberCommit => self.judge_joiner(&attached, &staged, now)?,
            _ => return Err(Rule::Proposal.into()),
        };
        self.mls
            .merge_staged_commit(&self.provider, *staged)
            .map_err(|_| Refusal::Invalid)?;
        Ok(change)
    }

    fn judge_member(
        &self,
        committer: LeafNodeIndex,
        attached: &[u8],
        staged: &StagedCommit,
    ) -> Result<Change, Rule> {
        if !attached.is_empty() {
            return Err(Rule::Proposal);
        }
        let mut proposals = staged.queued_proposals();
        proposals.try_for_each(|queued| self.judge_proposal(committer, queued))?;
        let path = staged.update_path_leaf_node().ok_or(Rule::Proposal)?;
        if !self.is_leaf_of(committer, path) || !self.is_plain(path) {
            return Err(Rule::Leaf);
        }
        Ok(Change::of_member_commit(staged))
    }

    /// A member commits what the server proposed; a host also what it wants itself.
    fn judge_proposal(
        &self,
        committer: LeafNodeIndex,
        queued: &QueuedProposal,
    ) -> Result<(), Rule> {
        let by_host =
            *queued.sender() == Sender::Member(committer) && self.is_host(committer.u32());
        match queued.proposal() {
            Proposal::Remove(_) if by_host || removed_by_server(queued).is_some() => Ok(()),
            Proposal::GroupContextExtensions(changed) if by_host => {
                let rules =
                    context::rules(&self.meeting, changed.extensions()).map_err(|_| Rule::Terms)?;
                let follows = rules.may_follow(&self.rules());
                follows.then_some(()).ok_or(Rule::Terms)
            }
            _ => Err(Rule::Proposal),
        }
    }

    fn judge_joiner(
        &self,
        attached: &[u8],
        staged: &StagedCommit,
        now: Duration,
    ) -> Result<Change, Rule> {
        let joiner = staged.update_path_leaf_node().ok_or(Rule::Leaf)?;
        if !self.is_plain(joiner) {
            return Err(Rule::Leaf);
        }
        self.judge_keys(staged)?;
        let replaced = self.replaced_leaf(staged, joiner)?;
        self.judge_identity(joiner, replaced)?;
        self.judge_admission(joiner, replaced, attached, now)?;
        if self.mls.members().count() >= MOST_MEMBERS && replaced.is_none() {
            return Err(Rule::Size);
        }
        let joined = self.mls.ext_commit_sender_index(staged).ok();
        Ok(Change {
            joined: joined.map(|leaf| leaf.u32()),
            departed: Vec::new(),
            ends: staged.self_removed(),
            rules_changed: false,
        })
    }

    fn judge_keys(&self, staged: &StagedCommit) -> Result<(), Rule> {
        let mut keys = 0;
        for queued in staged.queued_proposals() {
            match queued.proposal() {
                Proposal::ExternalInit(_) | Proposal::Remove(_) => {}
                Proposal::PreSharedKey(proposal) => {
                    let ours = secret::is_ours(proposal, self.meeting.meeting);
                    ours.then_some(()).ok_or(Rule::PreSharedKey)?;
                    keys += 1;
                }
                _ => return Err(Rule::Proposal),
            }
        }
        (keys == 1).then_some(()).ok_or(Rule::PreSharedKey)
    }

    /// At most one leaf, with the joiner's credential and key.
    fn replaced_leaf(
        &self,
        staged: &StagedCommit,
        joiner: &LeafNode,
    ) -> Result<Option<LeafNodeIndex>, Rule> {
        let mut removals = staged.remove_proposals();
        let Some(removal) = removals.next() else {
            return Ok(None);
        };
        let leaf = removal.remove_proposal().removed();
        let own = self.is_leaf_of(leaf, joiner) && removals.next().is_none();
        own.then_some(Some(leaf)).ok_or(Rule::Leaf)
    }

    fn judge_identity(
        &self,
        joiner: &LeafNode,
        replaced: Option<LeafNodeIndex>,
    ) -> Result<(), Rule> {
        let key = joiner.signature_key().as_slice();
        let identity = Identity::judge(joiner.credential(), key).map_err(|_| Rule::Identity)?;
        let replaced = replaced.map(|leaf| leaf.u32());
        let is_here = self.roster().iter().any(|other| {
            other.identity.participant == identity.participant && Some(other.leaf) != replaced
        });
        (!is_here).then_some(()).ok_or(Rule::Identity)
    }

    fn judge_admission(
        &self,
        joiner: &LeafNode,
        replaced: Option<LeafNodeIndex>,
        attached: &[u8],
        now: Duration,
    ) -> Result<(), Rule> {
        let rules = self.rules();
        let identity = Identity::read(joiner.credential()).map_err(|_| Rule::Identity)?;
        // Nobody may be there to vouch for the first host who comes back.
        let is_host = self.meeting.proof(&identity) == Proof::HostAccount;
        if rules.admission == Admission::Open || replaced.is_some() || is_host {
            return attached.is_empty().then_some(()).ok_or(Rule::Proposal);
        }
        let joiner = Joiner {
            signature_key: joiner.signature_key().as_slice(),
            identity: &identity,
        };
        Ok(self.judge_voucher(&Voucher::from_bytes(attached)?, joiner, &rules, now)?)
    }

    pub(super) fn judge_voucher(
        &self,
        voucher: &Voucher,
        joiner: Joiner<'_>,
        rules: &Rules,
        now: Duration,
    ) -> Result<(), NotAdmitted> {
        let host = self.mls.member_at(LeafNodeIndex::new(voucher.host_leaf()));
        let host = host.filter(|host| self.hosts(rules, host));
        let host_key = host.ok_or(NotAdmitted)?.signature_key;
        let grant = Grant {
            group: self.id,
            joiner,
            generation: rules.generation,
        };
        voucher.check(self.meeting.suite, &host_key, grant, now)
    }

    pub(super) fn has_leaf(&self, leaf: u32) -> bool {
        self.mls.member_at(LeafNodeIndex::new(leaf)).is_some()
    }

    pub(crate) fn is_host(&self, leaf: u32) -> bool {
        let member = self.mls.member_at(LeafNodeIndex::new(leaf));
        member.is_some_and(|member| self.hosts(&self.rules(), &member))
    }

    pub(super) fn hosts(&self, rules: &Rules, member: &Member) -> bool {
        Identity::read(&member.credential)
            .is_ok_and(|identity| self.meeting.leads(rules, &member.signature_key, &identity))
    }

    /// Says just what ours say: every leaf is in every later group info.
    pub(super) fn is_plain(&self, node: &LeafNode) -> bool {
        *node.capabilities() == capabilities(self.meeting.suite)
            && node.extensions().iter().next().is_none()
    }

    fn is_leaf_of(&self, leaf: LeafNodeIndex, node: &LeafNode) -> bool {
        self.mls.member_at(leaf).is_some_and(|member| {
            member.credential == *node.credential()
                && member.signature_key == node.signature_key().as_slice()
        })
    }
}

impl Change {
    pub(super) fn of_member_commit(staged: &StagedCommit) -> Self {
        let mut departed: Vec<u32> = staged
            .remove_proposals()
            .map(|queued| queued.remove_proposal().removed().u32())
            .collect();
        departed.sort_unstable();
        let rules_changed = staged
            .queued_proposals()
            .any(|queued| matches!(queued.proposal(), Proposal::GroupContextExtensions(_)));
        Self {
            joined: None,
            departed,
            ends: staged.self_removed(),
            rules_changed,
        }
    }
}
