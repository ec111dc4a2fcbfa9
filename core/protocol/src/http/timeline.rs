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
    /// What they lost when their account was suspended or removed, where that is among these; of the last time.
    pub leaving: Option<Leaving>,
}

/// What ended with somebody's rights, beside what always does: all sessions, known browsers, links and invitations of theirs,
/// and with an account that is removed its name, its second factors and what connects it with an identity provider.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Leaving {
    pub at: Timestamp,
    /// `user.suspend` or `user.remove`.
    pub event: String,
    /// Who did it, where another account of the organisation did.
    pub by: Option<DisplayName>,
    /// How many meetings they were put out of, or turned away from.
    pub put_out: u32,
    /// Meetings of theirs that ended, as nobody was left to host them.
    pub meetings_ended: u32,
    /// Sessions of remote support that ended with these.
    pub support_ended: u32,
    /// Programs whose keys open nothing any more.
    pub programs_ended: u32,
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
