//! The functions that everything else is made of (RFC 9420, section 5).

use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::HpkeCiphertext;
use serde::Deserialize;

use super::{Kdf, suite, vector};
use crate::provider::Crypto;
use crate::signer::{Signer, sign_content};
use crate::suite::Suite;
use crate::vectors::Hex;

#[derive(Deserialize)]
struct Basics {
    cipher_suite: u16,
    ref_hash: RefHash,
    expand_with_label: Expansion,
    derive_secret: Derivation,
    derive_tree_secret: TreeDerivation,
    sign_with_label: Option<Signature>,
    encrypt_with_label: Encryption,
}

#[derive(Deserialize)]
struct RefHash {
    label: String,
    value: Hex,
    out: Hex,
}

#[derive(Deserialize)]
struct Expansion {
    secret: Hex,
    label: String,
    context: Hex,
    length: usize,
    out: Hex,
}

#[derive(Deserialize)]
struct Derivation {
    secret: Hex,
    label: String,
    out: Hex,
}

#[derive(Deserialize)]
struct TreeDerivation {
    secret: Hex,
    label: String,
    generation: u32,
    length: usize,
    out: Hex,
}

#[derive(Deserialize)]
struct Signature {
    r#priv: Hex,
    r#pub: Hex,
    content: Hex,
    label: String,
    signature: Hex,
}

#[derive(Deserialize)]
struct Encryption {
    r#priv: Hex,
    r#pub: Hex,
    label: String,
    context: Hex,
    plaintext: Hex,
    kem_output: Hex,
    ciphertext: Hex,
}

impl Signature {
    fn check(&self, suite: Suite) {
        let verify = |signature: &[u8]| {
            let content = sign_content(&self.label, &self.content.0);
            let scheme = suite.signature_scheme();
            Crypto::default().verify_signature(scheme, &content, &self.r#pub.0, signature)
        };
        verify(&self.signature.0).unwrap();
        let signer = Signer::from_secret(suite, &self.r#priv.0).unwrap();
        assert_eq!(signer.public(), self.r#pub.0);
        verify(&signer.sign_with_label(&self.label, &self.content.0)).unwrap();
    }
}

impl Encryption {
    /// Section 5.1.3.
    fn check(&self, suite: Suite) {
        let (crypto, config) = (Crypto::default(), || suite.mls().hpke_config());
        let label = [b"MLS 1.0 ", self.label.as_bytes()].concat();
        let info = [vector(&label), vector(&self.context.0)].concat();
        let open = |sealed: &HpkeCiphertext| {
            crypto
                .hpke_open(config(), sealed, &self.r#priv.0, &info, &[])
                .unwrap()
        };
        let theirs = HpkeCiphertext {
            kem_output: self.kem_output.0.clone().into(),
            ciphertext: self.ciphertext.0.clone().into(),
        };
        assert_eq!(open(&theirs), self.plaintext.0);
        let plaintext = &self.plaintext.0;
        let ours = crypto.hpke_seal(config(), &self.r#pub.0, &info, &[], plaintext);
        assert_eq!(open(&ours.unwrap()), self.plaintext.0);
    }
}

#[test]
fn primitives_are_those_of_the_working_group() {
    let cases = include_str!("../../../testdata/mlswg/crypto-basics.json");
    let cases: Vec<Basics> = serde_json::from_str(cases).unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let suite = suite(case.cipher_suite);
        let kdf = Kdf::new(suite);
        let it = case.ref_hash;
        let input = [vector(it.label.as_bytes()), vector(&it.value.0)].concat();
        assert_eq!(kdf.hash(&input), it.out.0);
        let it = case.expand_with_label;
        let out = kdf.expand_with_label(&it.secret.0, &it.label, &it.context.0, it.length);
        assert_eq!(out, it.out.0);
        let it = case.derive_secret;
        assert_eq!(kdf.derive_secret(&it.secret.0, &it.label), it.out.0);
        let it = case.derive_tree_secret;
        let generation = it.generation.to_be_bytes();
        let out = kdf.expand_with_label(&it.secret.0, &it.label, &generation, it.length);
        assert_eq!(out, it.out.0);
        assert_eq!(case.sign_with_label.is_none(), suite == Suite::P384);
        if let Some(it) = case.sign_with_label {
            it.check(suite);
        }
        case.encrypt_with_label.check(suite);
    }
}
