//! Signing in by the organisation's identity provider: OpenID Connect Core 1.0, with code, PKCE (RFC 7636), state and
//! nonce.
//!
//! The browser goes to the provider and comes back with a code, which this server exchanges for a token that says who
//! it is. What the token is worth is policy's to say (`conclave_policy::id_token`).

mod claims;
mod fetch;
mod keys;
mod logouts;
mod provider;
mod trips;

use std::path::PathBuf;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use conclave_policy::id_token::{Expected, Flaw, IdToken, Proved, SecondFactorWords};
use conclave_policy::logout_token::LogoutToken;
use conclave_policy::source::Network;
use conclave_protocol::Timestamp;
use conclave_store::TokenHash;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::form_urlencoded::{Serializer, byte_serialize};

use crate::config;
use crate::secret::{self, NoRandomness};
use fetch::{Fetch, NoAnswer};
use keys::NotSigned;
use logouts::Logouts;
use provider::{Description, Provider};

pub(crate) use provider::Unavailable;
pub(crate) use trips::{LIFETIME, Purpose, Trip, Trips};

pub(crate) struct SingleSignOn {
    provider: Arc<Provider>,
    config: config::SingleSignOn,
    client_secret: String,
    /// Where the provider sends browsers back to.
    page: String,
    second_factor: SecondFactorWords,
    pub(crate) trips: Trips,
    logouts: Logouts,
}

/// Where a browser goes, and the secrets that it comes back with.
pub(crate) struct Departure {
    pub(crate) address: String,
    /// For the browser's cookie.
    pub(crate) browser: String,
}

/// Whoever came back, as the provider says.
pub(crate) struct Arrival {
    pub(crate) token: IdToken,
    /// Whether the provider saw two factors, by words that count.
    pub(crate) of_two_factors: bool,
}

/// Why nobody goes to the provider.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(crate) enum NotDeparted {
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// Why nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotArrived {
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    #[error(transparent)]
    Flawed(#[from] Flaw),
    /// It answers for another provider (RFC 9207).
    #[error("the answer is another provider's")]
    MixedUp,
    #[error("the provider does not know the code")]
    Code,
    /// The logout token came before.
    #[error("the token was used before")]
    Used,
}

/// Why single sign-on can't begin; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum SingleSignOnError {
    #[error("the secret of single_sign_on in {} can't be read", path.display())]
    Secret {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the certificates of single_sign_on.authority can't be used")]
    Authority,
}

#[derive(Deserialize)]
struct Exchanged {
    id_token: String,
}

impl NotArrived {
    /// For the audit log.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Unavailable(Unavailable) => "provider_unavailable",
            Self::NotSigned(not_signed) => not_signed.code(),
            Self::Flawed(flaw) => flaw.code(),
            Self::MixedUp => "another_provider",
            Self::Code => "unknown_code",
            Self::Used => "used_token",
        }
    }
}

impl SingleSignOn {
    /// `origin` is where people find this server. The provider is asked when somebody needs it.
    pub(crate) fn new(
        config: &config::SingleSignOn,
        origin: &str,
    ) -> Result<Self, SingleSignOnError> {
        let path = &config.client_secret_file;
        let secret = std::fs::read_to_string(path);
        let secret = secret.map_err(|source| SingleSignOnError::Secret {
            path: path.clone(),
            source,
        })?;
        let fetch = Fetch::new(config.authority.as_deref(), config.answer_time);
        let fetch = fetch.map_err(|_| SingleSignOnError::Authority)?;
        Ok(Self {
            provider: Provider::new(config.issuer.clone(), fetch),
            client_secret: secret.trim().to_owned(),
            page: format!("{origin}/signed-in"),
            second_factor: SecondFactorWords {
                amr: config.second_factor_amr.clone(),
                acr: config.second_factor_acr.clone(),
            },
            trips: Trips::default(),
            logouts: Logouts::default(),
            config: config.clone(),
        })
    }

    /// What people call the provider.
    pub(crate) fn name(&self) -> &str {
        &self.config.name
    }

    /// Whether a subject is who the organisation's directory says by its external id.
    pub(crate) fn knows_by_directory(&self) -> bool {
        self.config.subject_is_external_id
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.provider.issuer
    }

    /// Sends a browser on its way.
    pub(crate) async fn depart(
        &self,
        purpose: Purpose,
        network: Network,
        now: Timestamp,
    ) -> Result<Departure, NotDeparted> {
        let (state, state_hash) = secret::fresh()?;
        let (browser, browser_hash) = secret::fresh()?;
        let (nonce, _) = secret::fresh()?;
        let (verifier, _) = secret::fresh()?;
        let description = self.provider.description(now).await?;
        let trip = Trip {
            browser: browser_hash,
            network,
            begun_at: now,
            nonce,
            verifier,
            purpose,
        };
        let address = self.address(&description, &trip, &state);
        self.trips.begin(state_hash, trip);
        Ok(Departure { address, browser })
    }

