//! Tokens of developers' API keys: they carry their own grants.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use conclave_audit::{Actor, Entry, Event, Hex};
use conclave_livekit::token::{self, Claims, LONGEST_NAME, TokenError, VideoGrants};
use conclave_sfu::{Access, RoomName};
use conclave_store::{ReadError, TokenHash};
use livekit_protocol as proto;

use super::LiveKit;
use super::refusal::Refusal;
use crate::app::App;
use crate::config::ApiSecret;
use crate::http::occasion::Occasion;
use crate::secret::{self, NoRandomness};
use crate::{Clock, Config, room_names};

/// A refreshed token is good for at least so long.
const LEAST_VALIDITY: Duration = Duration::from_secs(10 * 60);

/// The keys of this installation, which are nobody's before it has an owner. With `--dev` there is a
/// tenant without one.
#[derive(Clone)]
pub(crate) struct Developers {
    keys: BTreeMap<String, ApiSecret>,
    has_owner: Arc<AtomicBool>,
}

impl Developers {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            keys: config.developer_keys(),
            has_owner: Arc::new(AtomicBool::new(config.dev)),
        }
    }

    async fn secret(&self, app: &App, key: &str) -> Result<Option<ApiSecret>, ReadError> {
        let Some(secret) = self.keys.get(key) else {
            return Ok(None);
        };
        let has_owner = self.has_owner(app).await?;
        Ok(has_owner.then(|| secret.clone()))
    }

    /// Once there is an owner there is one for ever.
    async fn has_owner(&self, app: &App) -> Result<bool, ReadError> {
        if self.has_owner.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let found = app.store.owner_exists().await?;
        self.has_owner.fetch_or(found, Ordering::Relaxed);
        Ok(found)
    }
}

/// Why a token says nothing about who shows it.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotVerified {
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Whether the key is anybody's can't be read at this moment.
    #[error(transparent)]
    Unavailable(#[from] ReadError),
}

/// A token whose signature and time are right.
#[derive(Clone)]
pub(super) struct Token {
    claims: Claims,
    secret: ApiSecret,
}

impl Token {
    #[cfg(test)]
    pub(super) fn of_test(grants: VideoGrants) -> Self {
        Self {
            claims: Claims {
                video: Some(grants),
                ..Claims::default()
            },
            secret: ApiSecret::new("secret".to_owned()),
        }
    }

    pub(super) async fn verify(livekit: &LiveKit, text: &str) -> Result<Self, NotVerified> {
        let issuer = token::issuer(text)?;
        // One answer for a key that is not there and a secret that is not right.
        let secret = livekit.developers.secret(&livekit.app, &issuer).await?;
        let secret = secret.ok_or(TokenError::Signature)?;
        let now = livekit.app.clock.now();
        let claims = token::verify(text, secret.as_bytes(), now.into())?;
        Ok(Self { claims, secret })
    }

    /// An entry of what the key's holder did.
    pub(super) fn entry(&self, occasion: &Occasion, event: Event) -> Result<Entry, NoRandomness> {
        let TokenHash(hash) = secret::hash(&self.claims.issuer);
        let key_hash = Hex(*hash.first_chunk().expect("a hash has 32 bytes"));
        occasion.entry(None, Actor::ApiKey { key_hash }, event)
    }

    pub(super) fn grants(&self) -> VideoGrants {
        self.claims.video.clone().unwrap_or_default()
    }

    /// The room and the rights in it, for one who joins.
    pub(super) fn access(&self) -> Result<(RoomName, Access), Refusal> {
        let Claims {
            identity,
            name,
            metadata,
            attributes,
            room_configuration,
            ..
        } = self.claims.clone();
        let grants = self.grants();
        if !grants.room_join {
            return Err(Refusal::NoJoinGrant);
        }
        if identity.is_empty() {
            return Err(Refusal::NoIdentity);
        }
        if grants.room.is_empty() {
            return Err(Refusal::NoRoomName);
        }
        if identity.len() > LONGEST_NAME || grants.room.len() > LONGEST_NAME {
            return Err(Refusal::NameTooLong);
        }
        let room = room_names::of_developer(&grants.room).ok_or(Refusal::NoJoinGrant)?;
        let access = Access {
            identity,
            name,
            metadata,
            attributes,
            kind: self.claims.participant_kind(),
            permission: grants.permission(),
            may_create_room: true,
            must_encrypt: false,
            turns: None,
            line: None,
            room_configuration,
        };
        Ok((room, access))
    }

    /// The same token with a later end, and what the participant is by now where that is known.
    pub(super) fn refreshed(
        &self,
        info: Option<&proto::ParticipantInfo>,
        clock: &Clock,
    ) -> Option<String> {
        let mut claims = self
            .claims
            .clone()
            .valid_for(clock.now().into(), LEAST_VALIDITY);
        claims.expires = claims.expires.max(self.claims.expires);
        if let Some(info) = info {
            claims.name.clone_from(&info.name);
            claims.metadata.clone_from(&info.metadata);
            claims.attributes = info.attributes.clone().into_iter().collect();
            if let Some(permission) = &info.permission {
                let grants = claims.video.get_or_insert_default();
                grants.set_permission(permission);
            }
        }
        token::sign(&claims, self.secret.as_bytes()).ok()
    }
}
