//! Meetings as who looks after them sees them: numbers and staff.

use conclave_protocol::personal::DisplayName;
use conclave_protocol::{MeetingId, OrganisationId, ParticipantId, Timestamp};

use crate::engine::{row, statements};

row! {
    /// A meeting that goes on.
    pub struct LiveMeeting {
        pub id: MeetingId,
        /// The name of the account that made it.
        pub host: DisplayName,
        pub started_at: Timestamp,
        pub locked: bool,
        /// In it and connected.
        pub people: u64,
        /// In its lobby and connected.
        pub waiting: u64,
        /// A remote support session takes place in it.
        pub is_support: bool,
    }
}

row! {
    /// Somebody in a meeting with an account of its organisation.
    pub struct StaffMember {
        pub participant: ParticipantId,
        pub display_name: DisplayName,
    }
}

statements! {
    all live_meetings(organisation: OrganisationId, most: u32) -> LiveMeeting
        = "SELECT m.id AS id, a.display_name AS host, m.started_at AS started_at, m.locked AS locked,
                  (SELECT COUNT(*) FROM participant p
                   WHERE p.meeting = m.id AND p.left_at IS NULL AND p.connected
                     AND p.admission = 'admitted' AND p.role <> 'companion') AS people,
                  (SELECT COUNT(*) FROM participant p
                   WHERE p.meeting = m.id AND p.left_at IS NULL AND p.connected
                     AND p.admission = 'waiting') AS waiting,
                  EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = m.id) AS is_support
           FROM meeting m JOIN account a ON a.id = m.host
           WHERE m.organisation = $1 AND m.state = 'live'
           ORDER BY m.started_at, m.id LIMIT $2";

    all staff(meeting: MeetingId, organisation: OrganisationId) -> StaffMember
        = "SELECT p.id AS participant, a.display_name AS display_name
           FROM participant p JOIN account a ON a.id = p.account
           WHERE p.meeting = $1 AND p.left_at IS NULL AND a.organisation = $2
             AND p.role <> 'companion'
           ORDER BY p.joined_at, p.id";
}
