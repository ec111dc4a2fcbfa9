//! How much work one guess at a password costs, theirs and ours.

use serde::{Deserialize, Serialize};

/// Parameters of argon2id (RFC 9106), with one lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Passwords {
    pub memory_kib: u32,
    pub passes: u32,
    /// Hashes computed at one time.
    pub at_once: usize,
}

impl Passwords {
    /// OWASP's least for argon2id with two passes: 19 MiB.
    pub const LEAST_MEMORY_KIB: u32 = 19 * 1_024;
    const MOST_MEMORY_KIB: u32 = 4 * 1_024 * 1_024;

    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if !(Self::LEAST_MEMORY_KIB..=Self::MOST_MEMORY_KIB).contains(&self.memory_kib) {
            return Err(("passwords.memory_kib", "19456 to 4194304"));
        }
        if !(2..=100).contains(&self.passes) {
            return Err(("passwords.passes", "2 to 100"));
        }
        if !(1..=64).contains(&self.at_once) {
            return Err(("passwords.at_once", "1 to 64"));
        }
        Ok(())
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            memory_kib: 64 * 1_024,
            passes: 3,
            at_once: 2,
        }
    }
}
