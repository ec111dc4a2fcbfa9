//! What a member sends itself: commits of removals, and a host's changes of the rules.
//!
//! A commit waits until the server has accepted it; the epoch changes only then.

use openmls::group::{CommitMessageBundle, QueuedProposal};
use openmls::messages::proposals::Proposal;
use openmls::prelude::{LeafNodeIndex, MlsMessageOut, Sender};
use openmls_traits::OpenMlsProvider as _;

use super::{Change, Failed, Group};
use crate::admission::{Grant, Joiner, Voucher};
use crate::context::{self, Admission, MOST_HOSTS, Rules};
use crate::signer::Signer;

/// A commit with the group info of the epoch that it makes; both are MLSMessages.
pub struct Outgoing {
    pub commit: Vec<u8>,
    pub group_info: Vec<u8>,
}

impl Outgoing {
    pub(super) fn from_bundle(bundle: CommitMessageBundle) -> Result<Self, Failed> {
        let (commit, _, group_info) = bundle.into_messages();
        Ok(Self {
            commit: bytes(&commit)?,
            group_info: bytes(&group_info.ok_or(Failed)?)?,
        })
    }
}

fn bytes(message: &MlsMessageOut) -> Result<Vec<u8>, Failed> {
    message.to_bytes().map_err(|_| Failed)
}

impl Group {
    /// The group info of the present epoch, an MLSMessage.
    pub fn group_info(&self, signer: &Signer) -> Result<Vec<u8>, Failed> {
        let exported = self
            .mls
            .export_group_info(self.provider.crypto(), signer, true)
            .map_err(|_| Failed)?;
        bytes(&exported)
    }

    /// Commits every removal that the server proposed in this epoch, but the own.
    pub fn commit_removals(&mut self, signer: &Signer) -> Result<Outgoing, Failed> {
        let leaves = self.leaves_to_remove();
        let mut left = leaves.clone();
        left.retain(|leaf| *leaf != self.leaf());
        if left.is_empty() {
            return Err(Failed);
        }
        // The server may have signed a removal twice: one of each leaf is enough.
        let once = move |queued: &QueuedProposal| match queued.proposal() {
            Proposal::Remove(remove) => {
                let found = left.iter().position(|leaf| *leaf == remove.removed().u32());
                found.map(|index| left.swap_remove(index)).is_some()
            }
            _ => false,
        };
        self.stage(signer, Vec::new(), None, once)
    }

    /// A host puts a signature key out for good: its leaf, if there is one, goes under whatever name, the admission is `signed` from here on,
    /// and earlier vouchers are void.
    pub fn expel(&mut self, signer: &Signer, key: &[u8]) -> Result<Outgoing, Failed> {
        let mut rules = self.closed()?;
        rules.hosts.retain(|host| host != key);
        let mut roster = self.roster().into_iter();
        let expelled = roster.find(|occupant| occupant.signature_key == key);
        let leaf = expelled.map(|occupant| occupant.leaf);
        self.host_commit(signer, leaf.as_slice(), &rules)
    }

    /// A host has the secret open the meeting to nobody any more: the admission is `signed` from here on, and earlier vouchers are void.
    pub fn close(&mut self, signer: &Signer) -> Result<Outgoing, Failed> {
        let rules = self.closed()?;
        self.host_commit(signer, &[], &rules)
    }

    /// Whether the secret alone opens the meeting to nobody, for good.
    pub(crate) fn is_closed(&self) -> bool {
        let rules = self.rules();
        rules.admission == Admission::Signed && rules.generation > 0
    }

    fn closed(&self) -> Result<Rules, Failed> {
        let mut rules = self.rules();
        rules.admission = Admission::Signed;
        rules.generation = rules.generation.checked_add(1).ok_or(Failed)?;
        Ok(rules)
    }

    /// A host changes who may join, or who is a host.
    pub fn change_rules(&mut self, signer: &Signer, rules: &Rules) -> Result<Outgoing, Failed> {
        self.host_commit(signer, &[], rules)
    }

    fn host_commit(
        &mut self,
        signer: &Signer,
        leaves: &[u32],
        rules: &Rules,
    ) -> Result<Outgoing, Failed> {
        let is_host = self.is_host(self.leaf());
        let is_lax = rules.admission < self.meeting.admission;
        if !is_host || is_lax || rules.hosts.len() > MOST_HOSTS || !rules.may_follow(&self.rules())
        {
            return Err(Failed);
        }
        self.stage(signer, leaves.to_vec(), Some(rules), |queued| {
            matches!(queued.sender(), Sender::Member(_))
        })
    }

    fn stage(
        &mut self,
        signer: &Signer,
        leaves: Vec<u32>,
        rules: Option<&Rules>,
        chosen: impl FnMut(&QueuedProposal) -> bool,
    ) -> Result<Outgoing, Failed> {
        self.discard();
        let mut builder = self
            .mls
            .commit_builder()
            .propose_removals(leaves.into_iter().map(LeafNodeIndex::new));
        if let Some(rules) = rules {
            let extensions = context::extensions(&self.meeting, rules);
            builder = builder
                .propose_group_context_extensions(extensions)
                .map_err(|_| Failed)?;
        }
        let bundle = builder
            .load_psks(self.provider.storage())
            .and_then(|builder| {
                builder.build(self.provider.rand(), self.provider.crypto(), signer, chosen)
            })
            .map_err(|_| Failed)?
            .stage_commit(&self.provider)
            .map_err(|_| Failed)?;
        Outgoing::from_bundle(bundle)
    }

    /// The own commit won its epoch.
    pub fn accepted(&mut self) -> Result<Change, Failed> {
        let staged = self.mls.pending_commit().ok_or(Failed)?;
        let change = Change::of_member_commit(staged);
        self.mls
            .merge_pending_commit(&self.provider)
            .map_err(|_| Failed)?;
        Ok(change)
    }

    /// The own commit lost its epoch.
    pub fn discard(&mut self) {
        self.mls
            .clear_pending_commit(self.provider.storage())
            .expect("the key store drops what it is asked to drop");
    }

    /// A host lets somebody in. `now` is the time since 1970.
    pub fn admit(
        &self,
        signer: &Signer,
        joiner: Joiner<'_>,
        now: std::time::Duration,
    ) -> Result<Voucher, Failed> {
        if !self.is_host(self.leaf()) {
            return Err(Failed);
        }
        let grant = Grant {
            group: self.id,
            joiner,
            generation: self.rules().generation,
        };
        Ok(Voucher::sign(signer, self.leaf(), grant, now))
    }
}
