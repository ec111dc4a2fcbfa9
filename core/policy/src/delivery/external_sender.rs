//! The server as a group's external sender: writes proposals to remove somebody, and nothing else.
//!
//! # Security
//!
//! The key can't add anybody: members accept nothing from it but Remove. It stays outside of this
//! crate; here is only what is signed, which names the group and the epoch, so that a proposal is
//! worth nothing in another one.

use std::sync::Arc;

use conclave_protocol::mls::{self, Epoch, GroupId, LeafIndex, Opaque};

use super::framing::{MLS_1_0, PUBLIC_MESSAGE, REMOVE};
use crate::sign_content::{Signature, sign_content, vector};

type Sign = dyn Fn(&[u8]) -> Signature + Send + Sync;

/// An Ed25519 key pair, by its public half and a way to sign. Clones share it.
#[derive(Clone)]
pub struct ExternalSender {
    public_key: [u8; 32],
    sign: Arc<Sign>,
}

impl ExternalSender {
    pub fn new(
        public_key: [u8; 32],
        sign: impl Fn(&[u8]) -> Signature + Send + Sync + 'static,
    ) -> Self {
        Self {
            public_key,
            sign: Arc::new(sign),
        }
    }

    /// As groups name it in their extension `external_senders`.
    pub fn described(&self) -> mls::ExternalSender {
        mls::ExternalSender {
            signature_key: short(self.public_key.to_vec()),
            identity: short(IDENTITY.to_vec()),
        }
    }

    /// An `MLSMessage` with a `PublicMessage` that proposes to remove `leaf` (RFC 9420, 6, 12.1.3, 12.1.8).
    pub fn propose_removal(&self, group: GroupId, epoch: Epoch, leaf: LeafIndex) -> Opaque {
        let mut message = framed_content(group, epoch, leaf);
        // 6.1: what is signed is the content after version and wire format; of an external sender, without the group's context.
        let signature = (self.sign)(&sign_content("FramedContentTBS", &message));
        vector(&mut message, &signature);
        short(message)
    }
}

/// Version, wire format and `FramedContent` (6, 6.1).
fn framed_content(group: GroupId, epoch: Epoch, leaf: LeafIndex) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    bytes.extend(MLS_1_0.to_be_bytes());
    bytes.extend(PUBLIC_MESSAGE.to_be_bytes());
    vector(&mut bytes, &group.0);
    bytes.extend(epoch.0.to_be_bytes());
    bytes.push(EXTERNAL);
    bytes.extend(OUR_INDEX.to_be_bytes());
    vector(&mut bytes, NO_AUTHENTICATED_DATA);
    bytes.push(PROPOSAL);
    bytes.extend(REMOVE.to_be_bytes());
    bytes.extend(leaf.0.to_be_bytes());
    bytes
}

fn short(bytes: Vec<u8>) -> Opaque {
    Opaque::new(bytes).expect("what is written here has some hundred bytes")
}

/// Of the basic credential.
const IDENTITY: &[u8] = b"conclave";
/// Groups name exactly one external sender.
const OUR_INDEX: u32 = 0;
const NO_AUTHENTICATED_DATA: &[u8] = &[];
// RFC 9420, 6.
const EXTERNAL: u8 = 2;
const PROPOSAL: u8 = 2;
