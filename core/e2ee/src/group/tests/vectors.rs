//! The interoperability vectors of another implementation, on the suites that RFC 9420 and we share.
//!
//! A client that only listens joins by a welcome with an external pre-shared key, and has to arrive at the epoch
//! authenticator that the other implementation did: HPKE, the tree, the key schedule and the transcript have to be
//! right for that. openmls shows neither its secret tree nor its tree arithmetic, so their vectors can't be fed in.

use openmls::framing::{MlsMessageBodyIn, MlsMessageIn};
use openmls::group::{MlsGroupJoinConfig, StagedWelcome};
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

#[derive(Deserialize)]
struct Case {
    cipher_suite: u16,
    external_psks: Vec<ExternalPsk>,
    key_package: String,
    encryption_priv: String,
    init_priv: String,
    welcome: String,
    initial_epoch_authenticator: String,
}

#[derive(Deserialize)]
struct ExternalPsk {
    psk_id: String,
    psk: String,
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

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

fn body(message: &str) -> MlsMessageBodyIn {
    MlsMessageIn::tls_deserialize_exact(bytes(message))
        .unwrap()
        .extract()
}

impl Case {
    fn key_package(&self, crypto: &Crypto) -> KeyPackage {
        match body(&self.key_package) {
            MlsMessageBodyIn::KeyPackage(offered) => {
                offered.validate(crypto, ProtocolVersion::Mls10).unwrap()
            }
            _ => panic!("no key package"),
        }
    }

    fn keep(&self, listener: &Listener) {
        let key_package = self.key_package(&listener.crypto);
        let private = |hex: &str| to_value(HpkePrivateKey::from(bytes(hex))).unwrap();
        let bundle: KeyPackageBundle = serde_json::from_value(json!({
            "key_package": to_value(&key_package).unwrap(),
            "private_init_key": private(&self.init_priv),
            "private_encryption_key": { "key": private(&self.encryption_priv) },
        }))
        .unwrap();
        let reference = key_package.hash_ref(&listener.crypto).unwrap();
        listener
            .store
            .write_key_package(&reference, &bundle)
            .unwrap();
        for psk in &self.external_psks {
            let id = PreSharedKeyId::external(bytes(&psk.psk_id), Vec::new());
            id.store(listener, &bytes(&psk.psk)).unwrap();
        }
    }
}

#[test]
fn a_listener_arrives_at_the_epoch_authenticator_of_another_implementation() {
    let cases = include_str!("../../../testdata/passive_client_welcome.json");
    let cases: Vec<Case> = serde_json::from_str(cases).unwrap();
    let suites = cases
        .iter()
        .map(|case| Suite::from_code_point(case.cipher_suite).unwrap());
    assert_eq!(suites.collect::<Vec<_>>(), [Suite::Fallback, Suite::P384]);
    for case in &cases {
        let listener = Listener {
            crypto: Crypto::default(),
            entropy: Entropy::new(seed(1)),
            store: MemoryStorage::default(),
        };
        case.keep(&listener);
        let MlsMessageBodyIn::Welcome(welcome) = body(&case.welcome) else {
            panic!("no welcome");
        };
        let config = MlsGroupJoinConfig::default();
        let group = StagedWelcome::build_from_welcome(&listener, &config, welcome)
            .unwrap()
            .skip_lifetime_validation()
            .build()
            .unwrap()
            .into_group(&listener)
            .unwrap();
        let authenticator = bytes(&case.initial_epoch_authenticator);
        assert_eq!(group.epoch_authenticator().as_slice(), authenticator);
    }
}
