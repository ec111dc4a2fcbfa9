//! Bodies of the queue for support: somebody who needs help asks for it, and a technician takes them.
//!
//! The link of the session that they are helped in crosses here sealed to a key of their page's; nobody else reads it. The
//! server could put a key of its own in that key's place: so both sides show a number that is made of it.

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use crate::meeting::MeetingCode;
use crate::personal::{DisplayName, Matter};
use crate::vault::Unread;
use crate::{MeetingId, SupportRequestId, SupportSessionId, Timestamp};

/// The public key of whoever asks (X-Wing), as their page writes it: letter 1.
pub type RequestKey = Unread<2_048>;
/// Of letter 1: its kind, the key's length and the key.
pub const REQUEST_KEY_BYTES: usize = 1 + 2 + 1_216;
/// What a link holds, sealed to that key: some 1.3 kB.
pub type SealedLink = Unread<4_096>;

/// `POST /api/v1/support/requests`: asks for help.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForHelp {
    pub name: DisplayName,
    /// What it is about. Kept as long as they wait, and no longer.
    #[serde(default)]
    pub matter: Option<Matter>,
    /// Base64url without padding, of 1,219 bytes.
    #[schema(value_type = String)]
    #[serde(deserialize_with = "letter")]
    pub key: RequestKey,
}

/// Answers it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct HelpAsked {
    pub id: SupportRequestId,
    /// To be shown as bearer token with each question how it stands; who does not ask for two minutes waits no longer.
    pub token: String,
}

/// Answers `GET /api/v1/support/requests/{request}`: how it stands with somebody who asked.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum HelpStanding {
    Waiting {
        /// From 1 on: who is taken first is who asked first, as far as technicians go by it.
        place: u32,
        /// Nobody waits for longer.
        until: Timestamp,
    },
    /// A technician gives them a session.
    Taken {
        session: SupportSessionId,
        /// That it takes place in.
        meeting: MeetingId,
        code: MeetingCode,
        #[schema(value_type = String)]
        sealed: SealedLink,
    },
    /// A technician turned them away: nobody helps them by this way at the moment. They may ask again.
    Declined,
}

/// Answers `GET /api/v1/support/requests`: who waits, for technicians. Who asked first is first; 50 at the most.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct HelpRequests {
    pub requests: Vec<HelpRequest>,
}

/// Somebody who waits.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct HelpRequest {
    pub id: SupportRequestId,
    /// As they typed it: nobody vouches for it.
    pub name: DisplayName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Matter>,
    pub asked_at: Timestamp,
    /// As [`AskForHelp::key`].
    #[schema(value_type = String)]
    pub key: RequestKey,
    /// A technician is about to take them.
    pub is_claimed: bool,
}

/// `POST /api/v1/support/requests/{request}/take`: the session in which they are helped.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeRequest {
    /// Of the caller, and nobody has come to it.
    pub session: SupportSessionId,
    /// To [their key](HelpRequest::key), bound to the request, the session and its meeting. Base64url without padding, 4 KiB
    /// at the most.
    #[schema(value_type = String)]
    pub sealed: SealedLink,
}

/// What is no key by its length is nothing that a link could be sealed to.
fn letter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RequestKey, D::Error> {
    let key = RequestKey::deserialize(deserializer)?;
    match key.as_bytes().len() == REQUEST_KEY_BYTES {
        true => Ok(key),
        false => Err(de::Error::custom("no key by its length")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_request_has_a_name_and_a_key_and_perhaps_a_matter() {
        let read = |value| serde_json::from_value::<AskForHelp>(value);
        let key = "A".repeat(1_626);

        assert!(read(json!({"name": "Bo", "key": key})).is_ok_and(|it| it.matter.is_none()));
        assert!(read(json!({"name": "Bo", "matter": "My mail", "key": key})).is_ok());
        for wrong in [
            json!({"name": "Bo"}),
            json!({"key": key}),
            json!({"name": "", "key": key}),
            json!({"name": "Bo", "matter": "x".repeat(201), "key": key}),
            json!({"name": "Bo", "key": ""}),
            json!({"name": "Bo", "key": "A".repeat(1_624)}),
            json!({"name": "Bo", "key": "A".repeat(1_627)}),
            json!({"name": "Bo", "key": key, "telephone": "12"}),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn how_a_request_stands_is_read_as_it_is_written() {
        let standing = HelpStanding::Taken {
            session: SupportSessionId(Uuid::from_u128(1)),
            meeting: MeetingId(Uuid::from_u128(2)),
            code: MeetingCode::from_number(123_456_789).unwrap(),
            sealed: SealedLink::new(vec![1, 2, 3]).unwrap(),
        };

        let written = serde_json::to_value(&standing).unwrap();

        assert_eq!(written["state"], "taken");
        assert_eq!(written["sealed"], "AQID");
        let read: HelpStanding = serde_json::from_value(written).unwrap();
        assert!(matches!(read, HelpStanding::Taken { .. }));
        let written = serde_json::to_value(HelpStanding::Declined).unwrap();
        assert_eq!(written, json!({"state": "declined"}));
    }
}
