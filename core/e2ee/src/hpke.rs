//! Sealing to one receiver: the base mode of RFC 9180 with X-Wing.
//!
//! Hybrid, so that whoever records what the server keeps and has a quantum computer one day learns nothing of it.

use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::{HpkeCiphertext, HpkeConfig};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::provider::Crypto;
use crate::suite::Suite;

/// A receiver's keys. Has no printable form; the private one is overwritten when it goes.
pub(crate) struct KeyPair {
    private: Zeroizing<Vec<u8>>,
    pub(crate) public: Vec<u8>,
}

impl KeyPair {
    /// The same pair for the same material.
    pub(crate) fn derive(material: &Zeroizing<[u8; 64]>) -> Self {
        let pair = Crypto::default()
            .derive_hpke_keypair(config(), material.as_slice())
            .expect("64 bytes are enough for a key");
        let private: &[u8] = &pair.private;
        Self {
            private: Zeroizing::new(private.to_vec()),
            public: pair.public,
        }
    }

    pub(crate) fn open(
        &self,
        info: &[u8],
        bound: &[u8],
        sealed: &HpkeCiphertext,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let opened = Crypto::default().hpke_open(config(), sealed, &self.private, info, bound);
        opened.map(Zeroizing::new).ok()
    }
}

/// `None` where `public` is no key.
pub(crate) fn seal(
    public: &[u8],
    info: &[u8],
    bound: &[u8],
    plaintext: &[u8],
) -> Option<HpkeCiphertext> {
    let sealed = Crypto::default().hpke_seal(config(), public, info, bound, plaintext);
    sealed.ok()
}

/// SHA-256 of a public key: how lists and vaults name it.
pub(crate) fn name(public: &[u8]) -> [u8; 32] {
    Sha256::digest(public).into()
}

/// Of X-Wing: ML-KEM-768's and X25519's.
pub(crate) const PUBLIC_KEY_BYTES: usize = 1216;

fn config() -> HpkeConfig {
    Suite::Hybrid.mls().hpke_config()
}
