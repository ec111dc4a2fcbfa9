//! Participants, by id, credential or meeting.

use conclave_protocol::meeting::{Admission, ParticipantRole};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{AccountId, MeetingId, ParticipantId, Timestamp};

use crate::engine::{row, statements};
use crate::secret::TokenHash;

/// Those of the last who went that are told so; more than can be connected to one meeting.
pub const MOST_LATELY_GONE: u32 = 2_048;

row! {
    /// Somebody in a meeting, in its lobby, or gone.
    #[derive(Clone)]
    pub struct Participant {
        pub id: ParticipantId,
        pub meeting: MeetingId,
        pub display_name: DisplayName,
        /// Signed in when they joined.
        pub account: Option<AccountId>,
        pub role: ParticipantRole,
        pub admission: Admission,
        pub joined_at: Timestamp,
        pub admitted_at: Option<Timestamp>,
        pub left_at: Option<Timestamp>,
        pub connected: bool,
        /// When `connected` last changed: the start of the grace while it is false.
        pub connection_changed_at: Timestamp,
        /// Of a co-host: made one.
        pub co_host_since: Option<Timestamp>,
        /// Came with the link, or has shown since that they know the passcode.
        pub proven: bool,
    }
}

statements! {
    optional participant(id: ParticipantId) -> Participant
        = "SELECT id, meeting, display_name, account, role, admission, joined_at, admitted_at,
                  left_at, connected, connection_changed_at, co_host_since, proven
           FROM participant WHERE id = $1";

    optional participant_by_credential(credential: TokenHash) -> Participant
        = "SELECT id, meeting, display_name, account, role, admission, joined_at, admitted_at,
                  left_at, connected, connection_changed_at, co_host_since, proven
           FROM participant WHERE credential_hash = $1";

    all participants(meeting: MeetingId) -> Participant
        = "SELECT id, meeting, display_name, account, role, admission, joined_at, admitted_at,
                  left_at, connected, connection_changed_at, co_host_since, proven
           FROM participant WHERE meeting = $1 ORDER BY joined_at, id";

    all with_a_place(meeting: MeetingId) -> Participant
        = "SELECT id, meeting, display_name, account, role, admission, joined_at, admitted_at,
                  left_at, connected, connection_changed_at, co_host_since, proven
           FROM participant WHERE meeting = $1 AND left_at IS NULL ORDER BY joined_at, id";

    all lately_gone(meeting: MeetingId, most: u32) -> Participant
        = "SELECT id, meeting, display_name, account, role, admission, joined_at, admitted_at,
                  left_at, connected, connection_changed_at, co_host_since, proven
           FROM participant WHERE meeting = $1 AND left_at IS NOT NULL
           ORDER BY left_at DESC, id DESC LIMIT $2";

    all lobby(meeting: MeetingId) -> Participant
        = "SELECT id, meeting, display_name, account, role, admission, joined_at, admitted_at,
                  left_at, connected, connection_changed_at, co_host_since, proven
           FROM participant WHERE meeting = $1 AND admission = 'waiting' ORDER BY joined_at, id";
}
