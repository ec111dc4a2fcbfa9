//! Access tokens: what a developer's API key, or we, say about who connects.
//!
//! A token is a JWT signed with HS256; no other algorithm is read. Time comes in as an argument,
//! so a caller decides whose clock counts. Claims name people and carry rights: they print nothing.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use livekit_protocol as proto;
use serde::{Deserialize, Serialize};

/// The difference between two honest clocks.
pub const LEEWAY: Duration = Duration::from_secs(60);
/// In bytes; a room configuration with agents fits, a URL is no longer than this either.
pub const LONGEST_TOKEN: usize = 16 * 1024;
/// In bytes, of an identity and of a room's name.
pub const LONGEST_NAME: usize = 256;

/// What a token says. Absent optional claims are empty.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Claims {
    /// The API key, which selects the secret.
    #[serde(rename = "iss", skip_serializing_if = "String::is_empty")]
    pub issuer: String,
    #[serde(rename = "sub", skip_serializing_if = "String::is_empty")]
    pub identity: String,
    /// Seconds since 1970. A token without it is not accepted.
    #[serde(rename = "exp", skip_serializing_if = "Option::is_none")]
    pub expires: Option<u64>,
    #[serde(rename = "nbf", skip_serializing_if = "Option::is_none")]
    pub not_before: Option<u64>,
    #[serde(rename = "iat", skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<u64>,
    #[serde(rename = "jti", skip_serializing_if = "String::is_empty")]
    pub id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub metadata: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// `standard`, `ingress`, `egress`, `sip`, `agent`, `connector`, `bridge`; empty is `standard`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Of a webhook: base64 of the body's SHA-256.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// Applies when this join makes the room.
    #[serde(rename = "roomConfig", skip_serializing_if = "Option::is_none")]
    pub room_configuration: Option<Box<proto::RoomConfiguration>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoGrants>,
}

/// The claim `video`: rights in rooms.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VideoGrants {
    #[serde(skip_serializing_if = "is_false")]
    pub room_create: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub room_list: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub room_record: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub room_admin: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub room_join: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub room: String,
    /// Absent: yes. So are the next two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_publish: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_subscribe: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_publish_data: Option<bool>,
    /// `camera`, `microphone`, `screen_share`, `screen_share_audio`; not empty restricts `can_publish`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub can_publish_sources: Vec<String>,
    /// Absent: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_update_own_metadata: Option<bool>,
    #[serde(skip_serializing_if = "is_false")]
    pub ingress_admin: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub hidden: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub recorder: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub agent: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_subscribe_metrics: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_manage_agent_session: Option<bool>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub destination_room: String,
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token cannot be read")]
    Malformed,
    #[error("the token's signature is not right")]
    Signature,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYet,
}

/// The API key that a token claims to be of, to find the secret by. Proves nothing.
pub fn issuer(token: &str) -> Result<String, TokenError> {
    if token.len() > LONGEST_TOKEN {
        return Err(TokenError::Malformed);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
    if header.alg != Algorithm::HS256 {
        return Err(TokenError::Malformed);
    }
    jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(token)
        .map(|claims| claims.issuer)
        .map_err(|_| TokenError::Malformed)
}

/// Checks the signature (in constant time) and the validity at `now`, with [`LEEWAY`].
pub fn verify(token: &str, secret: &[u8], now: SystemTime) -> Result<Claims, TokenError> {
    if token.len() > LONGEST_TOKEN {
        return Err(TokenError::Malformed);
    }
    let claims =
        jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(secret), &signature_only())
            .map_err(|error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::InvalidSignature => TokenError::Signature,
                _ => TokenError::Malformed,
            })?
            .claims;
    check_validity(&claims, seconds(now))?;
    Ok(claims)
}

/// Signs `claims` for the wire.
pub fn sign(claims: &Claims, secret: &[u8]) -> Result<String, TokenError> {
    jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        claims,
        &EncodingKey::from_secret(secret),
    )
    .map_err(|_| TokenError::Malformed)
}

impl Claims {
    /// Sets `nbf`, `iat` and `exp`.
    pub fn valid_for(mut self, now: SystemTime, validity: Duration) -> Self {
        self.issued_at = Some(seconds(now));
        self.not_before = Some(seconds(now));
        self.expires = Some(seconds(now).saturating_add(validity.as_secs()));
        self
    }

