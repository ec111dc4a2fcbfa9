//! Public messages: all that members of ours send (RFC 9420, section 6).

use openmls_traits::crypto::OpenMlsCrypto;
use serde::Deserialize;
use tls_codec::{DeserializeBytes as _, VLBytes};

use super::{group_context, suite, vector};
use crate::provider::Crypto;
use crate::signer::{Signer, sign_content};
use crate::vectors::Hex;

#[derive(Deserialize)]
struct Protection {
    cipher_suite: u16,
    group_id: Hex,
    epoch: u64,
    tree_hash: Hex,
    confirmed_transcript_hash: Hex,
    signature_priv: Hex,
    signature_pub: Hex,
    membership_key: Hex,
    proposal: Hex,
    proposal_pub: Hex,
    commit: Hex,
    commit_pub: Hex,
}

impl Protection {
    /// A PublicMessage of the member at leaf 1 (section 6.2): which kind, what it holds, and the message.
    fn check(&self, kind: u8, content: &[u8], message: &[u8]) {
        let suite = suite(self.cipher_suite);
        let framed = [
            [0, 1, 0, 1].as_slice(),
            &vector(&self.group_id.0),
            &self.epoch.to_be_bytes(),
            &[1, 0, 0, 0, 1, 0, kind],
            content,
        ]
        .concat();
        let hashes = (&self.tree_hash, &self.confirmed_transcript_hash);
        let context = group_context(suite, &self.group_id, self.epoch, hashes.0, hashes.1);
        let to_sign = [framed.as_slice(), &context].concat();
        let behind = message.strip_prefix(framed.as_slice()).unwrap();
        let (signature, rest) = VLBytes::tls_deserialize_bytes(behind).unwrap();
        let is_commit = kind == COMMIT;
        let tag = is_commit.then(|| VLBytes::tls_deserialize_bytes(rest).unwrap().1);
        let rest = tag.unwrap_or(rest);
        let auth = &behind[..behind.len() - rest.len()];
        let tag = VLBytes::tls_deserialize_exact_bytes(rest).unwrap();

        let verify = |signature: &[u8]| {
            let content = sign_content("FramedContentTBS", &to_sign);
            let (scheme, key) = (suite.signature_scheme(), &self.signature_pub.0);
            Crypto::default().verify_signature(scheme, &content, key, signature)
        };
        verify(signature.as_slice()).unwrap();
        let signer = Signer::from_secret(suite, &self.signature_priv.0).unwrap();
        verify(&signer.sign_with_label("FramedContentTBS", &to_sign)).unwrap();
        let tagged = [to_sign.as_slice(), auth].concat();
        let hash = suite.mls().hash_algorithm();
        let mac = Crypto::default().hmac(hash, &self.membership_key.0, &tagged);
        assert_eq!(mac.unwrap().as_slice(), tag.as_slice());
    }
}

const PROPOSAL: u8 = 2;
const COMMIT: u8 = 3;

#[test]
fn public_messages_are_signed_and_tagged_as_the_working_groups_are() {
    let cases = include_str!("../../../testdata/mlswg/message-protection.json");
    let cases: Vec<Protection> = serde_json::from_str(cases).unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        case.check(PROPOSAL, &case.proposal.0, &case.proposal_pub.0);
        case.check(COMMIT, &case.commit.0, &case.commit_pub.0);
    }
}
