//! The hash by which a commit names a proposal that was sent before it (RFC 9420, 5.2, 12.4).

use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::sign_content::vector;

/// Of an `MLSMessage` with an external sender's proposal in a `PublicMessage`; `None` for a suite whose hash isn't here.
pub fn reference(suite: u16, proposal: &[u8]) -> Option<Vec<u8>> {
    // What is hashed is the AuthenticatedContent: the message without its version, since an external sender's has no
    // membership tag (6, 6.2).
    let content = proposal.get(size_of::<u16>()..)?;
    let mut input = Vec::with_capacity(content.len() + 32);
    vector(&mut input, b"MLS 1.0 Proposal Reference");
    vector(&mut input, content);
    match suite {
        0x0001..=0x0003 => Some(Sha256::digest(input).to_vec()),
        0x0004..=0x0006 => Some(Sha512::digest(input).to_vec()),
        0x0007 | X_WING => Some(Sha384::digest(input).to_vec()),
        _ => None,
    }
}

/// AES-256-GCM, SHA-384, Ed25519 with it: draft-ietf-mls-pq-ciphersuites.
const X_WING: u16 = 0x004e;
