//! The claims of a provider's tokens as they are on the wire (OpenID Connect Core 1.0, 2; Back-Channel Logout 1.0, 2.4).

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_policy::id_token::{IdToken, LONGEST_SUBJECT};
use conclave_policy::logout_token::LogoutToken;
use conclave_protocol::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct OfIdToken {
    iss: String,
    sub: String,
    aud: Audience,
    #[serde(default)]
    azp: Option<String>,
    iat: Seconds,
    exp: Seconds,
    #[serde(default)]
    auth_time: Option<Seconds>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    #[serde(default)]
    sid: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct OfLogoutToken {
    iss: String,
    aud: Audience,
    iat: Seconds,
    exp: Seconds,
    jti: String,
    #[serde(default)]
    sub: Option<String>,
    #[serde(default)]
    sid: Option<String>,
    #[serde(default)]
    nonce: Option<serde_json::Value>,
    #[serde(default)]
    events: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Since 1970, perhaps with a fraction (RFC 7519, 2).
#[derive(Clone, Copy, Deserialize)]
#[serde(transparent)]
struct Seconds(f64);

impl OfIdToken {
    pub(super) fn read(self) -> IdToken {
        IdToken {
            issuer: self.iss,
            subject: self.sub,
            audience: self.aud.into(),
            authorised_party: self.azp,
            issued_at: self.iat.into(),
            expires_at: self.exp.into(),
            authenticated_at: self.auth_time.map(Timestamp::from),
            nonce: self.nonce,
            acr: self.acr,
            amr: self.amr,
            session: self.sid.filter(|sid| sid.len() <= LONGEST_SUBJECT),
        }
    }
}

impl OfLogoutToken {
    pub(super) fn read(self) -> LogoutToken {
        LogoutToken {
            issuer: self.iss,
            audience: self.aud.into(),
            issued_at: self.iat.into(),
            expires_at: self.exp.into(),
            id: self.jti,
            subject: self.sub,
            session: self.sid,
            is_logout: self.events.contains_key(LOGOUT),
            has_nonce: self.nonce.is_some(),
        }
    }
}

impl From<Audience> for Vec<String> {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::One(one) => vec![one],
            Audience::Several(several) => several,
        }
    }
}

impl From<Seconds> for Timestamp {
    fn from(Seconds(seconds): Seconds) -> Self {
        let since = Duration::try_from_secs_f64(seconds.clamp(0.0, LATEST));
        Self::from_micros(0).plus(since.unwrap_or_default())
    }
}

const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The year 9999, in seconds since 1970.
const LATEST: f64 = 253_402_300_799.0;
