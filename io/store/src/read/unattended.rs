//! Computers that are helped when nobody is there, and who may.

use conclave_protocol::personal::{DisplayName, Label};
use conclave_protocol::{
    AccountId, MeetingId, OrganisationId, SupportDeviceId, SupportSessionId, Timestamp,
};

use crate::engine::{row, statements};
use crate::secret::TokenHash;

row! {
    /// A computer.
    #[derive(Clone)]
    pub struct Computer {
        pub id: SupportDeviceId,
        pub organisation: OrganisationId,
        pub name: Label,
        pub signing_key: [u8; 32],
        pub sealing_key: Vec<u8>,
        pub enrolled_by_name: DisplayName,
        pub enrolled_at: Timestamp,
        /// `None` for one that was enrolled before there were ends.
        pub ends_at: Option<Timestamp>,
        pub revoked_at: Option<Timestamp>,
    }
}

row! {
    /// Somebody who may help at one.
    #[derive(Clone)]
    pub struct Grant {
        pub device: SupportDeviceId,
        pub account: AccountId,
        pub display_name: DisplayName,
        pub granted_at: Timestamp,
    }
}

row! {
    /// A session at one, and the meeting that it takes place in.
    #[derive(Clone, Copy)]
    pub struct Unattended {
        pub session: SupportSessionId,
        pub meeting: MeetingId,
        pub device: SupportDeviceId,
    }
}

/// The longest list of grants: all of all computers.
pub const MOST_GRANTS_LISTED: u32 = 25_000;

statements! {
    optional enrolment(token: TokenHash, now: Timestamp) -> (OrganisationId,)
        = "SELECT organisation FROM support_enrolment WHERE token = $1 AND expires_at > $2";

    optional computer(id: SupportDeviceId) -> Computer
        = "SELECT d.id AS id, d.organisation AS organisation, d.name AS name, d.signing_key AS signing_key,
             d.sealing_key AS sealing_key, a.display_name AS enrolled_by_name,
             d.enrolled_at AS enrolled_at, d.ends_at AS ends_at, d.revoked_at AS revoked_at
           FROM support_device d JOIN account a ON a.id = d.enrolled_by WHERE d.id = $1";

    all computers(organisation: OrganisationId, most: u32) -> Computer
        = "SELECT d.id AS id, d.organisation AS organisation, d.name AS name, d.signing_key AS signing_key,
             d.sealing_key AS sealing_key, a.display_name AS enrolled_by_name,
             d.enrolled_at AS enrolled_at, d.ends_at AS ends_at, d.revoked_at AS revoked_at
           FROM support_device d JOIN account a ON a.id = d.enrolled_by
           WHERE d.organisation = $1 AND d.revoked_at IS NULL ORDER BY d.name, d.id LIMIT $2";

    all computers_of(account: AccountId, now: Timestamp, most: u32) -> Computer
        = "SELECT d.id AS id, d.organisation AS organisation, d.name AS name, d.signing_key AS signing_key,
             d.sealing_key AS sealing_key, a.display_name AS enrolled_by_name,
             d.enrolled_at AS enrolled_at, d.ends_at AS ends_at, d.revoked_at AS revoked_at
           FROM support_grant g JOIN support_device d ON d.id = g.device
             JOIN account a ON a.id = d.enrolled_by
           WHERE g.account = $1 AND d.revoked_at IS NULL AND (d.ends_at IS NULL OR d.ends_at > $2)
           ORDER BY d.name, d.id LIMIT $3";

    all grants(organisation: OrganisationId, most: u32) -> Grant
        = "SELECT g.device AS device, g.account AS account, a.display_name AS display_name,
             g.granted_at AS granted_at
           FROM support_grant g JOIN support_device d ON d.id = g.device
             JOIN account a ON a.id = g.account
           WHERE d.organisation = $1 AND d.revoked_at IS NULL
           ORDER BY g.device, a.display_name, g.account LIMIT $2";

    optional granted(device: SupportDeviceId, account: AccountId) -> (Timestamp, Option<Timestamp>)
        = "SELECT g.granted_at, d.ends_at FROM support_grant g JOIN support_device d ON d.id = g.device
           WHERE g.device = $1 AND g.account = $2 AND d.revoked_at IS NULL";

    optional of_session(session: SupportSessionId) -> Unattended
        = "SELECT u.session AS session, s.meeting AS meeting, u.device AS device
           FROM support_unattended u JOIN support_session s ON s.id = u.session WHERE u.session = $1";

    optional of_meeting(meeting: MeetingId) -> Unattended
        = "SELECT u.session AS session, s.meeting AS meeting, u.device AS device
           FROM support_unattended u JOIN support_session s ON s.id = u.session WHERE s.meeting = $1";

    all running_at(device: SupportDeviceId) -> Unattended
        = "SELECT u.session AS session, s.meeting AS meeting, u.device AS device
           FROM support_unattended u JOIN support_session s ON s.id = u.session
           WHERE u.device = $1 AND s.ended_at IS NULL ORDER BY s.id";

    // In no order: in that of their ids SQLite reads every session that ever was, and pages ask this again and again.
    all helped(organisation: OrganisationId) -> Unattended
        = "SELECT u.session AS session, s.meeting AS meeting, u.device AS device
           FROM support_session s JOIN support_unattended u ON u.session = s.id
           WHERE s.ended_at IS NULL AND s.customer IS NOT NULL AND s.organisation = $1";

    // As above.
    all past_their_end(now: Timestamp) -> Unattended
        = "SELECT u.session AS session, s.meeting AS meeting, u.device AS device
           FROM support_session s JOIN support_unattended u ON u.session = s.id
             JOIN support_device d ON d.id = u.device
           WHERE s.ended_at IS NULL AND d.ends_at <= $1";

    all ended(now: Timestamp) -> (SupportDeviceId,)
        = "SELECT id FROM support_device WHERE revoked_at IS NULL AND ends_at <= $1";

    optional next_end(now: Timestamp) -> (Timestamp,)
        = "SELECT ends_at FROM support_device WHERE revoked_at IS NULL AND ends_at > $1
           ORDER BY ends_at LIMIT 1";

    all running_of(device: SupportDeviceId, account: AccountId) -> Unattended
        = "SELECT u.session AS session, s.meeting AS meeting, u.device AS device
           FROM support_unattended u JOIN support_session s ON s.id = u.session
           WHERE u.device = $1 AND s.technician = $2 AND s.ended_at IS NULL ORDER BY s.id";
}
