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

    /// The key of HMAC-SHA-256.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