    /// OpenID Connect Core 1.0, 3.1.2.1. Neither name nor address is asked for: neither decides anything.
    fn address(&self, description: &Description, trip: &Trip, state: &str) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&trip.verifier));
        let mut address = description.authorization_endpoint.clone();
        let mut query = address.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("scope", "openid")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", &self.page)
            .append_pair("state", state)
            .append_pair("nonce", &trip.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if !self.second_factor.acr.is_empty() {
            query.append_pair("acr_values", &self.second_factor.acr.join(" "));
        }
        match (&trip.purpose, self.config.max_age) {
            (Purpose::StepUp(_) | Purpose::Connect { .. }, _) => {
                query
                    .append_pair("prompt", "login")
                    .append_pair("max_age", "0");
            }
            (_, Some(age)) => {
                query.append_pair("max_age", &age.as_secs().to_string());
            }
            (_, None) => {}
        }
        drop(query);
        address.into()
    }

    /// Who came back. `issuer` is what the answer says of itself.
    pub(crate) async fn arrive(
        &self,
        trip: &Trip,
        code: &str,
        issuer: Option<&str>,
        now: Timestamp,
    ) -> Result<Arrival, NotArrived> {
        let description = self.provider.description(now).await?;
        let wants_issuer = description.authorization_response_iss_parameter_supported;
        match issuer {
            Some(issuer) if issuer != self.provider.issuer => return Err(NotArrived::MixedUp),
            None if wants_issuer => return Err(NotArrived::MixedUp),
            _ => {}
        }
        let exchanged = self.exchange(&description, trip, code).await?;
        let token: claims::OfIdToken = self.claims(&exchanged.id_token, now).await?;
        let token = token.read();
        token.check(&Expected {
            issuer: &self.provider.issuer,
            client: &self.config.client_id,
            nonce: &trip.nonce,
            proved: self.proved(trip),
            leeway: self.config.clock_leeway,
            now,
        })?;
        let of_two_factors = self.second_factor.are_in(&token);
        Ok(Arrival {
            token,
            of_two_factors,
        })
    }

    /// A logout token of the provider's, which is good until [`Self::logged_out`].
    pub(crate) async fn logout(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<LogoutToken, NotArrived> {
        let token: claims::OfLogoutToken = self.claims(token, now).await?;
        let token = token.read();
        let (client, leeway) = (&self.config.client_id, self.config.clock_leeway);
        token.check(&self.provider.issuer, client, leeway, now)?;
        match self.logouts.came_before(&token) {
            true => Err(NotArrived::Used),
            false => Ok(token),
        }
    }

    /// What the token is for is done. Until then the provider may send it again.
    pub(crate) fn logged_out(&self, token: &LogoutToken, now: Timestamp) {
        self.logouts.spend(token, self.config.clock_leeway, now);
    }

    fn proved(&self, trip: &Trip) -> Proved {
        match (&trip.purpose, self.config.max_age) {
            (Purpose::StepUp(_) | Purpose::Connect { .. }, _) => Proved::Since(trip.begun_at),
            (_, Some(age)) => Proved::Within(age),
            (_, None) => Proved::AtAnyTime,
        }
    }

    /// OpenID Connect Core 1.0, 3.1.3. What comes back is read by us alone, over the connection that we made.
    async fn exchange(
        &self,
        description: &Description,
        trip: &Trip,
        code: &str,
    ) -> Result<Exchanged, NotArrived> {
        let in_form = description.wants_secret_in_form();
        let authorisation = self.authorisation().filter(|_| !in_form);
        let form = self.form(trip, code, in_form);
        let address = &description.token_endpoint;
        let answer = self.provider.fetch.post(address, authorisation, form);
        answer.await.map_err(|error| match error {
            // RFC 6749, 5.2. Other refusals are of us, not of the code.
            NoAnswer::Status(StatusCode::BAD_REQUEST) => NotArrived::Code,
            error => {
                tracing::warn!(%error, "the identity provider gave no token");
                Unavailable.into()
            }
        })
    }

    fn form(&self, trip: &Trip, code: &str, with_secret: bool) -> String {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.page)
            .append_pair("code_verifier", &trip.verifier);
        if with_secret {
            form.append_pair("client_id", &self.config.client_id)
                .append_pair("client_secret", &self.client_secret);
        }
        form.finish()
    }

    /// RFC 6749, 2.3.1.
    fn authorisation(&self) -> Option<HeaderValue> {
        let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let (id, secret) = (encode(&self.config.client_id), encode(&self.client_secret));
        let text = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    async fn claims<T: serde::de::DeserializeOwned>(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<T, NotArrived> {
        let header = keys::header(token)?;
        let description = self.provider.description(now).await?;
        if !description.signs_with(header.alg) {
            return Err(NotSigned::Algorithm.into());
        }
        let keys = self.provider.keys(header.kid.as_deref(), now).await?;
        Ok(keys.claims(token, &header)?)
    }
}

/// What is kept of a logout token.
fn mark(token: &LogoutToken) -> TokenHash {
    secret::hash(&token.id)
}
