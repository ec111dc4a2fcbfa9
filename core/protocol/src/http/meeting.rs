//! Bodies of the meetings API: create, list, join, commands.

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use crate::personal::{DisplayName, EmailAddress, Secret, Title};
use crate::schedule::{Occurrence, Schedule};
use crate::{MeetingId, ParticipantId, Timestamp};

/// Nine digits that people type, shown as `123-456-789`; any spaces and dashes are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[0-9]{3}-[0-9]{3}-[0-9]{3}$", example = "123-456-789")]
pub struct MeetingCode(u32);

impl MeetingCode {
    /// How many codes there are: 10⁹.
    pub const COUNT: u32 = 1_000_000_000;

    /// `None` from 10⁹ on.
    pub fn from_number(number: u32) -> Option<Self> {
        (number < Self::COUNT).then_some(Self(number))
    }

    pub fn as_number(self) -> u32 {
        self.0
    }

    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '\u{a0}' | '\u{2011}'))
            .collect();
        let nine = digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit());
        nine.then(|| digits.parse().ok().map(Self)).flatten()
    }
}

impl std::fmt::Display for MeetingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(n) = self;
        write!(
            f,
            "{:03}-{:03}-{:03}",
            n / 1_000_000,
            n / 1_000 % 1_000,
            n % 1_000
        )
    }
}

impl Serialize for MeetingCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MeetingCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a meeting code has nine digits"))
    }
}

/// `POST /api/v1/meetings`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateMeeting {
    pub title: Title,
    /// Absent, like `schedule`: the meeting is for now. Not with a schedule, which says it.
    #[serde(default)]
    pub starts_at: Option<Timestamp>,
    /// Without those that are cancelled.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// base64url (no padding) of SHA-256(proof), 32 bytes, where
    /// proof = HKDF-SHA-256(ikm = invitation secret, salt = empty, info = "conclave/v1/invitation-proof"), 32 bytes.
    /// The secret itself (32 random bytes) stays in the link's fragment.
    pub invitation_verifier: String,
    #[serde(default)]
    pub time_outs: TimeOuts,
    #[serde(default)]
    pub entry: EntryRule,
    #[serde(default)]
    pub uninvited: Uninvited,
    /// The list of a meeting for the invited: addresses of accounts, as [`ChangeInvited`] has them. 500 at the most.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub invited: Vec<EmailAddress>,
}

/// What the organisation's server keeps of what people say and show in a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DataMode {
    /// Passes it on, and keeps nothing.
    Conduit,
    /// Keeps what a host makes with everybody's consent.
    Retain,
    /// Keeps every session.
    Archive,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeetingState {
    /// Nobody has opened it.
    Scheduled,
    /// A host is, or was, in it.
    Live,
    Ended,
}

/// Who comes straight in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryRule {
    /// Whoever has the invitation's link.
    #[default]
    Link,
    /// Hosts alone. Everybody else waits until a host admits them.
    Lobby,
    /// Whoever is signed in to an account of the organisation whose address is on the meeting's list.
    Invited,
}

/// What happens at the door of a meeting for the invited to who is not on its list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Uninvited {
    /// They wait until a host admits them.
    #[default]
    Wait,
    /// To them there is no such meeting.
    Refuse,
}

/// Why a meeting is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndCause {
    /// A host, or a co-host who leads in their stead, ended it.
    #[default]
    Host,
    /// Somebody who looks after the organisation's meetings ended it from outside.
    Administrator,
    /// Nobody was there for too long.
    Empty,
    /// Neither a host nor a co-host was there for too long.
    HostAbsent,
    /// It went on for as long as a meeting may.
    TooLong,
}

/// A meeting that ends by itself before long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ending {
    pub at: Timestamp,
    pub cause: EndCause,
    /// Within a minute.
    pub is_near: bool,
}

/// Of one meeting, in seconds. What is absent is the installation's. None is longer than the installation's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TimeOuts {
    /// The meeting ends when nobody has been there for this long.
    pub empty: Option<u32>,
    /// It ends when no host and no co-host has been there for this long.
    pub host_absent: Option<u32>,
    /// It ends after this long in any case.
    pub longest: Option<u32>,
    /// A screen is taken off when its presenter has done nothing for this long.
    pub idle_share: Option<u32>,
}

