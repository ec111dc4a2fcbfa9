//! What is kept of a secret: never the secret.

/// SHA-256 of a credential, session id, one-time link or ticket id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct TokenHash(pub [u8; 32]);

/// A password's PHC string, parameters and salt included.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);
