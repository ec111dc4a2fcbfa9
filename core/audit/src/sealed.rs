//! The reference to an entry's sealed part: what a person said, kept outside the log.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Code, Hex};

/// Names the ciphertext and its key; holds neither.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    pub alg: Code,
    /// The key whose destruction erases the part.
    pub kid: Uuid,
    /// SHA-256 of the ciphertext.
    pub ct_hash: Hex<32>,
}
