//! A developer key's secret in the configuration: held, never printed.

use serde::Deserialize;
use zeroize::ZeroizeOnDrop;

#[derive(Clone, PartialEq, Eq, Deserialize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct ApiSecret(String);

impl ApiSecret {
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Shorter than the output of the hash that signs with it (RFC 7518, 3.2).
    pub(super) fn is_short(&self) -> bool {
        self.0.len() < 32
    }

    /// The key of HMAC-SHA-256.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
