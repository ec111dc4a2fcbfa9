//! Meetings that go on or took place, as the organisation's records have them: who hosted, who was in, how they ended.

use conclave_protocol::meeting::{Admission, EndCause, MeetingState, ParticipantRole};
use conclave_protocol::meeting_session::ClientKind;
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{
    AccountGroupId, AccountId, MeetingId, OrganisationId, ParticipantId, Timestamp,
};
use uuid::Uuid;

use crate::engine::{Link, row, statements};

/// Of an organisation's meetings, those that began from `from` on and before `to`; what is absent does not narrow.
#[derive(Clone, Copy)]
pub struct Search {
    pub organisation: OrganisationId,
    pub from: Timestamp,
    pub to: Timestamp,
    /// The account that made it.
    pub host: Option<AccountId>,
    /// One that its host is in.
    pub group: Option<AccountGroupId>,
    /// Somebody came with this.
    pub client: Option<ClientKind>,
    pub state: Option<MeetingState>,
    pub cause: Option<EndCause>,
    /// Before this one in the list.
    pub before: Option<(Timestamp, MeetingId)>,
    pub most: u32,
}

row! {
    /// One of them. What it was about is not here.
    #[derive(Clone)]
    pub struct MeetingSession {
        pub id: MeetingId,
        pub host: AccountId,
        pub host_name: DisplayName,
        pub state: MeetingState,
        pub started_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub ended_because: Option<EndCause>,
        /// Who was let in at any time, and those of them without an account.
        pub people: u64,
        pub guests: u64,
        /// Somebody was helped with their computer in it.
        pub is_support: bool,
    }
}

row! {
    /// Somebody who was let in.
    #[derive(Clone)]
    pub struct Attendance {
        pub participant: ParticipantId,
        /// Of who has an account of the organisation.
        pub account: Option<AccountId>,
        pub account_name: Option<DisplayName>,
        pub role: ParticipantRole,
        pub admission: Admission,
        pub client: Option<ClientKind>,
        pub joined_at: Timestamp,
        pub admitted_at: Timestamp,
        pub left_at: Option<Timestamp>,
        pub connected: bool,
        pub connection_changed_at: Timestamp,
    }
}

/// The longest page.
pub const MOST_SESSIONS: u32 = 200;
/// Of one meeting, so many who were in are told, those first who came first.
pub const MOST_ATTENDANCES: u32 = 2_000;

/// The latest first.
pub(crate) async fn search(
    link: &mut Link<'_>,
    search: Search,
) -> Result<Vec<MeetingSession>, sqlx::Error> {
    let last = (search.to, MeetingId(Uuid::max()));
    let (before, before_id) = search.before.unwrap_or(last);
    found(
        link,
        search.organisation,
        search.from,
        search.to,
        search.host,
        search.group,
        search.client,
        search.state,
        search.cause,
        before,
        before_id,
        search.most,
    )
    .await
}

statements! {
    all found(
        organisation: OrganisationId, from: Timestamp, to: Timestamp, host: Option<AccountId>,
        group: Option<AccountGroupId>, client: Option<ClientKind>, state: Option<MeetingState>,
        cause: Option<EndCause>, before: Timestamp, before_id: MeetingId, most: u32,
    ) -> MeetingSession
        = "SELECT m.id AS id, m.host AS host, a.display_name AS host_name, m.state AS state,
                  m.started_at AS started_at, m.ended_at AS ended_at, m.ended_because AS ended_because,
                  (SELECT COUNT(*) FROM participant p
                   WHERE p.meeting = m.id AND p.admitted_at IS NOT NULL
                     AND p.role <> 'companion') AS people,
                  (SELECT COUNT(*) FROM participant p
                   WHERE p.meeting = m.id AND p.admitted_at IS NOT NULL AND p.account IS NULL
                     AND p.role <> 'companion') AS guests,
                  EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = m.id) AS is_support
           FROM meeting m JOIN account a ON a.id = m.host
           WHERE m.organisation = $1 AND m.started_at >= $2 AND m.started_at < $3
             AND (m.host = $4 OR $4 IS NULL)
             AND (m.host IN (SELECT g.account FROM account_group_member g WHERE g.account_group = $5)
                  OR $5 IS NULL)
             AND (m.id IN (SELECT p.meeting FROM participant p
                           WHERE p.client = $6 AND p.meeting = m.id AND p.admitted_at IS NOT NULL)
                  OR $6 IS NULL)
             AND (m.state = $7 OR $7 IS NULL)
             AND (m.ended_because = $8 OR $8 IS NULL)
             AND (m.started_at < $9 OR (m.started_at = $9 AND m.id < $10))
           ORDER BY m.started_at DESC, m.id DESC LIMIT $11";

    optional one(id: MeetingId) -> MeetingSession
        = "SELECT m.id AS id, m.host AS host, a.display_name AS host_name, m.state AS state,
                  m.started_at AS started_at, m.ended_at AS ended_at, m.ended_because AS ended_because,
                  (SELECT COUNT(*) FROM participant p
                   WHERE p.meeting = m.id AND p.admitted_at IS NOT NULL
                     AND p.role <> 'companion') AS people,
                  (SELECT COUNT(*) FROM participant p
                   WHERE p.meeting = m.id AND p.admitted_at IS NOT NULL AND p.account IS NULL
                     AND p.role <> 'companion') AS guests,
                  EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = m.id) AS is_support
           FROM meeting m JOIN account a ON a.id = m.host
           WHERE m.id = $1 AND m.started_at IS NOT NULL";

    all attendances(meeting: MeetingId, organisation: OrganisationId, most: u32) -> Attendance
        = "SELECT p.id AS participant, a.id AS account, a.display_name AS account_name, p.role AS role,
                  p.admission AS admission, p.client AS client, p.joined_at AS joined_at,
                  p.admitted_at AS admitted_at, p.left_at AS left_at, p.connected AS connected,
                  p.connection_changed_at AS connection_changed_at
           FROM participant p LEFT JOIN account a ON a.id = p.account AND a.organisation = $2
           WHERE p.meeting = $1 AND p.admitted_at IS NOT NULL
           ORDER BY p.admitted_at, p.id LIMIT $3";
}
