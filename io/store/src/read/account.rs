//! Organisations and accounts.

use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::personal::{DisplayName, EmailAddress, Title};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use crate::engine::{row, statements};
use crate::secret::PasswordHash;

row! {
    /// A tenant.
    pub struct Organisation {
        pub id: OrganisationId,
        pub name: Title,
    }
}

row! {
    /// Somebody who can sign in while they are active.
    #[derive(Clone)]
    pub struct Account {
        pub id: AccountId,
        pub organisation: OrganisationId,
        pub email: EmailAddress,
        pub display_name: DisplayName,
        pub role: AccountRole,
        pub state: AccountState,
        /// Absent where the identity provider alone signs in.
        pub password: Option<PasswordHash>,
        pub created_at: Timestamp,
    }
}

row! {
    /// Somebody whose account nobody has approved.
    pub struct PendingAccount {
        pub id: AccountId,
        pub organisation: OrganisationId,
    }
}

/// The longest page of an organisation's people.
pub const MOST_PEOPLE: u32 = 1_000;

statements! {
    optional owner_exists() -> (bool,)
        = "SELECT TRUE FROM account WHERE role = 'owner' LIMIT 1";

    optional first_organisation() -> Organisation
        = "SELECT id, name FROM organisation ORDER BY created_at, id LIMIT 1";

    optional organisation(id: OrganisationId) -> Organisation
        = "SELECT id, name FROM organisation WHERE id = $1";

    optional account(id: AccountId) -> Account
        = "SELECT id, organisation, email, display_name, role, state, password, created_at
           FROM account WHERE id = $1";

    optional account_by_email(organisation: OrganisationId, normalised: String) -> Account
        = "SELECT id, organisation, email, display_name, role, state, password, created_at
           FROM account WHERE organisation = $1 AND email_normalised = $2";

    all people(organisation: OrganisationId, after: AccountId, most: u32) -> Account
        = "SELECT id, organisation, email, display_name, role, state, password, created_at
           FROM account WHERE organisation = $1 AND state <> 'removed' AND id > $2
           ORDER BY id LIMIT $3";

    all pending_since_before(before: Timestamp, most: u32) -> PendingAccount
        = "SELECT id, organisation FROM account
           WHERE state = 'pending' AND created_at < $1
             AND NOT EXISTS (SELECT 1 FROM directory_account d WHERE d.account = account.id)
           ORDER BY created_at, id LIMIT $2";
}
