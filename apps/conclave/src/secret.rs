//! Secrets that this server hands out: 256 random bits, kept as a hash only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_store::TokenHash;
use sha2::{Digest, Sha256};

/// The operating system gave no randomness: nothing secret can be made.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gives no randomness")]
pub struct NoRandomness;

/// A fresh secret as base64url, with the hash that is kept of it.
pub(crate) fn fresh() -> Result<(String, TokenHash), NoRandomness> {
    let text = URL_SAFE_NO_PAD.encode(random::<BYTES>()?);
    let hash = hash(&text);
    Ok((text, hash))
}

/// What is kept of a secret that somebody shows.
pub(crate) fn hash(text: &str) -> TokenHash {
    TokenHash(Sha256::digest(text).into())
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// 256 bits: no search through them ends.
const BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_secret_is_found_by_its_hash() {
        let (text, kept) = fresh().unwrap();

        assert_eq!(text.len(), 43);
        assert!(hash(&text) == kept);
        assert!(fresh().unwrap().0 != text);
    }
}
