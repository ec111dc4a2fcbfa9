//! RFC 9420's vectors for what our primitives, and our labels over them, come to.
//!
//! openmls keeps its key schedule to itself: it is written out here, of our primitives. That openmls' own gives the
//! same is for the vectors of whole groups to show (`group/tests/vectors.rs`).

mod basics;
mod messages;
mod schedule;

use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::HashType;
use tls_codec::{Serialize as _, VLBytes};

use super::Crypto;
use crate::suite::Suite;
use crate::vectors::Hex;

fn suite(code_point: u16) -> Suite {
    Suite::from_code_point(code_point).unwrap()
}

fn vector(bytes: &[u8]) -> Vec<u8> {
    VLBytes::from(bytes).tls_serialize_detached().unwrap()
}

/// The functions of RFC 9420 that a suite's hash makes.
#[derive(Clone, Copy)]
struct Kdf {
    hash: HashType,
    length: usize,
}

impl Kdf {
    fn new(suite: Suite) -> Self {
        Self {
            hash: suite.mls().hash_algorithm(),
            length: suite.mls().hash_length(),
        }
    }

    fn hash(self, bytes: &[u8]) -> Vec<u8> {
        Crypto::default().hash(self.hash, bytes).unwrap()
    }

    fn extract(self, salt: &[u8], ikm: &[u8]) -> Vec<u8> {
        let extracted = Crypto::default().hkdf_extract(self.hash, salt, ikm);
        extracted.unwrap().as_slice().to_vec()
    }

    /// Section 8.
    fn expand_with_label(
        self,
        secret: &[u8],
        label: &str,
        context: &[u8],
        length: usize,
    ) -> Vec<u8> {
        let info = [
            u16::try_from(length).unwrap().to_be_bytes().to_vec(),
            vector(&[b"MLS 1.0 ", label.as_bytes()].concat()),
            vector(context),
        ]
        .concat();
        let expanded = Crypto::default().hkdf_expand(self.hash, secret, &info, length);
        expanded.unwrap().as_slice().to_vec()
    }

    fn derive_secret(self, secret: &[u8], label: &str) -> Vec<u8> {
        self.expand_with_label(secret, label, &[], self.length)
    }
}

/// Section 8.1, without extensions.
fn group_context(suite: Suite, id: &Hex, epoch: u64, tree: &Hex, transcript: &Hex) -> Vec<u8> {
    [
        [0, 1].as_slice(),
        &suite.code_point().to_be_bytes(),
        &vector(&id.0),
        &epoch.to_be_bytes(),
        &vector(&tree.0),
        &vector(&transcript.0),
        &[0],
    ]
    .concat()
}
