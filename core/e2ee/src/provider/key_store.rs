//! Keeps the private keys that openmls reads back, and nothing else of a group.
//!
//! A group lives in memory only: after a reload its member joins afresh, so that no counter can repeat.
//! What openmls writes for loading a group again (tree, epoch secrets, proposals) is therefore dropped.

use std::cell::RefCell;
use std::collections::BTreeMap;

use openmls_traits::storage::{CURRENT_VERSION, Entity, StorageProvider, traits};
use serde::Serialize;
use zeroize::Zeroizing;

/// Values as JSON, under a kind and the JSON of their key; overwritten with zeroes when they go.
#[derive(Default)]
pub(crate) struct KeyStore(RefCell<BTreeMap<Address, Zeroizing<Vec<u8>>>>);

type Address = (Kind, Vec<u8>);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Psk,
    Encryption,
    Epoch,
}

/// A value has no JSON form.
#[derive(Debug, thiserror::Error)]
#[error("a key could not be kept")]
pub(crate) struct Unkeepable;

impl From<serde_json::Error> for Unkeepable {
    fn from(_: serde_json::Error) -> Self {
        Self
    }
}

impl KeyStore {
    /// How many private keys are kept.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn put(
        &self,
        kind: Kind,
        key: &impl Serialize,
        value: &impl Serialize,
    ) -> Result<(), Unkeepable> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(ROOM_FOR_A_VALUE));
        serde_json::to_writer(&mut *bytes, value)?;
        let key = serde_json::to_vec(key)?;
        self.0.borrow_mut().insert((kind, key), bytes);
        Ok(())
    }

    fn find<T: Entity<CURRENT_VERSION>>(
        &self,
        kind: Kind,
        key: &impl Serialize,
    ) -> Result<Option<T>, Unkeepable> {
        let key = serde_json::to_vec(key)?;
        let values = self.0.borrow();
        let value = values.get(&(kind, key));
        Ok(value
            .map(|bytes| serde_json::from_slice(bytes))
            .transpose()?)
    }

    fn forget(&self, kind: Kind, key: &impl Serialize) -> Result<(), Unkeepable> {
        let key = serde_json::to_vec(key)?;
        self.0.borrow_mut().remove(&(kind, key));
        Ok(())
    }
}

/// Holds an epoch's key pairs in a group of 300 without moving: a move would leave a copy behind.
const ROOM_FOR_A_VALUE: usize = 96 * 1024;

macro_rules! drops {
    ($($name:ident<$($type:ident),+>($($argument:ty),+);)+) => {$(
        fn $name<$($type: traits::$type<CURRENT_VERSION>),+>(
            &self,
            $(_: $argument),+
        ) -> Result<(), Unkeepable> {
            Ok(())
        }
    )+};
}

macro_rules! has_none {
    ($($name:ident<$($type:ident),+>($argument:ty) -> $output:ty;)+) => {$(
        fn $name<$($type: traits::$type<CURRENT_VERSION>),+>(
            &self,
            _: $argument,
        ) -> Result<$output, Unkeepable> {
            Ok(Default::default())
        }
    )+};
}

impl StorageProvider<CURRENT_VERSION> for KeyStore {
    type Error = Unkeepable;

    fn write_psk<
        PskId: traits::PskId<CURRENT_VERSION>,
        PskBundle: traits::PskBundle<CURRENT_VERSION>,
    >(
        &self,
        id: &PskId,
        psk: &PskBundle,
    ) -> Result<(), Unkeepable> {
        self.put(Kind::Psk, id, psk)
    }

    fn psk<PskBundle: traits::PskBundle<CURRENT_VERSION>, PskId: traits::PskId<CURRENT_VERSION>>(
        &self,
        id: &PskId,
    ) -> Result<Option<PskBundle>, Unkeepable> {
        self.find(Kind::Psk, id)
    }

    fn delete_psk<PskId: traits::PskId<CURRENT_VERSION>>(
        &self,
        id: &PskId,
    ) -> Result<(), Unkeepable> {
        self.forget(Kind::Psk, id)
    }

    fn write_encryption_key_pair<
        EncryptionKey: traits::EncryptionKey<CURRENT_VERSION>,
        HpkeKeyPair: traits::HpkeKeyPair<CURRENT_VERSION>,
    >(
        &self,
        public: &EncryptionKey,
        pair: &HpkeKeyPair,
    ) -> Result<(), Unkeepable> {
        self.put(Kind::Encryption, public, pair)
    }

    fn encryption_key_pair<
        HpkeKeyPair: traits::HpkeKeyPair<CURRENT_VERSION>,
        EncryptionKey: traits::EncryptionKey<CURRENT_VERSION>,
    >(
        &self,
        public: &EncryptionKey,
    ) -> Result<Option<HpkeKeyPair>, Unkeepable> {
        self.find(Kind::Encryption, public)
    }

    fn delete_encryption_key_pair<EncryptionKey: traits::EncryptionKey<CURRENT_VERSION>>(
        &self,
        public: &EncryptionKey,
    ) -> Result<(), Unkeepable> {
        self.forget(Kind::Encryption, public)
    }

