//! A device's signature key: what a member of a group is recognised by, across reloads.

use ed25519_dalek::Signer as _;
use openmls_traits::signatures::SignerError;
use openmls_traits::types::SignatureScheme;
use tls_codec::{Serialize as _, TlsSerialize, TlsSize, VLBytes};
use zeroize::Zeroizing;

use crate::provider::{Entropy, Seed};
use crate::suite::Suite;

/// Has no printable form; its secret is overwritten when it goes.
pub struct Signer {
    key: Key,
    public: Vec<u8>,
}

enum Key {
    Ed25519(ed25519_dalek::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P256(p256::ecdsa::SigningKey),
}

/// The bytes are not a signature key of the suite.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no signature key of this suite")]
pub struct NoKey;

impl Signer {
    /// A key for one suite's groups.
    #[must_use]
    pub fn generate(suite: Suite, seed: Seed) -> Self {
        let entropy = Entropy::new(seed);
        loop {
            // A P-384 scalar is out of range once in 2^190 tries, a P-256 scalar in 2^32, an Ed25519 seed never.
            let bytes = Zeroizing::new(entropy.bytes::<48>());
            if let Ok(signer) = Self::from_secret(suite, &bytes[..secret_length(suite)]) {
                return signer;
            }
        }
    }

    /// A key that was kept: the 32-byte seed (Ed25519), the 48-byte scalar (P-384) or the 32-byte one (P-256).
    pub fn from_secret(suite: Suite, secret: &[u8]) -> Result<Self, NoKey> {
        match suite.signature_scheme() {
            SignatureScheme::ECDSA_SECP384R1_SHA384 => {
                let key = p384::ecdsa::SigningKey::from_slice(secret).map_err(|_| NoKey)?;
                let public = key.verifying_key().to_encoded_point(false);
                Ok(Self {
                    key: Key::P384(key),
                    public: public.as_bytes().to_vec(),
                })
            }
            SignatureScheme::ECDSA_SECP256R1_SHA256 => {
                let key = p256::ecdsa::SigningKey::from_slice(secret).map_err(|_| NoKey)?;
                let public = key.verifying_key().to_encoded_point(false);
                Ok(Self {
                    key: Key::P256(key),
                    public: public.as_bytes().to_vec(),
                })
            }
            _ => {
                let key = ed25519_dalek::SigningKey::try_from(secret).map_err(|_| NoKey)?;
                let public = key.verifying_key().to_bytes().to_vec();
                Ok(Self {
                    key: Key::Ed25519(key),
                    public,
                })
            }
        }
    }

    /// For the browser's wrapped storage, and nowhere else.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match &self.key {
            Key::Ed25519(key) => key.to_bytes().to_vec(),
            Key::P384(key) => key.to_bytes().to_vec(),
            Key::P256(key) => key.to_bytes().to_vec(),
        })
    }

    /// As it stands in a leaf.
    #[must_use]
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// SignWithLabel of RFC 9420, section 5.1.2.
    pub(crate) fn sign_with_label(&self, label: &str, content: &[u8]) -> Vec<u8> {
        self.sign_bytes(&sign_content(label, content))
    }

    fn sign_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Ed25519(key) => key.sign(bytes).to_vec(),
            Key::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(bytes);
                signature.to_der().as_bytes().to_vec()
            }
            Key::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(bytes);
                signature.to_der().as_bytes().to_vec()
            }
        }
    }
}

impl openmls_traits::signatures::Signer for Signer {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.sign_bytes(payload))
    }

    fn signature_scheme(&self) -> SignatureScheme {
        match self.key {
            Key::Ed25519(_) => SignatureScheme::ED25519,
            Key::P384(_) => SignatureScheme::ECDSA_SECP384R1_SHA384,
            Key::P256(_) => SignatureScheme::ECDSA_SECP256R1_SHA256,
        }
    }
}

/// What SignWithLabel signs and VerifyWithLabel verifies.
pub(crate) fn sign_content(label: &str, content: &[u8]) -> Vec<u8> {
    #[derive(TlsSerialize, TlsSize)]
    struct SignContent {
        label: VLBytes,
        content: VLBytes,
    }
    SignContent {
        label: [b"MLS 1.0 ", label.as_bytes()].concat().into(),
        content: content.to_vec().into(),
    }
    .tls_serialize_detached()
    .expect("two short strings are within the codec's bounds")
}

fn secret_length(suite: Suite) -> usize {
    match suite.signature_scheme() {
        SignatureScheme::ECDSA_SECP384R1_SHA384 => 48,
        _ => 32,
    }
}
