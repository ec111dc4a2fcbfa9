//! What a command brings with it: its idempotency key, and the hash of what it asks.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use conclave_protocol::Timestamp;
use conclave_protocol::meeting::CommandDone;
use conclave_store::action::Revision;
use conclave_store::{Durability, IdempotencyKey, Once};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::problem::{IDEMPOTENCY_KEY_MISSING, Refusal};

/// A command without a body: method and path say all.
pub(crate) struct Command {
    key: IdempotencyKey,
    request: [u8; 32],
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
        let key = parts.headers.get("idempotency-key");
        let key: Option<Uuid> = key
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse().ok());
        let key = key.and_then(|uuid| IdempotencyKey::parse(&uuid.to_string()));
        let mut hash = Sha256::new();
        hash.update(parts.method.as_str());
        hash.update([0]);
        hash.update(parts.uri.path());
        Ok(Self {
            key: key.ok_or(IDEMPOTENCY_KEY_MISSING)?,
            request: hash.finalize().into(),
        })
    }
}
