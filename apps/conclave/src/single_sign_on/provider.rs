//! What the identity provider says of itself, kept for an hour: where it is asked, and by which keys it signs
//! (OpenID Connect Discovery 1.0; RFC 8414).
//!
//! It is asked when somebody needs it, and after a failure no faster than a bounded pace: a provider that is down
//! costs nobody else anything.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use conclave_protocol::Timestamp;
use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use tokio::sync::{Mutex as Asking, OwnedMutexGuard};
use url::Url;

use super::fetch::{Fetch, NoAnswer};
use super::keys::Keys;
use crate::config::single_sign_on::is_safe;

pub(super) struct Provider {
    /// As the operator spells it, and the provider in every token.
    pub(super) issuer: String,
    pub(super) fetch: Fetch,
    known: Mutex<Known>,
    /// Whoever knows nothing waits for one and the same question to the provider.
    asking: Arc<Asking<()>>,
}

#[derive(Default)]
struct Known {
    description: Option<Arc<Description>>,
    keys: Arc<Keys>,
    /// When description and keys were asked for.
    asked_at: Option<Timestamp>,
    keys_asked_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
}

/// What is needed of the provider's description.
#[derive(Deserialize)]
pub(super) struct Description {
    issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    jwks_uri: Url,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
    /// It names itself in what it sends back (RFC 9207, 3).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct KeySet {
    /// One of a kind that we don't know is no reason to know none.
    keys: Vec<serde_json::Value>,
}

/// The provider is not there, or not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the identity provider can't be used")]
pub(crate) struct Unavailable;

impl Provider {
    pub(super) fn new(issuer: String, fetch: Fetch) -> Arc<Self> {
        Arc::new(Self {
            issuer,
            fetch,
            known: Mutex::default(),
            asking: Arc::default(),
        })
    }

    pub(super) async fn description(
        self: &Arc<Self>,
        now: Timestamp,
    ) -> Result<Arc<Description>, Unavailable> {
        self.refresh(now).await;
        self.known().description.clone().ok_or(Unavailable)
    }

    /// The keys, asked for again where none of them has this name.
    pub(super) async fn keys(
        self: &Arc<Self>,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<Arc<Keys>, Unavailable> {
        let description = self.description(now).await?;
        if self.lacks(name) {
            let _one = self.asking.lock().await;
            // Somebody else may have asked meanwhile.
            let asks = self.lacks(name) && {
                let mut known = self.known();
                let is_due = is_due(known.keys_asked_at, KEYS_AGAIN_AFTER, now);
                known.keys_asked_at = is_due.then_some(now).or(known.keys_asked_at);
                is_due
            };
            if asks {
                match self.ask_for_keys(&description).await {
                    Ok(keys) => self.known().keys = Arc::new(keys),
                    Err(error) => say(error),
                }
            }
        }
        Ok(Arc::clone(&self.known().keys))
    }

    fn lacks(&self, name: Option<&str>) -> bool {
        name.is_some_and(|name| !self.known().keys.have(name))
    }

    /// What was known stays, and is what everybody goes by, until the provider has something better to say. Only who knows
    /// nothing waits for it.
    async fn refresh(self: &Arc<Self>, now: Timestamp) {
        let is_known = {
            let known = self.known();
            if !known.is_due(now) {
                return;
            }
            known.description.is_some()
        };
        let asking = Arc::clone(&self.asking);
        let turn = match is_known {
            true => asking.try_lock_owned().ok(),
            false => Some(asking.lock_owned().await),
        };
        let Some(turn) = turn else {
            return;
        };
        // To its end even when who asked hangs up: a failure counts for all.
        let asked = tokio::spawn(Arc::clone(self).ask(turn, now));
        if !is_known && asked.await.is_err() {
            tracing::error!("asking the identity provider ended early");
        }
    }

    async fn ask(self: Arc<Self>, _turn: OwnedMutexGuard<()>, now: Timestamp) {
        if !self.known().is_due(now) {
            return;
        }
        let began = Instant::now();
        let outcome = self.discover().await;
        let mut known = self.known();
        match outcome {
            Ok((description, keys)) => {
                *known = Known {
                    description: Some(Arc::new(description)),
                    keys: Arc::new(keys),
                    asked_at: Some(now),
                    keys_asked_at: Some(now),
                    failed_at: None,
                };
            }
            Err(error) => {
                say(error);
                known.failed_at = Some(now.plus(began.elapsed()));
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn discover(&self) -> Result<(Description, Keys), NoAnswer> {
        let base = self.issuer.trim_end_matches('/');
        let address = format!("{base}/.well-known/openid-configuration");
        let address = Url::parse(&address).map_err(|_| NoAnswer::Address)?;
        let description: Description = self.fetch.get(&address).await?;
        // A browser is sent there, with whatever scheme it has.
        let is_whole = is_safe(&description.authorization_endpoint);
        if description.issuer != self.issuer || !is_whole {
            return Err(NoAnswer::Unreadable);
        }
        let keys = self.ask_for_keys(&description).await?;
        Ok((description, keys))
    }

    async fn ask_for_keys(&self, description: &Description) -> Result<Keys, NoAnswer> {
        let set: KeySet = self.fetch.get(&description.jwks_uri).await?;
        let keys = set.keys.into_iter().take(MOST_KEYS);
        let keys = keys.filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        Ok(Keys::new(keys.collect()))
    }
}

impl Known {
    fn is_due(&self, now: Timestamp) -> bool {
        is_due(self.asked_at, KEPT, now) && is_due(self.failed_at, AGAIN_AFTER, now)
    }
}

impl Description {
    /// Whether a token may be signed so: by a pair of keys, and as the provider announces.
    pub(super) fn signs_with(&self, algorithm: Algorithm) -> bool {
        let name = match algorithm {
            Algorithm::RS256 => "RS256",
            Algorithm::PS256 => "PS256",
            Algorithm::ES256 => "ES256",
            Algorithm::EdDSA => "EdDSA",
            _ => return false,
        };
        let announced = &self.id_token_signing_alg_values_supported;
        announced.iter().any(|algorithm| algorithm == name)
    }

    /// Whether our secret goes into the form: only where the provider takes it in no header
    /// (OpenID Connect Discovery 1.0, 3: absent means the header).
    pub(super) fn wants_secret_in_form(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        methods.is_some_and(|methods| !methods.iter().any(|method| method == "client_secret_basic"))
    }
}

fn is_due(last: Option<Timestamp>, every: Duration, now: Timestamp) -> bool {
    last.is_none_or(|last| now.since(last) >= every)
}

fn say(error: NoAnswer) {
    tracing::warn!(%error, "the identity provider was of no use");
}

/// How long a description and keys are not asked for again. Keys that a provider has given up are good for this long, and
/// while it can't be asked.
const KEPT: Duration = Duration::from_secs(60 * 60);
/// Between questions to a provider that is down.
const AGAIN_AFTER: Duration = Duration::from_secs(5);
/// Between questions for keys that nobody knows: strangers can name as many as they like.
const KEYS_AGAIN_AFTER: Duration = Duration::from_secs(30);
/// Providers have two or three.
const MOST_KEYS: usize = 32;
