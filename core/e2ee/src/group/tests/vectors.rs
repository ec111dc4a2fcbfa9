//! The vectors of other implementations for whole groups, on the suites that RFC 9420 and we share.
//!
//! A client that only listens joins by a welcome, follows commits, and has to arrive at the epoch authenticators
//! that the other implementation did: HPKE, the tree, the key schedule and the transcript have to be right for that.
//! openmls shows neither its secret tree nor its tree arithmetic, so their vectors can't be fed in.

use openmls::framing::{MlsMessageBodyIn, MlsMessageIn, ProcessedMessageContent};
use openmls::group::{
    MIXED_PLAINTEXT_WIRE_FORMAT_POLICY, MlsGroup, MlsGroupJoinConfig, StagedWelcome,
};
use openmls::prelude::{HpkePrivateKey, KeyPackage, KeyPackageBundle};
use openmls::schedule::PreSharedKeyId;
use openmls::versions::ProtocolVersion;
use openmls_rust_crypto::MemoryStorage;
use openmls_traits::OpenMlsProvider;
use openmls_traits::storage::StorageProvider as _;
use serde::Deserialize;
use serde_json::{json, to_value};
use tls_codec::Deserialize as _;

use super::seed;
use crate::provider::{Crypto, Entropy};
use crate::suite::Suite;
use crate::vectors::Hex;

#[derive(Deserialize)]
struct Case {
    cipher_suite: u16,
    external_psks: Vec<ExternalPsk>,
    key_package: Hex,
    encryption_priv: Hex,
    init_priv: Hex,
    welcome: Hex,
    initial_epoch_authenticator: Hex,
    #[serde(default)]
    epochs: Vec<Epoch>,
}

#[derive(Deserialize)]
struct ExternalPsk {
    psk_id: Hex,
    psk: Hex,
}

#[derive(Deserialize)]
struct Epoch {
    proposals: Vec<Hex>,
    commit: Hex,
    epoch_authenticator: Hex,
}

/// Our primitives, with a store that keeps key packages: a client of ours never has one.
struct Listener {
    crypto: Crypto,
    entropy: Entropy,
    store: MemoryStorage,
}

impl OpenMlsProvider for Listener {
    type CryptoProvider = Crypto;
    type RandProvider = Entropy;
    type StorageProvider = MemoryStorage;

    fn storage(&self) -> &MemoryStorage {
        &self.store
    }

    fn crypto(&self) -> &Crypto {
        &self.crypto
    }

    fn rand(&self) -> &Entropy {
        &self.entropy
    }
}

fn message(bytes: &Hex) -> MlsMessageIn {
    MlsMessageIn::tls_deserialize_exact(&bytes.0).unwrap()
}

impl Case {
    fn key_package(&self, crypto: &Crypto) -> KeyPackage {
        match message(&self.key_package).extract() {
            MlsMessageBodyIn::KeyPackage(offered) => {
                offered.validate(crypto, ProtocolVersion::Mls10).unwrap()
            }
            _ => panic!("no key package"),
        }
    }

    fn listener(&self) -> Listener {
        let listener = Listener {
            crypto: Crypto::default(),
            entropy: Entropy::new(seed(1)),
            store: MemoryStorage::default(),
        };
        let key_package = self.key_package(&listener.crypto);
        let private = |key: &Hex| to_value(HpkePrivateKey::from(key.0.clone())).unwrap();
        let bundle: KeyPackageBundle = serde_json::from_value(json!({
            "key_package": to_value(&key_package).unwrap(),
            "private_init_key": private(&self.init_priv),
            "private_encryption_key": { "key": private(&self.encryption_priv) },
        }))
        .unwrap();
        let reference = key_package.hash_ref(&listener.crypto).unwrap();
        let kept = listener.store.write_key_package(&reference, &bundle);
        kept.unwrap();
        for psk in &self.external_psks {
            let id = PreSharedKeyId::external(psk.psk_id.0.clone(), Vec::new());
            id.store(&listener, &psk.psk.0).unwrap();
        }
        listener
    }

    fn join(&self, listener: &Listener) -> MlsGroup {
        let MlsMessageBodyIn::Welcome(welcome) = message(&self.welcome).extract() else {
            panic!("no welcome");
        };
        let config = MlsGroupJoinConfig::builder()
            .wire_format_policy(MIXED_PLAINTEXT_WIRE_FORMAT_POLICY)
            .number_of_resumption_psks(16)
            .build();
        let staged = StagedWelcome::build_from_welcome(listener, &config, welcome).unwrap();
        let staged = staged.skip_lifetime_validation().build().unwrap();
        staged.into_group(listener).unwrap()
    }

    fn check(&self) {
        let listener = self.listener();
        let mut group = self.join(&listener);
        let authenticator = |group: &MlsGroup| Hex(group.epoch_authenticator().as_slice().to_vec());
        assert_eq!(authenticator(&group), self.initial_epoch_authenticator);
        for epoch in &self.epochs {
            for proposal in &epoch.proposals {
                take(&mut group, &listener, proposal);
            }
            take(&mut group, &listener, &epoch.commit);
            assert_eq!(authenticator(&group), epoch.epoch_authenticator);
        }
    }
}

/// A proposal is kept for the commit that names it; a commit is applied.
fn take(group: &mut MlsGroup, listener: &Listener, bytes: &Hex) {
    let message = message(bytes).try_into_protocol_message().unwrap();
    let processed = group.process_message(listener, message).unwrap();
    match processed.into_content() {
        ProcessedMessageContent::ProposalMessage(proposal) => {
            let kept = group.store_pending_proposal(listener.storage(), *proposal);
            kept.unwrap();
        }
        ProcessedMessageContent::StagedCommitMessage(staged) => {
            group.merge_staged_commit(listener, *staged).unwrap();
        }
        _ => panic!("neither proposal nor commit"),
    }
}

fn read(cases: &str) -> Vec<Case> {
    serde_json::from_str(cases).unwrap()
}

#[test]
fn a_listener_arrives_at_the_epoch_authenticator_of_another_implementation() {
    let cases = read(include_str!(
        "../../../testdata/passive_client_welcome.json"
    ));
    let suites = cases
        .iter()
        .map(|case| Suite::from_code_point(case.cipher_suite).unwrap());
    assert_eq!(suites.collect::<Vec<_>>(), [Suite::Fallback, Suite::P384]);
    cases.iter().for_each(Case::check);
}

#[test]
fn a_listener_follows_the_groups_of_the_working_group() {
    let cases = read(include_str!("../../../testdata/mlswg/passive-client.json"));
    let of = |suite: Suite| {
        let cases = cases
            .iter()
            .filter(|case| case.cipher_suite == suite.code_point());
        cases.map(|case| case.epochs.len()).collect::<Vec<_>>()
    };
    assert_eq!(of(Suite::Fallback), [8, 2, 2, 2, 2, 2, 2]);
    assert_eq!(of(Suite::P256), [2; 6]);
    assert_eq!(of(Suite::P384), [2; 6]);
    cases.iter().for_each(Case::check);
}
