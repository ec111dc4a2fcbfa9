//! An account's key: it certifies the account's devices, signs the list of them, and their vault.

use ed25519_dalek::{Signer as _, SigningKey};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::SignatureScheme;
use zeroize::Zeroizing;

use crate::provider::Crypto;
use crate::signer::sign_content;

/// Ed25519. Has no printable form; it is overwritten when it goes.
#[derive(Clone)]
pub(crate) struct AccountKey(SigningKey);

impl AccountKey {
    pub(crate) fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    pub(crate) fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    pub(crate) fn sign(&self, content: &[u8]) -> [u8; 64] {
        self.0.sign(content).to_bytes()
    }

    /// SignWithLabel of RFC 9420, section 5.1.2.
    pub(crate) fn sign_with_label(&self, label: &str, content: &[u8]) -> [u8; 64] {
        self.sign(&sign_content(label, content))
    }
}

/// VerifyWithLabel of an Ed25519 key: an account's, or a device's in the suite that meetings have.
pub(crate) fn is_signed(label: &str, content: &[u8], key: &[u8; 32], signature: &[u8; 64]) -> bool {
    Crypto::default()
        .verify_signature(
            SignatureScheme::ED25519,
            &sign_content(label, content),
            key,
            signature,
        )
        .is_ok()
}
