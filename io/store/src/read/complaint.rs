//! Complaints and requests about privacy.

use conclave_protocol::complaint::{ComplaintKind, ComplaintOutcome};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{OrganisationId, Timestamp};
use uuid::Uuid;

use crate::engine::{row, statements};

/// The longest list.
pub const MOST_LISTED: u32 = 200;
/// Of one organisation: one a day for as long as anybody keeps them.
pub const MOST_KEPT: u32 = 10_000;

row! {
    /// One of them, without what was said of it.
    pub struct Complaint {
        pub id: Uuid,
        pub kind: ComplaintKind,
        pub received_at: Timestamp,
        pub entered_at: Timestamp,
        pub entered_by_name: DisplayName,
        pub outcome: Option<ComplaintOutcome>,
        pub closed_at: Option<Timestamp>,
        pub closed_by_name: Option<DisplayName>,
    }
}

row! {
    /// What was said of one, sealed.
    pub struct SealedComplaint {
        pub words: Vec<u8>,
        pub note: Option<Vec<u8>>,
    }
}

statements! {
    all complaints(organisation: OrganisationId, most: u32) -> Complaint
        = "SELECT c.id AS id, c.kind AS kind, c.received_at AS received_at, c.entered_at AS entered_at,
             e.display_name AS entered_by_name, c.outcome AS outcome, c.closed_at AS closed_at,
             f.display_name AS closed_by_name
           FROM complaint c
             JOIN account e ON e.id = c.entered_by
             LEFT JOIN account f ON f.id = c.closed_by
           WHERE c.organisation = $1
           ORDER BY CASE WHEN c.closed_at IS NULL THEN 0 ELSE 1 END, c.entered_at DESC, c.id DESC
           LIMIT $2";

    optional complaint(id: Uuid, organisation: OrganisationId) -> SealedComplaint
        = "SELECT words, note FROM complaint WHERE id = $1 AND organisation = $2";

    optional counted(organisation: OrganisationId, at: Timestamp) -> (u32, u32)
        = "SELECT COUNT(*), COUNT(CASE WHEN closed_at <= $2 THEN 1 END) FROM complaint
           WHERE organisation = $1 AND entered_at <= $2";
}