/// A meeting as its host sees it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Meeting {
    pub id: MeetingId,
    pub code: MeetingCode,
    pub title: Title,
    pub state: MeetingState,
    pub created_at: Timestamp,
    /// Of a schedule: the next that is not over, else the last.
    pub starts_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Rises by one with every command that changes the meeting.
    pub revision: u64,
    pub entry: EntryRule,
    pub uninvited: Uninvited,
    /// The first of those that follow each other with one code and one link; itself, where it is the first.
    pub series: MeetingId,
    /// Absent for a meeting for now, and one that was made with an instant alone.
    pub schedule: Option<Schedule>,
    /// Rises by one as often as what was announced is changed (RFC 5545, 3.8.7.4).
    pub sequence: u64,
    /// The next that are not over, 60 at the most.
    pub occurrences: Vec<Occurrence>,
    /// When the last of all begins.
    pub last_begins: Option<Timestamp>,
    /// How many are in its lobby. 0 but in the list of one's own.
    pub waiting: u32,
    /// How often its passcode was changed: which of those that follow from the link holds.
    #[serde(default)]
    pub passcode_number: u32,
    /// As its host has said.
    #[serde(default)]
    pub time_outs: TimeOuts,
}

/// `PUT /api/v1/meetings/{id}`: says all of it anew. The code and the link stay.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMeeting {
    /// As it was read; refused when it has changed since.
    pub sequence: u64,
    pub title: Title,
    pub schedule: Schedule,
    pub entry: EntryRule,
    pub uninvited: Uninvited,
    /// Absent: they stay as they are.
    #[serde(default)]
    pub time_outs: Option<TimeOuts>,
}

/// `POST /api/v1/meetings/{id}/cancel`: it does not take place, nor any that would follow it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelMeeting {
    /// As it was read; refused when it has changed since.
    pub sequence: u64,
}

/// `POST /api/v1/meetings/{id}/invited/add` and `/remove`: in the body, as an address is a person's.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeInvited {
    pub email: EmailAddress,
}

/// `GET /api/v1/meetings/{id}/invited`: in order of their addresses.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct InvitedList {
    pub invited: Vec<EmailAddress>,
}

/// `GET /api/v1/meetings`: the caller's own. Those that are not over first, then newest first; 100 at the most.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingList {
    pub meetings: Vec<Meeting>,
}

/// `POST /api/v1/meetings/{code}/join`. A signed-in host of the meeting needs no proof.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinMeeting {
    pub display_name: DisplayName,
    /// base64url of the invitation proof (see [`CreateMeeting::invitation_verifier`]). Absent: joins by code, through the lobby.
    #[serde(default)]
    pub invitation_proof: Option<Secret>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParticipantRole {
    Host,
    CoHost,
    Participant,
    Guest,
    /// No person: the computer of somebody who is in, which its agent brought.
    Companion,
}

/// Who may show a screen while nobody is named for it. One at a time in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    Everybody,
    /// Hosts and co-hosts.
    Hosts,
}

/// Where somebody stands between opening an invitation and being in the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// Waits in the lobby until a host admits them.
    Waiting,
    /// Waits until a host arrives, and is let in then.
    HostAbsent,
    Admitted,
    Denied,
    /// Was in, and a host put them out.
    Expelled,
    /// Was in, and left by their own act.
    Left,
}

/// Answers joining. The credential authenticates the channel, commands and tickets, and keeps the participant through a reload.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Joined {
    pub meeting: MeetingId,
    pub participant: ParticipantId,
    /// 256 secret bits as base64url, kept hashed; shown again to a request that is sent again.
    pub credential: String,
    pub role: ParticipantRole,
    pub admission: Admission,
}

/// `POST /api/v1/meetings/{id}/ticket`, with the credential as bearer token.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct JoinTicket {
    /// For LiveKit's signalling at this server's own origin; good for 60 seconds and one join.
    pub ticket: String,
    pub expires_at: Timestamp,
}

/// `POST /api/v1/meetings/{id}/lobby/admit-all`: those whom the host sees waiting, so that nobody comes in unseen who
/// knocks at the same moment.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdmitAll {
    #[schema(min_items = 1, max_items = 100)]
    pub participants: Vec<ParticipantId>,
}

/// Answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdmittedAll {
    /// The meeting's revision after the command.
    pub revision: u64,
    /// Those who waited still, and are in.
    pub participants: Vec<ParticipantId>,
}

/// Answers a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommandDone {
    /// The meeting's revision after the command.
    pub revision: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_people_type_it() {
        let code = MeetingCode::parse("012 345-678").unwrap();

        assert_eq!(code.to_string(), "012-345-678");
        assert_eq!(MeetingCode::parse("12-345-678"), None);
        assert_eq!(MeetingCode::parse("012-345-67a"), None);
    }
}
