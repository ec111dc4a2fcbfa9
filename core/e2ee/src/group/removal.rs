//! Removals that the server proposes: who left, was expelled, or timed out.

use openmls::framing::{MlsMessageBodyIn, MlsMessageIn, ProtocolMessage};
use openmls::group::QueuedProposal;
use openmls::messages::proposals::Proposal;
use openmls::prelude::{ProcessedMessageContent, Sender, SenderExtensionIndex};
use openmls_traits::OpenMlsProvider as _;
use tls_codec::Deserialize as _;

use super::{Group, MOST_MEMBERS, MOST_PROPOSAL_BYTES, Refusal, Rule};

impl Group {
    /// Takes the server's proposal to remove a leaf, and returns the leaf. The same one twice is one.
    pub fn take_removal(&mut self, proposal: &[u8]) -> Result<u32, Refusal> {
        let message = self.read(proposal, MOST_PROPOSAL_BYTES)?;
        let processed = self
            .mls
            .process_message(&self.provider, message)
            .map_err(|_| Refusal::Invalid)?;
        let ProcessedMessageContent::ProposalMessage(queued) = processed.into_content() else {
            return Err(Rule::Proposal.into());
        };
        let leaf = removed_by_server(&queued).ok_or(Rule::Proposal)?;
        if !self.has_leaf(leaf) {
            return Err(Rule::Proposal.into());
        }
        self.keep_removal(*queued)?;
        Ok(leaf)
    }

    /// Leaves that the server proposed to remove in this epoch, ascending.
    #[must_use]
    pub fn leaves_to_remove(&self) -> Vec<u32> {
        let mut leaves: Vec<u32> = self
            .mls
            .pending_proposals()
            .filter_map(removed_by_server)
            .collect();
        leaves.sort_unstable();
        leaves.dedup();
        leaves
    }

    fn keep_removal(&mut self, queued: QueuedProposal) -> Result<(), Refusal> {
        let reference = queued.proposal_reference_ref();
        let is_kept = |other: &QueuedProposal| other.proposal_reference_ref() == reference;
        if self.mls.pending_proposals().any(is_kept) {
            return Ok(());
        }
        if self.mls.pending_proposals().count() >= MOST_PROPOSALS {
            return Err(Rule::Size.into());
        }
        self.mls
            .store_pending_proposal(self.provider.storage(), queued)
            .map_err(|_| Refusal::Invalid)
    }

    /// An MLSMessage that is a handshake of this group's epoch, in the clear.
    pub(super) fn read(&self, bytes: &[u8], most: usize) -> Result<ProtocolMessage, Refusal> {
        if bytes.len() > most {
            return Err(Rule::Size.into());
        }
        let message = MlsMessageIn::tls_deserialize_exact(bytes).map_err(|_| Refusal::Invalid)?;
        match message.extract() {
            MlsMessageBodyIn::PublicMessage(public) => Ok(public.into()),
            _ => Err(Refusal::Invalid),
        }
    }
}

/// The leaf of a Remove by the group's only external sender.
pub(super) fn removed_by_server(queued: &QueuedProposal) -> Option<u32> {
    match (queued.sender(), queued.proposal()) {
        (Sender::External(index), Proposal::Remove(remove))
            if *index == SenderExtensionIndex::new(0) =>
        {
            Some(remove.removed().u32())
        }
        _ => None,
    }
}

/// A proposal for every leaf, signed twice.
const MOST_PROPOSALS: usize = 2 * MOST_MEMBERS;
