//! What an organisation's reports rest on: how its accounts stand, how its meetings did, what its log says of a time.

use std::time::Duration;

use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::personal::{DisplayName, EmailAddress};
use conclave_protocol::{AccountId, MeetingId, OrganisationId, Timestamp};
use uuid::{Builder, Uuid};

use crate::engine::{row, statements};

/// Rows of one report at the most. A longer one is cut, and says so.
pub const MOST_ROWS: u32 = 10_000;
/// Entries of the log that are looked through for one answer.
pub const MOST_SEARCHED: u32 = 50_000;
/// Of these, so many at a time.
pub(crate) const ENTRIES_AT_A_TIME: u32 = 2_000;

row! {
    /// How an account stands, and what it signs in with.
    #[derive(Clone)]
    pub struct AccountStanding {
        pub id: AccountId,
        pub display_name: DisplayName,
        pub email: EmailAddress,
        pub role: AccountRole,
        pub state: AccountState,
        pub created_at: Timestamp,
        /// When its holder last proved who they are; absent where that was before it was kept, or never.
        pub last_sign_in_at: Option<Timestamp>,
        pub has_password: bool,
        pub totp: bool,
        pub passkeys: u64,
        pub single_sign_on: bool,
    }
}

row! {
    /// How the media of a meeting's participants did, all together.
    #[derive(Clone)]
    pub struct MeetingQuality {
        pub id: MeetingId,
        pub host_name: DisplayName,
        pub started_at: Timestamp,
        pub packets: u64,
        pub bytes: u64,
        pub lost: u64,
        /// The worst, as the round trip.
        pub jitter: Duration,
        pub round_trip: Option<Duration>,
    }
}

row! {
    pub(crate) struct LoggedEntry {
        pub(crate) id: Uuid,
        pub(crate) position: i64,
        pub(crate) bytes: Vec<u8>,
    }
}

/// The least id that an entry of this instant can have: they are UUIDv7, which sort by time.
pub(crate) fn least_id(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.as_micros().div_euclid(1_000)).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

statements! {
    all standings(organisation: OrganisationId, most: u32) -> AccountStanding
        = "SELECT a.id AS id, a.display_name AS display_name, a.email AS email, a.role AS role,
                  a.state AS state, a.created_at AS created_at, a.last_sign_in_at AS last_sign_in_at,
                  a.password IS NOT NULL AS has_password,
                  EXISTS (SELECT 1 FROM account_totp t WHERE t.account = a.id) AS totp,
                  (SELECT COUNT(*) FROM passkey k WHERE k.account = a.id) AS passkeys,
                  EXISTS (SELECT 1 FROM federated_identity f WHERE f.account = a.id) AS single_sign_on
           FROM account a WHERE a.organisation = $1 AND a.state <> 'removed'
           ORDER BY a.created_at, a.id LIMIT $2";

    all qualities(
        organisation: OrganisationId, from: Timestamp, to: Timestamp, most: u32,
    ) -> MeetingQuality
        = "SELECT m.id AS id, a.display_name AS host_name, m.started_at AS started_at,
                  CAST(SUM(t.packets) AS BIGINT) AS packets, CAST(SUM(t.bytes) AS BIGINT) AS bytes,
                  CAST(SUM(t.lost) AS BIGINT) AS lost, MAX(t.jitter) AS jitter,
                  MAX(COALESCE(t.round_trip, q.round_trip)) AS round_trip
           FROM meeting m JOIN account a ON a.id = m.host
             JOIN participant p ON p.meeting = m.id
             JOIN quality_session q ON q.participant = p.id
             JOIN quality_track t ON t.participant = q.participant AND t.session = q.sid
           WHERE m.organisation = $1 AND m.started_at >= $2 AND m.started_at < $3
           GROUP BY m.id, a.display_name, m.started_at
           ORDER BY m.started_at DESC, m.id DESC LIMIT $4";

    all logged(log: OrganisationId, after: Uuid, before: Uuid, most: u32) -> LoggedEntry
        = "SELECT id, position, bytes FROM audit_outbox
           WHERE log = $1 AND id >= $2 AND id < $3 ORDER BY id LIMIT $4";

    all logged_back(log: OrganisationId, from: Uuid, before: Uuid, most: u32) -> LoggedEntry
        = "SELECT id, position, bytes FROM audit_outbox
           WHERE log = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4";

    all logged_of_none(after: Uuid, before: Uuid, most: u32) -> LoggedEntry
        = "SELECT id, position, bytes FROM audit_outbox
           WHERE log IS NULL AND id >= $1 AND id < $2 ORDER BY id LIMIT $3";
}
