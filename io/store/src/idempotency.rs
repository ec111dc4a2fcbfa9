//! The same command sent twice is done once, and answered alike.

use std::time::Duration;

use conclave_protocol::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::action::Failure;
use crate::engine::{Link, statements};
use crate::error::Refused;

/// The client's own name for one request: 1 to [`IdempotencyKey::MAX_BYTES`] visible ASCII characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdempotencyKey(String);

/// Does an action at most once for its actor, key and request.
#[derive(Clone, Serialize, Deserialize)]
pub struct Once {
    /// The account or participant that sent the request: keys of others are never seen.
    pub actor: Uuid,
    pub key: IdempotencyKey,
    /// SHA-256 of what was asked: method, path and body.
    pub request: [u8; 32],
    pub now: Timestamp,
}

/// How long an answer is remembered: longer than any client retries.
pub(crate) const REMEMBERED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

impl IdempotencyKey {
    /// A UUID has 36.
    pub const MAX_BYTES: usize = 64;

    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=Self::MAX_BYTES).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Once {
    /// What the same request was answered before; another request under the same key is refused.
    pub(crate) async fn recall<Done: DeserializeOwned>(
        &self,
        link: &mut Link<'_>,
    ) -> Result<Option<Done>, Failure> {
        match recall(link, self.actor, self.key.0.clone(), self.now).await? {
            None => Ok(None),
            Some((request, answer)) => self.answer(request, &answer).map(Some),
        }
    }

    /// The answer on record, to whoever sends the request that it was given to.
    pub(crate) fn answer<Done: DeserializeOwned>(
        &self,
        request: [u8; 32],
        answer: &str,
    ) -> Result<Done, Failure> {
        if request != self.request {
            return Err(Refused::KeyReused.into());
        }
        serde_json::from_str(answer).map_err(|error| sqlx::Error::Decode(Box::new(error)).into())
    }

    pub(crate) async fn remember<Done: Serialize>(
        self,
        link: &mut Link<'_>,
        done: &Done,
    ) -> Result<(), sqlx::Error> {
        self.remember_text(link, text(done)?).await
    }

    pub(crate) async fn remember_text(
        self,
        link: &mut Link<'_>,
        answer: String,
    ) -> Result<(), sqlx::Error> {
        let expires_at = self.now.plus(REMEMBERED_FOR);
        remember(
            link,
            self.actor,
            self.key.0,
            self.request,
            answer,
            expires_at,
        )
        .await?;
        Ok(())
    }
}

/// An answer as it is kept.
pub(crate) fn text<Done: Serialize>(done: &Done) -> Result<String, sqlx::Error> {
    serde_json::to_string(done).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

statements! {
    optional recall(actor: Uuid, key: String, now: Timestamp) -> ([u8; 32], String)
        = "SELECT request, answer FROM idempotency
           WHERE actor = $1 AND key = $2 AND expires_at > $3";

    execute remember(
        actor: Uuid, key: String, request: [u8; 32], answer: String, expires_at: Timestamp,
    )
        = "INSERT INTO idempotency (actor, key, request, answer, expires_at)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (actor, key) DO UPDATE SET
             request = excluded.request, answer = excluded.answer, expires_at = excluded.expires_at";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_visible() {
        assert!(IdempotencyKey::parse("6f1c-77").is_some());
        for wrong in ["", "a b", "é", "line\n", &"k".repeat(65)] {
            assert!(IdempotencyKey::parse(wrong).is_none());
        }
    }
}
