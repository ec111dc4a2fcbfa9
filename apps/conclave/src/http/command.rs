//! What a command brings with it: its idempotency key, and the hash of what it asks.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, Uri};
use conclave_audit::Hex;
use conclave_protocol::Timestamp;
use conclave_protocol::meeting::CommandDone;
use conclave_store::action::Revision;
use conclave_store::{Durability, IdempotencyKey, Once, TokenHash};
use sha2::{Digest, Sha256};
use uuid::{Uuid, Version};

use super::problem::{IDEMPOTENCY_KEY_MISSING, Refusal};
use crate::installation_key::InstallationKey;
use crate::secret;

/// A command's own name, and what it asks: method and path, and the body of one that has any.
#[derive(Clone)]
pub(crate) struct Command {
    pub(super) key: IdempotencyKey,
    pub(super) request: [u8; 32],
}

impl Command {
    /// At most once for this actor.
    pub(crate) fn once(&self, actor: Uuid, now: Timestamp) -> Once {
        Once {
            actor,
            key: self.key.clone(),
            request: self.request,
            now,
        }
    }

    /// Whether nobody can guess the key: UUIDs of version 4 are random (RFC 9562, 5.4), others are times and
    /// places.
    pub(crate) fn key_is_random(&self) -> bool {
        let key: Option<Uuid> = self.key.as_str().parse().ok();
        key.is_some_and(|key| key.get_version() == Some(Version::Random))
    }

    /// As [`Self::once`], with a hash for the key: its name is as good as what is derived from it.
    pub(crate) fn once_unseen(&self, actor: Uuid, now: Timestamp) -> Once {
        let TokenHash(hash) = secret::hash(self.key.as_str());
        let hex = Hex(hash).to_string();
        Once {
            key: IdempotencyKey::parse(&hex).expect("32 bytes are 64 hexadecimal digits"),
            ..self.once(actor, now)
        }
    }

    /// A secret that only who knows the key can have, and only from this server.
    pub(crate) fn derive(&self, key: &InstallationKey, purpose: &str, actor: Uuid) -> [u8; 32] {
        let name = self.key.as_str().as_bytes();
        key.derive(purpose, &[actor.as_bytes(), &self.request, name])
    }
}

/// Answers a command that was done.
pub(crate) fn done(Revision(revision): Revision) -> Json<CommandDone> {
    Json(CommandDone { revision })
}

/// Answers an essential act, in the same way where it waits in the spool.
pub(crate) fn kept(kept: Durability<Revision>) -> Json<CommandDone> {
    let (Durability::Stored(answer) | Durability::Spooled(answer)) = kept;
    done(answer.done)
}

impl<S: Send + Sync> FromRequestParts<S> for Command {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        Ok(Self {
            key: key(&parts.headers).ok_or(IDEMPOTENCY_KEY_MISSING)?,
            request: hash(&parts.method, &parts.uri, &[]),
        })
    }
}

pub(super) fn key(headers: &HeaderMap) -> Option<IdempotencyKey> {
    let key: Uuid = headers.get(KEY)?.to_str().ok()?.parse().ok()?;
    IdempotencyKey::parse(&key.to_string())
}

pub(super) fn hash(method: &Method, uri: &Uri, body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(method.as_str());
    hash.update([0]);
    hash.update(uri.path());
    hash.update([0]);
    hash.update(body);
    hash.finalize().into()
}

pub(super) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
