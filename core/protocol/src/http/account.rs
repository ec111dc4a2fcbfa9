//! Bodies of signing in: the owner's set-up, sessions, who is signed in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::personal::{DisplayName, EmailAddress, Secret};
use crate::{AccountId, OrganisationId};

/// `POST /api/v1/setup`: spends the one-time link.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// From the link's fragment.
    pub token: Secret,
    pub organisation: crate::personal::Title,
    pub email: EmailAddress,
    pub display_name: DisplayName,
    /// 15 to 256 characters, not a well-known one.
    pub password: Secret,
}

/// `POST /api/v1/session`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Not parsed as an address: a wrong one gets the same answer as an unknown one.
    pub email: Secret,
    pub password: Secret,
}

/// The roles of an account, strongest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    Owner,
    Admin,
    AccountManager,
    Representative,
    Auditor,
    Member,
}

/// How an account stands. Only an active one signs in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Its holder asked for it, and proved their address; nobody has approved it yet.
    Pending,
    Active,
    /// Until somebody restores it.
    Suspended,
    /// For good. Its name and address are erased; its identity is never used again.
    Removed,
}

/// Who is signed in: answers set-up, sign-in and `GET /api/v1/session`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Me {
    pub account: AccountId,
    pub organisation: OrganisationId,
    pub organisation_name: crate::personal::Title,
    pub email: EmailAddress,
    pub display_name: DisplayName,
    pub role: AccountRole,
    /// By policy, at this moment.
    pub permitted: crate::policy::Permitted,
    /// The role needs a second factor, and this session has shown none: it opens nothing else until it has.
    pub second_factor_due: bool,
    /// Seconds until the session ends, unless its holder does something before.
    pub idle_left: u32,
    /// One of the organisation's sealed codes opened this session: it opens emergency access, and nothing else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emergency_only: bool,
}
