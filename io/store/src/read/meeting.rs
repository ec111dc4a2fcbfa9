//! Meetings, by id, code or host.

use conclave_protocol::meeting::{MeetingCode, MeetingState, Sharing};
use conclave_protocol::personal::Title;
use conclave_protocol::{AccountId, MeetingId, OrganisationId, ParticipantId, Timestamp};

use crate::engine::{row, statements};

/// The longest list of a host's meetings.
pub const MOST_LISTED: u32 = 100;

row! {
    /// One meeting.
    #[derive(Clone)]
    pub struct Meeting {
        pub id: MeetingId,
        pub organisation: OrganisationId,
        pub host: AccountId,
        pub code: MeetingCode,
        pub title: Title,
        pub state: MeetingState,
        pub revision: u64,
        /// SHA-256 of the invitation proof.
        pub invitation_verifier: [u8; 32],
        pub created_at: Timestamp,
        pub starts_at: Option<Timestamp>,
        pub started_at: Option<Timestamp>,
        pub ended_at: Option<Timestamp>,
        /// Whoever holds the invitation's link comes straight in.
        pub link_admits: bool,
        /// Nobody new comes in.
        pub locked: bool,
        pub sharing: Sharing,
        /// Handed the screen; they may be gone.
        pub presenter: Option<ParticipantId>,
    }
}

statements! {
    optional meeting(id: MeetingId) -> Meeting
        = "SELECT id, organisation, host, code, title, state, revision, invitation_verifier,
                  created_at, starts_at, started_at, ended_at, link_admits, locked, sharing, presenter
           FROM meeting WHERE id = $1";

    optional meeting_by_code(code: MeetingCode) -> Meeting
        = "SELECT id, organisation, host, code, title, state, revision, invitation_verifier,
                  created_at, starts_at, started_at, ended_at, link_admits, locked, sharing, presenter
           FROM meeting WHERE code = $1 AND state <> 'ended'";

    all meetings_of(host: AccountId, most: u32) -> Meeting
        = "SELECT id, organisation, host, code, title, state, revision, invitation_verifier,
                  created_at, starts_at, started_at, ended_at, link_admits, locked, sharing, presenter
           FROM meeting WHERE host = $1 ORDER BY created_at DESC, id DESC LIMIT $2";

    all live_meetings() -> Meeting
        = "SELECT id, organisation, host, code, title, state, revision, invitation_verifier,
                  created_at, starts_at, started_at, ended_at, link_admits, locked, sharing, presenter
           FROM meeting WHERE state = 'live' ORDER BY id";
}
