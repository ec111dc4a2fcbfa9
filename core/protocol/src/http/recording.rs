//! Bodies about recordings of support sessions, which are sealed before they come here.

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::personal::{DisplayName, Label, Words};
use crate::vault::Unread;
use crate::{OrganisationId, SupportDeviceId, SupportSessionId, Timestamp};

/// The public part of a recording key: X-Wing's.
pub type PublicKey = Unread<1_216>;
/// What is said of all pieces.
pub type Manifest = Unread<64>;
/// Holds a recording's own key, sealed.
pub type Header = Unread<2_048>;
/// What somebody who was helped thinks of it, sealed as the recording is.
pub type SealedFeedback = Unread<8_448>;

/// Who keeps the private part of a recording key: 1 to 20, each with a name.
#[derive(Clone, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Vec<String>)]
pub struct Custodians(Vec<DisplayName>);

/// `POST /api/v1/support/recordings/keys`: what sessions are sealed to from here on.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeRecordingKey {
    /// Base64url without padding, of 1,216 bytes.
    #[schema(value_type = String)]
    pub public: PublicKey,
    pub custodians: Custodians,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct RecordingKey {
    pub id: Uuid,
    /// SHA-256 of the public part, in hexadecimal.
    pub fingerprint: String,
    pub custodians: Custodians,
    pub made_by_name: DisplayName,
    pub made_at: Timestamp,
}

/// `PUT /api/v1/support/recordings/retention`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRetention {
    /// 1 to 7,300. Of recordings that end from here on.
    pub days: u16,
}

/// Answers `GET /api/v1/support/recordings`: newest first.
#[derive(Clone, Serialize, ToSchema)]
pub struct RecordingList {
    /// Newest first: the first is in force.
    pub keys: Vec<RecordingKey>,
    pub days: u16,
    /// That are kept, and that may be.
    pub bytes: u64,
    pub most_bytes: u64,
    /// Of all that are not deleted, on whatever page, what nobody has acknowledged.
    pub incomplete: u32,
    pub damaged: u32,
    pub without_feedback: u32,
    /// Where anything was ever recorded while nobody sat there, by name; 500 at the most.
    pub devices: Vec<RecordedDevice>,
    /// Those that were asked for.
    pub recordings: Vec<Recording>,
    /// The last one of this page, where another follows.
    pub next: Option<Uuid>,
}

/// A computer that is helped when nobody is there. It may have been taken out since.
#[derive(Clone, Serialize, ToSchema)]
pub struct RecordedDevice {
    pub id: SupportDeviceId,
    pub name: Label,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct Recording {
    pub id: Uuid,
    pub session: SupportSessionId,
    pub technician_name: DisplayName,
    /// Where nobody sat there.
    pub device: Option<RecordedDevice>,
    /// That it is sealed to.
    pub key: Uuid,
    pub begun_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub bytes: u64,
    pub state: RecordingState,
    pub feedback: RecordedFeedback,
    /// When it is deleted.
    pub keep_until: Option<Timestamp>,
    /// What lacks of it.
    pub troubles: Vec<RecordingTrouble>,
    /// Of these, what somebody has seen.
    pub acknowledged: Vec<RecordingAcknowledgement>,
}

/// What lacks of a recording that is not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordingTrouble {
    /// Something of it never came.
    Incomplete,
    /// What is kept of it is not what came.
    Damaged,
    /// Whether anybody said what they think of the session never came.
    WithoutFeedback,
}

impl RecordingTrouble {
    pub const ALL: [Self; 3] = [Self::Incomplete, Self::Damaged, Self::WithoutFeedback];

    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::Damaged => "damaged",
            Self::WithoutFeedback => "without_feedback",
        }
    }
}

