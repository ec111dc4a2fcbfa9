//! Bodies of managing people: who has an account, who is invited, and how somebody comes by one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{AccountRole, AccountState};
use crate::personal::{DisplayName, EmailAddress, Secret};
use crate::{AccountId, InvitationId, Timestamp};

/// Answers `GET /api/v1/people`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct People {
    /// Oldest first; without those that were removed. A page of them.
    pub people: Vec<Person>,
    /// The last one of the page, where there is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<AccountId>,
    /// That nobody has accepted, and that have not expired; oldest first. All of them are on the first page.
    pub invitations: Vec<Invitation>,
    /// Whether the server sends mail. Where it doesn't, whoever invites hands the link over.
    pub sends_mail: bool,
}

/// Somebody's account, as those see it who manage people.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Person {
    pub account: AccountId,
    pub email: EmailAddress,
    pub display_name: DisplayName,
    pub role: AccountRole,
    pub state: AccountState,
    /// Whether anybody is locked out of it at this moment, for wrong passwords or codes.
    pub is_locked: bool,
    pub created_at: Timestamp,
    /// The organisation's directory brought it, or has changed it.
    pub by_directory: bool,
}

/// Somebody who may make an account with a link that they were sent.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    pub id: InvitationId,
    pub email: EmailAddress,
    pub role: AccountRole,
    pub invited_at: Timestamp,
    pub expires_at: Timestamp,
}

/// `POST /api/v1/invitations`. An address that was invited before is sent a fresh link; the old one is void.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    pub email: EmailAddress,
    pub role: AccountRole,
}

/// Answers `POST /api/v1/invitations`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Invited {
    pub invitation: Invitation,
    /// The link with its secret, this once, where the server sends no mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// `POST /api/v1/invitations/accept` and `POST /api/v1/account-requests/confirm`: spends the link.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// From the link's fragment.
    pub token: Secret,
    pub display_name: DisplayName,
    /// 15 to 256 characters, not a well-known one.
    pub password: Secret,
}

/// `POST /api/v1/people/{account}/role`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    pub role: AccountRole,
}

/// `POST /api/v1/account-requests`, `POST /api/v1/password-resets` and `POST /api/v1/account/email`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskByMail {
    /// Not parsed as an address: a wrong one gets the same answer as an unknown one.
    pub email: Secret,
}

/// `POST /api/v1/password-resets/finish`: spends the link.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// From the link's fragment.
    pub token: Secret,
    /// 15 to 256 characters, not a well-known one.
    pub password: Secret,
}

/// `POST /api/v1/account/email/confirm`: spends the link.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmEmail {
    /// From the link's fragment.
    pub token: Secret,
}