    pub fn participant_kind(&self) -> proto::participant_info::Kind {
        use proto::participant_info::Kind;
        match self.kind.as_str() {
            "ingress" => Kind::Ingress,
            "egress" => Kind::Egress,
            "sip" => Kind::Sip,
            "agent" => Kind::Agent,
            "connector" => Kind::Connector,
            "bridge" => Kind::Bridge,
            _ => Kind::Standard,
        }
    }
}

impl VideoGrants {
    /// The rights of a participant, with what an absent grant means.
    pub fn permission(&self) -> proto::ParticipantPermission {
        #[expect(
            deprecated,
            reason = "clients of the field's older versions read `recorder` and `agent` here"
        )]
        proto::ParticipantPermission {
            can_subscribe: self.can_subscribe.unwrap_or(true),
            can_publish: self.can_publish.unwrap_or(true),
            can_publish_data: self.can_publish_data.unwrap_or(true),
            can_publish_sources: self
                .can_publish_sources
                .iter()
                .map(|source| track_source(source) as i32)
                .collect(),
            hidden: self.hidden,
            recorder: self.recorder,
            can_update_metadata: self.can_update_own_metadata.unwrap_or(false),
            agent: self.agent,
            can_subscribe_metrics: self.can_subscribe_metrics.unwrap_or(false),
            can_manage_agent_session: self.can_manage_agent_session.unwrap_or(false),
        }
    }

    /// Makes the grants say what `permission` says; the inverse of [`Self::permission`].
    pub fn set_permission(&mut self, permission: &proto::ParticipantPermission) {
        self.can_subscribe = Some(permission.can_subscribe);
        self.can_publish = Some(permission.can_publish);
        self.can_publish_data = Some(permission.can_publish_data);
        self.can_publish_sources = permission
            .can_publish_sources()
            .map(|source| source_name(source).to_owned())
            .collect();
        self.hidden = permission.hidden;
        self.can_update_own_metadata = Some(permission.can_update_metadata);
        self.can_subscribe_metrics = Some(permission.can_subscribe_metrics);
        self.can_manage_agent_session = Some(permission.can_manage_agent_session);
    }
}

fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

