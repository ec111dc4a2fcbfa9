//! An epoch's secrets (RFC 9420, section 8).

use openmls_traits::crypto::OpenMlsCrypto;
use serde::Deserialize;

use super::{Kdf, group_context, suite};
use crate::provider::Crypto;
use crate::suite::Suite;
use crate::vectors::Hex;

#[derive(Deserialize)]
struct Schedule {
    cipher_suite: u16,
    group_id: Hex,
    initial_init_secret: Hex,
    epochs: Vec<Epoch>,
}

#[derive(Deserialize)]
struct Epoch {
    tree_hash: Hex,
    commit_secret: Hex,
    psk_secret: Hex,
    confirmed_transcript_hash: Hex,
    group_context: Hex,
    joiner_secret: Hex,
    welcome_secret: Hex,
    init_secret: Hex,
    sender_data_secret: Hex,
    encryption_secret: Hex,
    exporter_secret: Hex,
    epoch_authenticator: Hex,
    external_secret: Hex,
    confirmation_key: Hex,
    membership_key: Hex,
    resumption_psk: Hex,
    external_pub: Hex,
    exporter: Exported,
}

#[derive(Deserialize)]
struct Exported {
    label: String,
    context: Hex,
    length: usize,
    secret: Hex,
}

impl Epoch {
    fn check(&self, suite: Suite, init_secret: &[u8]) {
        let kdf = Kdf::new(suite);
        let context = &self.group_context.0;
        let joiner = kdf.extract(init_secret, &self.commit_secret.0);
        let joiner = kdf.expand_with_label(&joiner, "joiner", context, kdf.length);
        assert_eq!(joiner, self.joiner_secret.0);
        let member = kdf.extract(&joiner, &self.psk_secret.0);
        assert_eq!(kdf.derive_secret(&member, "welcome"), self.welcome_secret.0);
        let epoch = kdf.expand_with_label(&member, "epoch", context, kdf.length);
        for (label, secret) in [
            ("init", &self.init_secret),
            ("sender data", &self.sender_data_secret),
            ("encryption", &self.encryption_secret),
            ("exporter", &self.exporter_secret),
            ("authentication", &self.epoch_authenticator),
            ("external", &self.external_secret),
            ("confirm", &self.confirmation_key),
            ("membership", &self.membership_key),
            ("resumption", &self.resumption_psk),
        ] {
            assert_eq!(kdf.derive_secret(&epoch, label), secret.0, "{label}");
        }
        let (crypto, config) = (Crypto::default(), suite.mls().hpke_config());
        let pair = crypto.derive_hpke_keypair(config, &self.external_secret.0);
        assert_eq!(pair.unwrap().public, self.external_pub.0);
        let it = &self.exporter;
        let secret = kdf.derive_secret(&self.exporter_secret.0, &it.label);
        let hash = kdf.hash(&it.context.0);
        let exported = kdf.expand_with_label(&secret, "exported", &hash, it.length);
        assert_eq!(exported, it.secret.0);
    }
}

#[test]
fn epochs_have_the_secrets_of_the_working_group() {
    let cases = include_str!("../../../testdata/mlswg/key-schedule.json");
    let cases: Vec<Schedule> = serde_json::from_str(cases).unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let suite = suite(case.cipher_suite);
        let mut init_secret = &case.initial_init_secret;
        for (number, epoch) in (0..).zip(&case.epochs) {
            let parts = (&epoch.tree_hash, &epoch.confirmed_transcript_hash);
            let context = group_context(suite, &case.group_id, number, parts.0, parts.1);
            assert_eq!(context, epoch.group_context.0);
            epoch.check(suite, &init_secret.0);
            init_secret = &epoch.init_secret;
        }
    }
}
