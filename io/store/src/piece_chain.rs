//! The chain of hashes over a recording's pieces, as whoever seals them makes it.

use sha2::{Digest, Sha256};

/// Over the header, and each piece behind it in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PieceChain(pub [u8; 32]);

impl PieceChain {
    pub fn begin(header: &[u8]) -> Self {
        let hash = Sha256::new().chain_update(LABEL).chain_update(header);
        Self(hash.finalize().into())
    }

    /// `piece`: its SHA-256.
    #[must_use]
    pub fn with(self, piece: [u8; 32]) -> Self {
        let hash = Sha256::new().chain_update(self.0).chain_update(piece);
        Self(hash.finalize().into())
    }
}

const LABEL: &[u8] = b"conclave recording chain 1";