fn check_validity(claims: &Claims, now: u64) -> Result<(), TokenError> {
    let expires = claims.expires.ok_or(TokenError::Expired)?;
    if expires.saturating_add(LEEWAY.as_secs()) <= now {
        return Err(TokenError::Expired);
    }
    let not_before = claims.not_before.unwrap_or(0);
    if not_before > now.saturating_add(LEEWAY.as_secs()) {
        return Err(TokenError::NotYet);
    }
    Ok(())
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// An unknown word grants a source that no track of a known source has.
fn track_source(word: &str) -> proto::TrackSource {
    match word.to_ascii_lowercase().as_str() {
        "camera" => proto::TrackSource::Camera,
        "microphone" => proto::TrackSource::Microphone,
        "screen_share" => proto::TrackSource::ScreenShare,
        "screen_share_audio" => proto::TrackSource::ScreenShareAudio,
        _ => proto::TrackSource::Unknown,
    }
}

fn source_name(source: proto::TrackSource) -> &'static str {
    match source {
        proto::TrackSource::Unknown => "unknown",
        proto::TrackSource::Camera => "camera",
        proto::TrackSource::Microphone => "microphone",
        proto::TrackSource::ScreenShare => "screen_share",
        proto::TrackSource::ScreenShareAudio => "screen_share_audio",
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const SECRET: &[u8] = b"a secret of at least thirty-two bytes";

    #[test]
    fn what_is_signed_is_verified() {
        let claims = claims();

        let token = sign(&claims, SECRET).unwrap();

        assert_eq!(issuer(&token), Ok("devkey".to_owned()));
        assert!(verify(&token, SECRET, at(1_000)) == Ok(claims));
    }

    #[test]
    fn another_secret_is_refused() {
        let token = sign(&claims(), SECRET).unwrap();

        assert!(verify(&token, b"another", at(1_000)) == Err(TokenError::Signature));
    }

    #[test]
    fn a_changed_claim_is_refused() {
        let token = sign(&claims(), SECRET).unwrap();
        let mut parts: Vec<&str> = token.split('.').collect();
        let body = URL_SAFE_NO_PAD.encode(r#"{"iss":"devkey","sub":"eve","exp":9999999999}"#);
        parts[1] = &body;

        assert!(verify(&parts.join("."), SECRET, at(1_000)) == Err(TokenError::Signature));
    }

    #[test]
    fn no_algorithm_but_hs256_is_read() {
        let body = URL_SAFE_NO_PAD.encode(r#"{"iss":"devkey","sub":"eve","exp":9999999999}"#);
        for algorithm in ["none", "HS384", "RS256"] {
            let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#));
            for signature in ["", "AAAA"] {
                let token = format!("{header}.{body}.{signature}");

                assert!(verify(&token, SECRET, at(1_000)).is_err());
                assert!(issuer(&token).is_err());
            }
        }
    }

    #[test]
    fn a_minute_of_clock_difference_is_forgiven_and_no_more() {
        let token = sign(&claims(), SECRET).unwrap();

        assert!(verify(&token, SECRET, at(940)).is_ok());
        assert!(verify(&token, SECRET, at(939)) == Err(TokenError::NotYet));
        assert!(verify(&token, SECRET, at(1_659)).is_ok());
        assert!(verify(&token, SECRET, at(1_660)) == Err(TokenError::Expired));
    }

    #[test]
    fn a_token_without_an_end_is_refused() {
        let mut endless = claims();
        endless.expires = None;
        let token = sign(&endless, SECRET).unwrap();

        assert!(verify(&token, SECRET, at(1_000)) == Err(TokenError::Expired));
    }

    #[test]
    fn an_overlong_token_is_refused() {
        let mut long = claims();
        long.metadata = "x".repeat(LONGEST_TOKEN);
        let token = sign(&long, SECRET).unwrap();

        assert!(verify(&token, SECRET, at(1_000)) == Err(TokenError::Malformed));
        assert!(issuer(&token) == Err(TokenError::Malformed));
    }

    #[test]
    fn absent_rights_are_granted_but_for_the_own_metadata() {
        let permission = VideoGrants::default().permission();

        assert!(permission.can_publish && permission.can_subscribe && permission.can_publish_data);
        assert!(!permission.can_update_metadata);
        assert!(!permission.hidden);
    }

    #[test]
    fn grants_survive_the_way_through_a_permission() {
        let mut grants = VideoGrants {
            can_publish: Some(false),
            can_publish_sources: vec!["camera".to_owned(), "screen_share".to_owned()],
            can_update_own_metadata: Some(true),
            hidden: true,
            ..VideoGrants::default()
        };
        let permission = grants.permission();

        grants.set_permission(&permission);

        assert_eq!(grants.permission(), permission);
        assert_eq!(permission.can_publish_sources, [1, 3]);
    }

    #[test]
    fn the_field_s_spelling_of_claims_is_read() {
        let json = r#"{"iss":"k","sub":"bob","exp":1600,"kind":"agent","attributes":{"a":"b"},
            "video":{"roomJoin":true,"room":"r","canPublishData":false},
            "roomConfig":{"emptyTimeout":7,"maxParticipants":3},"unknown":{"x":1}}"#;
        let claims: Claims = serde_json::from_str(json).unwrap();

        let grants = claims.video.clone().unwrap();
        assert!(grants.room_join && grants.room == "r" && !grants.permission().can_publish_data);
        let room = claims.room_configuration.clone().unwrap();
        assert_eq!((room.empty_timeout, room.max_participants), (7, 3));
        assert_eq!(
            claims.participant_kind(),
            proto::participant_info::Kind::Agent
        );
    }

    fn claims() -> Claims {
        Claims {
            issuer: "devkey".to_owned(),
            identity: "ann".to_owned(),
            name: "Ann".to_owned(),
            attributes: BTreeMap::from([("role".to_owned(), "nurse".to_owned())]),
            video: Some(VideoGrants {
                room_join: true,
                room: "ward".to_owned(),
                ..VideoGrants::default()
            }),
            ..Claims::default()
        }
        .valid_for(at(1_000), Duration::from_secs(600))
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }
}
