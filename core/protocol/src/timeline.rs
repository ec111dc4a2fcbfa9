//! Bodies of somebody's timeline: what they did, and what was done to their account, as the log has it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::personal::DisplayName;
use crate::{AccountId, Timestamp};

/// Answers `GET /api/v1/admin/people/{account}/timeline`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonTimeline {
    pub account: AccountId,
    pub display_name: DisplayName,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Newest first, 1,000 at the most.
    pub deeds: Vec<Deed>,
    /// There is more than this, from before.
    pub is_cut: bool,
    /// What a further question names as `before`; absent where there is no more.
    pub next: Option<Uuid>,
}

/// One entry of the log.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Deed {
    pub at: Timestamp,
    /// As in the catalogue of events: `meeting.admit`.
    pub event: String,
    /// `done`, `failed` or `refused`.
    pub outcome: String,
    pub reason: Option<String>,
    /// Whether they did it themselves; else it was done to their account.
    pub is_theirs: bool,
    /// Who did it, where another account of the organisation did.
    pub by: Option<DisplayName>,
    /// What it was about, as in the log; absent where that is their own account.
    pub about: Option<DeedObject>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct DeedObject {
    /// `meeting`, `account`, `group` and so on.
    pub kind: String,
    pub id: Uuid,
    /// Of an account of the organisation.
    pub display_name: Option<DisplayName>,
}