    fn write_encryption_epoch_key_pairs<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        EpochKey: traits::EpochKey<CURRENT_VERSION>,
        HpkeKeyPair: traits::HpkeKeyPair<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
        epoch: &EpochKey,
        leaf: u32,
        pairs: &[HpkeKeyPair],
    ) -> Result<(), Unkeepable> {
        self.put(Kind::Epoch, &(group, epoch, leaf), &pairs)
    }

    fn encryption_epoch_key_pairs<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        EpochKey: traits::EpochKey<CURRENT_VERSION>,
        HpkeKeyPair: traits::HpkeKeyPair<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
        epoch: &EpochKey,
        leaf: u32,
    ) -> Result<Vec<HpkeKeyPair>, Unkeepable> {
        let key = serde_json::to_vec(&(group, epoch, leaf))?;
        let values = self.0.borrow();
        match values.get(&(Kind::Epoch, key)) {
            Some(bytes) => Ok(serde_json::from_slice(bytes)?),
            None => Ok(Vec::new()),
        }
    }

    fn delete_encryption_epoch_key_pairs<
        GroupId: traits::GroupId<CURRENT_VERSION>,
        EpochKey: traits::EpochKey<CURRENT_VERSION>,
    >(
        &self,
        group: &GroupId,
        epoch: &EpochKey,
        leaf: u32,
    ) -> Result<(), Unkeepable> {
        self.forget(Kind::Epoch, &(group, epoch, leaf))
    }

    drops! {
        write_mls_join_config<GroupId, MlsGroupJoinConfig>(&GroupId, &MlsGroupJoinConfig);
        append_own_leaf_node<GroupId, LeafNode>(&GroupId, &LeafNode);
        queue_proposal<GroupId, ProposalRef, QueuedProposal>(&GroupId, &ProposalRef, &QueuedProposal);
        write_tree<GroupId, TreeSync>(&GroupId, &TreeSync);
        write_interim_transcript_hash<GroupId, InterimTranscriptHash>(&GroupId, &InterimTranscriptHash);
        write_context<GroupId, GroupContext>(&GroupId, &GroupContext);
        write_confirmation_tag<GroupId, ConfirmationTag>(&GroupId, &ConfirmationTag);
        write_group_state<GroupState, GroupId>(&GroupId, &GroupState);
        write_message_secrets<GroupId, MessageSecrets>(&GroupId, &MessageSecrets);
        write_resumption_psk_store<GroupId, ResumptionPskStore>(&GroupId, &ResumptionPskStore);
        write_own_leaf_index<GroupId, LeafNodeIndex>(&GroupId, &LeafNodeIndex);
        write_group_epoch_secrets<GroupId, GroupEpochSecrets>(&GroupId, &GroupEpochSecrets);
        write_signature_key_pair<SignaturePublicKey, SignatureKeyPair>(&SignaturePublicKey, &SignatureKeyPair);
        write_key_package<HashReference, KeyPackage>(&HashReference, &KeyPackage);
        remove_proposal<GroupId, ProposalRef>(&GroupId, &ProposalRef);
        delete_own_leaf_nodes<GroupId>(&GroupId);
        delete_group_config<GroupId>(&GroupId);
        delete_tree<GroupId>(&GroupId);
        delete_confirmation_tag<GroupId>(&GroupId);
        delete_group_state<GroupId>(&GroupId);
        delete_context<GroupId>(&GroupId);
        delete_interim_transcript_hash<GroupId>(&GroupId);
        delete_message_secrets<GroupId>(&GroupId);
        delete_all_resumption_psk_secrets<GroupId>(&GroupId);
        delete_own_leaf_index<GroupId>(&GroupId);
        delete_group_epoch_secrets<GroupId>(&GroupId);
        clear_proposal_queue<GroupId, ProposalRef>(&GroupId);
        delete_signature_key_pair<SignaturePublicKey>(&SignaturePublicKey);
        delete_key_package<HashReference>(&HashReference);
    }

    has_none! {
        mls_group_join_config<GroupId, MlsGroupJoinConfig>(&GroupId) -> Option<MlsGroupJoinConfig>;
        own_leaf_nodes<GroupId, LeafNode>(&GroupId) -> Vec<LeafNode>;
        queued_proposal_refs<GroupId, ProposalRef>(&GroupId) -> Vec<ProposalRef>;
        queued_proposals<GroupId, ProposalRef, QueuedProposal>(&GroupId) -> Vec<(ProposalRef, QueuedProposal)>;
        tree<GroupId, TreeSync>(&GroupId) -> Option<TreeSync>;
        group_context<GroupId, GroupContext>(&GroupId) -> Option<GroupContext>;
        interim_transcript_hash<GroupId, InterimTranscriptHash>(&GroupId) -> Option<InterimTranscriptHash>;
        confirmation_tag<GroupId, ConfirmationTag>(&GroupId) -> Option<ConfirmationTag>;
        group_state<GroupState, GroupId>(&GroupId) -> Option<GroupState>;
        message_secrets<GroupId, MessageSecrets>(&GroupId) -> Option<MessageSecrets>;
        resumption_psk_store<GroupId, ResumptionPskStore>(&GroupId) -> Option<ResumptionPskStore>;
        own_leaf_index<GroupId, LeafNodeIndex>(&GroupId) -> Option<LeafNodeIndex>;
        group_epoch_secrets<GroupId, GroupEpochSecrets>(&GroupId) -> Option<GroupEpochSecrets>;
        signature_key_pair<SignaturePublicKey, SignatureKeyPair>(&SignaturePublicKey) -> Option<SignatureKeyPair>;
        key_package<HashReference, KeyPackage>(&HashReference) -> Option<KeyPackage>;
    }
}
