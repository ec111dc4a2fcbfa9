//! Bodies of the records of meetings: which took place, who was in, how their media did. Titles and guests' names may be
//! patients', and are not told.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::meeting::{Admission, EndCause, ParticipantRole};
use crate::personal::DisplayName;
use crate::{AccountId, MeetingId, ParticipantId, Timestamp};

/// What somebody came with, in their program's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    Chrome,
    Edge,
    Firefox,
    Safari,
    OtherBrowser,
    /// No browser: an application, or a program of an SDK.
    Program,
}

/// How a meeting stands, or why it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionOutcome {
    /// It goes on.
    Live,
    Host,
    Administrator,
    Empty,
    HostAbsent,
    TooLong,
    /// It is over, for a reason that was not kept; in a search, for any.
    Ended,
}

/// `GET /api/v1/admin/sessions`: the latest first.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingSessionList {
    pub sessions: Vec<MeetingSession>,
    /// The next page is before this one; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<MeetingId>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingSession {
    pub id: MeetingId,
    /// The account that made it.
    pub host: AccountId,
    pub host_name: DisplayName,
    pub outcome: SessionOutcome,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Who was let in at any time.
    pub people: u64,
    /// Those of them without an account.
    pub guests: u64,
    /// Somebody was helped with their computer in it.
    pub is_support: bool,
}

/// `GET /api/v1/admin/sessions/{id}`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingSessionDetail {
    pub session: MeetingSession,
    /// Whoever came first first, 2,000 at the most.
    pub people: Vec<Attendee>,
    /// Oldest first, 1,000 at the most.
    pub timeline: Vec<Moment>,
    /// There is more than the timeline tells.
    pub timeline_is_cut: bool,
}

/// Somebody who was let in.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Attendee {
    pub participant: ParticipantId,
    /// Of who has an account of the organisation; absent for guests, as the name.
    pub account: Option<AccountId>,
    pub name: Option<DisplayName>,
    pub role: ParticipantRole,
    /// How they stand: still in, left, or put out.
    pub admission: Admission,
    /// Absent where that was before it was kept.
    pub client: Option<ClientKind>,
    pub admitted_at: Timestamp,
    /// Until then they were in; absent while they are.
    pub left_at: Option<Timestamp>,
    pub connected: bool,
    /// What they sent; absent where nothing was measured.
    pub sent: Option<MediaFlow>,
    pub received: Option<MediaFlow>,
}

/// How somebody's media did in one direction, all streams together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MediaFlow {
    pub packets: u64,
    pub lost: u64,
    /// The worst, in microseconds; so the round trip.
    pub jitter: u64,
    pub round_trip: Option<u64>,
    pub bits_per_second: u64,
}

/// One entry of the organisation's log about a meeting.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Moment {
    /// The entry's own id, by which the log's page finds it.
    pub entry: Uuid,
    pub at: Timestamp,
    /// As in the catalogue of events: `meeting.admit`.
    pub event: String,
    /// `done`, `failed` or `refused`.
    pub outcome: String,
    pub reason: Option<String>,
    /// Whom it concerned.
    pub participant: Option<ParticipantId>,
    /// Who did it, where a participant or an account did.
    pub by_participant: Option<ParticipantId>,
    pub by_account: Option<DisplayName>,
}

/// `GET /api/v1/admin/sessions/{id}/participants/{participant}/quality`: minute by minute, oldest first, for 30 days.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct ParticipantQuality {
    pub intervals: Vec<StreamInterval>,
    /// There are more than the 5,000 that are told.
    pub is_cut: bool,
}

/// How one stream did in one minute.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct StreamInterval {
    pub begins_at: Timestamp,
    /// The media router's name of the stream.
    pub stream: String,
    /// Whether the participant sent it; else they received it.
    pub sent: bool,
    /// `audio` or `video`.
    pub kind: String,
    pub flow: MediaFlow,
}

impl From<EndCause> for SessionOutcome {
    fn from(cause: EndCause) -> Self {
        match cause {
            EndCause::Host => Self::Host,
            EndCause::Administrator => Self::Administrator,
            EndCause::Empty => Self::Empty,
            EndCause::HostAbsent => Self::HostAbsent,
            EndCause::TooLong => Self::TooLong,
        }
    }
}

impl SessionOutcome {
    /// The cause that it stands for.
    pub fn cause(self) -> Option<EndCause> {
        match self {
            Self::Live | Self::Ended => None,
            Self::Host => Some(EndCause::Host),
            Self::Administrator => Some(EndCause::Administrator),
            Self::Empty => Some(EndCause::Empty),
            Self::HostAbsent => Some(EndCause::HostAbsent),
            Self::TooLong => Some(EndCause::TooLong),
        }
    }
}
