//! Links that prove an address: invitations, requests for an account, resets of a password, changes of address.

use conclave_protocol::account::AccountRole;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::{AccountId, InvitationId, OrganisationId, Timestamp};

use crate::engine::{row, statements};
use crate::secret::TokenHash;

/// The longest list of an organisation's invitations.
pub const MOST_INVITED: u32 = 1_000;

row! {
    /// An invitation that nobody has accepted.
    pub struct Invitation {
        pub id: InvitationId,
        pub organisation: OrganisationId,
        pub email: EmailAddress,
        pub role: AccountRole,
        pub invited_at: Timestamp,
        pub expires_at: Timestamp,
    }
}

row! {
    /// Somebody who verifies the address that they want an account for.
    pub struct AccountRequest {
        pub organisation: OrganisationId,
        pub email: EmailAddress,
    }
}

statements! {
    all invitations(organisation: OrganisationId, now: Timestamp, most: u32) -> Invitation
        = "SELECT id, organisation, email, role, invited_at, expires_at
           FROM invitation WHERE organisation = $1 AND expires_at > $2
           ORDER BY invited_at, id LIMIT $3";

    optional invitation(id: InvitationId) -> Invitation
        = "SELECT id, organisation, email, role, invited_at, expires_at
           FROM invitation WHERE id = $1";

    optional invitation_by_token(token: TokenHash, now: Timestamp) -> Invitation
        = "SELECT id, organisation, email, role, invited_at, expires_at
           FROM invitation WHERE token_hash = $1 AND expires_at > $2";

    optional account_request(token: TokenHash, now: Timestamp) -> AccountRequest
        = "SELECT organisation, email
           FROM account_request WHERE token_hash = $1 AND expires_at > $2";

    optional asked_email(account: AccountId, now: Timestamp) -> (EmailAddress,)
        = "SELECT email FROM email_change WHERE account = $1 AND expires_at > $2";

    optional email_change(account: AccountId, token: TokenHash, now: Timestamp) -> (EmailAddress,)
        = "SELECT email FROM email_change WHERE account = $1 AND token_hash = $2 AND expires_at > $3";

    optional password_reset(token: TokenHash, now: Timestamp) -> (AccountId,)
        = "SELECT account FROM password_reset WHERE token_hash = $1 AND expires_at > $2";
}