/// `POST /api/v1/support/recordings/{recording}/acknowledgement`: what somebody has seen, and why it may be left so.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeRecording {
    pub trouble: RecordingTrouble,
    /// Kept sealed, for who may see the list.
    pub reason: Words,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct RecordingAcknowledgement {
    pub trouble: RecordingTrouble,
    pub at: Timestamp,
    pub by_name: DisplayName,
    /// Absent where it does not open any more.
    pub reason: Option<Words>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordingState {
    /// It is being made.
    Open,
    Whole,
    /// Something of it never came.
    Incomplete,
    /// What is kept of it is not what came.
    Damaged,
    /// Its pieces are gone.
    Deleted,
}

/// What there is of the feedback on a session, with the recording that it ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordedFeedback {
    /// It is with another recording of the session, or was never sealed.
    Elsewhere,
    /// It may still come.
    Awaited,
    /// Sealed: that somebody said nothing, too.
    Kept,
    /// It never came.
    Missing,
}

/// `POST /api/v1/support/recordings/{recording}/plays`: why somebody wants to see it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlayRecording {
    pub reason: Words,
}

/// What is needed to see a recording, but for the key, which the server does not have.
#[derive(Clone, Serialize, ToSchema)]
pub struct RecordingPlay {
    /// By which its pieces are got, for twelve hours.
    pub id: Uuid,
    pub recording: Uuid,
    pub organisation: OrganisationId,
    pub session: SupportSessionId,
    /// Of the key that it is sealed to.
    pub fingerprint: String,
    /// Base64url without padding; absent where nothing ever came.
    #[schema(value_type = Option<String>)]
    pub header: Option<Header>,
    /// Absent from one that is not whole.
    #[schema(value_type = Option<String>)]
    pub manifest: Option<Manifest>,
    /// Base64url without padding; absent where none came.
    #[schema(value_type = Option<String>)]
    pub feedback: Option<SealedFeedback>,
    /// Pieces behind the header, numbered from 1.
    pub chunks: u32,
    pub state: RecordingState,
}

/// Answers `POST /api/v1/meetings/{id}/support/recordings`: what the agent seals to.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct RecordingBegun {
    pub recording: Uuid,
    pub organisation: OrganisationId,
    pub session: SupportSessionId,
    #[schema(value_type = String)]
    pub public: PublicKey,
}

/// Answers `PUT /api/v1/meetings/{id}/support/recordings/{recording}/{number}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PieceKept {
    /// The number that is wanted next.
    pub next: u32,
}

/// `POST /api/v1/meetings/{id}/support/recordings/{recording}/end`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndRecording {
    /// Says how many pieces there are behind the header, and which.
    #[schema(value_type = String)]
    pub manifest: Manifest,
}

/// `POST /api/v1/meetings/{id}/support/recordings/{recording}/feedback`, with the agent's credential as bearer token.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepFeedback {
    /// Base64url without padding, of 8,448 bytes at the most.
    #[schema(value_type = String)]
    pub sealed: SealedFeedback,
}

impl Custodians {
    /// `None` for none, and for more than 20.
    pub fn new(names: Vec<DisplayName>) -> Option<Self> {
        (1..=20).contains(&names.len()).then_some(Self(names))
    }
}

impl<'de> Deserialize<'de> for Custodians {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::deserialize(deserializer)?;
        Self::new(names).ok_or(de::Error::custom("1 to 20 people keep a key"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_crosses_the_wire_under_its_name() {
        for trouble in RecordingTrouble::ALL {
            assert_eq!(serde_json::to_value(trouble).unwrap(), trouble.code());
        }
    }

    #[test]
    fn somebody_keeps_a_key_and_not_everybody() {
        let read = |names: &[&str]| {
            let text = serde_json::to_string(names).unwrap();
            serde_json::from_str::<Custodians>(&text)
        };

        assert!(read(&["Amy", "Bo"]).is_ok());
        assert!(read(&[]).is_err() && read(&["Amy"; 21]).is_err());
        assert!(read(&[""]).is_err());
    }
}
