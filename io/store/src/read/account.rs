//! Organisations and accounts.

use conclave_protocol::account::AccountRole;
use conclave_protocol::personal::{DisplayName, EmailAddress, Title};
use conclave_protocol::{AccountId, OrganisationId};

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
    /// Somebody who can sign in.
    pub struct Account {
        pub id: AccountId,
        pub organisation: OrganisationId,
        pub email: EmailAddress,
        pub display_name: DisplayName,
        pub role: AccountRole,
        pub password: PasswordHash,
    }
}

statements! {
    optional owner_exists() -> (bool,)
        = "SELECT TRUE FROM account WHERE role = 'owner' LIMIT 1";

    optional first_organisation() -> Organisation
        = "SELECT id, name FROM organisation ORDER BY created_at, id LIMIT 1";

    optional organisation(id: OrganisationId) -> Organisation
        = "SELECT id, name FROM organisation WHERE id = $1";

    optional account(id: AccountId) -> Account
        = "SELECT id, organisation, email, display_name, role, password
           FROM account WHERE id = $1";

    optional account_by_email(organisation: OrganisationId, normalised: String) -> Account
        = "SELECT id, organisation, email, display_name, role, password
           FROM account WHERE organisation = $1 AND email_normalised = $2";
}
