//! Bodies of the administration of meetings that go on: numbers and staff, never what a meeting is about.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::meeting::ParticipantRole;
use crate::meeting_session::MediaFlow;
use crate::personal::DisplayName;
use crate::{MeetingId, ParticipantId, Timestamp};

/// `GET /api/v1/admin/meetings`: the organisation's that go on, oldest first, 100 at the most.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct LiveMeetingList {
    pub meetings: Vec<LiveMeeting>,
    /// Uses of emergency access that are open, of the whole organisation.
    #[serde(default)]
    pub open_emergencies: u32,
}

/// A meeting as who looks after it sees it. Titles and guests' names may be patients', and are not told.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct LiveMeeting {
    pub id: MeetingId,
    /// The name of the account that made it.
    pub host: DisplayName,
    pub started_at: Timestamp,
    /// In the meeting and connected.
    pub people: u64,
    /// In its lobby and connected.
    pub waiting: u64,
    pub locked: bool,
    /// Somebody is helped with their computer in it.
    pub is_support: bool,
}

/// `GET /api/v1/admin/meetings/{id}/participants`: who is in, longest there first.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct LivePeople {
    pub people: Vec<LivePerson>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct LivePerson {
    pub participant: ParticipantId,
    pub role: ParticipantRole,
    /// Of who has an account of the organisation; absent for everybody else.
    pub account: Option<DisplayName>,
    pub admitted_at: Timestamp,
    pub connected: bool,
    /// What they sent in this minute and the one before; absent where nothing was.
    pub sent: Option<MediaFlow>,
    pub received: Option<MediaFlow>,
    /// Came in by emergency access.
    #[serde(default)]
    pub by_emergency: bool,
}
