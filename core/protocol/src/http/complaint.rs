//! Bodies about complaints and requests concerning privacy: what came in, and what became of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Timestamp;
use crate::personal::{DisplayName, Words};

/// What somebody wants, by 45 CFR 164.522 to 164.530.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintKind {
    /// Something was done wrong (164.530(d)).
    Complaint,
    /// To see what is kept about them (164.524).
    Access,
    /// To have it corrected (164.526).
    Amendment,
    /// To know whom it was given to (164.528).
    Accounting,
    /// To have it used less, or sent another way (164.522).
    Restriction,
    Other,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintOutcome {
    /// What was asked for was done.
    Resolved,
    /// Nothing was wrong, or there is no such right.
    NoCause,
    /// Somebody else deals with it.
    Referred,
    /// Whoever sent it took it back.
    Withdrawn,
}

/// `POST /api/v1/complaints`: enters one that came in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterComplaint {
    pub kind: ComplaintKind,
    /// When it came in.
    pub received_at: Timestamp,
    /// Who wants what. Kept sealed.
    pub words: Words,
}

/// `POST /api/v1/complaints/{complaint}/close`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseComplaint {
    pub outcome: ComplaintOutcome,
    /// What was done, and what was answered. Kept sealed.
    pub note: Words,
}

/// One of the register, without what was said of it.
#[derive(Clone, Serialize, ToSchema)]
pub struct Complaint {
    pub id: Uuid,
    pub kind: ComplaintKind,
    pub received_at: Timestamp,
    pub entered_at: Timestamp,
    pub entered_by_name: DisplayName,
    pub closed: Option<ClosedComplaint>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct ClosedComplaint {
    pub outcome: ComplaintOutcome,
    pub at: Timestamp,
    pub by_name: DisplayName,
}

/// Answers `GET /api/v1/complaints`: 200 at the most, those that are open before others, newest first.
#[derive(Clone, Serialize, ToSchema)]
pub struct ComplaintList {
    pub complaints: Vec<Complaint>,
    /// Of all.
    pub counts: ComplaintCounts,
}

/// How many came in, and how many of them are closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComplaintCounts {
    pub received: u32,
    pub open: u32,
    pub closed: u32,
}

/// Answers `GET /api/v1/complaints/{complaint}/words`.
#[derive(Clone, Serialize, ToSchema)]
pub struct ComplaintWords {
    pub words: Words,
    /// Of who closed it.
    pub note: Option<Words>,
}

impl ComplaintKind {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Access => "access",
            Self::Amendment => "amendment",
            Self::Accounting => "accounting",
            Self::Restriction => "restriction",
            Self::Other => "other",
        }
    }
}

impl ComplaintOutcome {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::NoCause => "no_cause",
            Self::Referred => "referred",
            Self::Withdrawn => "withdrawn",
        }
    }
}
