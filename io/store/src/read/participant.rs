//! Participants, by id, credential or meeting.

use conclave_protocol::meeting::{Admission, ParticipantRole};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{AccountId, MeetingId, ParticipantId, Timestamp};

use crate::engine::{row, statements};
use crate::secret::TokenHash;

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
    }
}

statements! {
    optional participant(id: ParticipantId) -> Participant
        = "SELECT id, meeting, display_name, account, role, admission, joined_at, admitted_at,
                  left_at, connected, connection_changed_at
           FROM participant WHERE id = $1";

    optional participant_by_credential(credential: TokenHash) -> Participant
        = "SELECT id, meeting, display_name, account, role, admission, joined_at, admitted_at,
                  left_at, connected, connection_changed_at
           FROM participant WHERE credential_hash = $1";

    all participants(meeting: MeetingId) -> Participant
        = "SELECT id, meeting, display_name, account, role, admission, joined_at, admitted_at,
                  left_at, connected, connection_changed_at
           FROM participant WHERE meeting = $1 ORDER BY joined_at, id";

    all lobby(meeting: MeetingId) -> Participant
        = "SELECT id, meeting, display_name, account, role, admission, joined_at, admitted_at,
                  left_at, connected, connection_changed_at
           FROM participant WHERE meeting = $1 AND admission = 'waiting' ORDER BY joined_at, id";
}
