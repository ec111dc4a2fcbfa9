//! People and groups as the organisation's directory sees them.

use conclave_policy::directory::{Found, governs};
use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::personal::{DisplayName, EmailAddress, Title};
use conclave_protocol::scim::ExternalId;
use conclave_protocol::{AccountGroupId, AccountId, OrganisationId, Timestamp};

use crate::engine::{row, statements};

row! {
    /// Somebody's account, with what a directory made of it.
    #[derive(Clone)]
    pub struct DirectoryUser {
        pub account: AccountId,
        pub organisation: OrganisationId,
        pub email: EmailAddress,
        pub display_name: DisplayName,
        pub role: AccountRole,
        pub state: AccountState,
        pub created_at: Timestamp,
        pub external_id: Option<ExternalId>,
        /// Whether the directory brought it; `None` while it has not touched it.
        pub made: Option<bool>,
        pub suspended_from: Option<AccountState>,
        pub changed_at: Option<Timestamp>,
    }
}

row! {
    /// A group that a directory made.
    #[derive(Clone)]
    pub struct DirectoryGroup {
        pub id: AccountGroupId,
        pub organisation: OrganisationId,
        pub name: Title,
        pub external_id: Option<ExternalId>,
        pub created_at: Timestamp,
        pub changed_at: Timestamp,
    }
}

row! {
    /// Somebody in such a group.
    #[derive(Clone)]
    pub struct DirectoryMember {
        pub account: AccountId,
        pub display_name: DisplayName,
        pub role: AccountRole,
    }
}

impl DirectoryUser {
    pub fn found(&self) -> Found {
        Found {
            role: self.role,
            state: self.state,
            suspended_from: self.suspended_from,
        }
    }

    /// Whether the directory brought it.
    pub fn is_made(&self) -> bool {
        self.made == Some(true)
    }

    /// Whether there is somebody for the directory.
    pub fn is_seen(&self) -> bool {
        self.state != AccountState::Removed && governs(self.role).is_allowed()
    }
}

impl DirectoryMember {
    pub fn is_seen(&self) -> bool {
        governs(self.role).is_allowed()
    }
}

statements! {
    optional user(account: AccountId) -> DirectoryUser
        = "SELECT a.id AS account, a.organisation AS organisation, a.email AS email,
             a.display_name AS display_name, a.role AS role, a.state AS state,
             a.created_at AS created_at, d.external_id AS external_id, d.made AS made,
             d.suspended_from AS suspended_from, d.changed_at AS changed_at
           FROM account a LEFT JOIN directory_account d ON d.account = a.id WHERE a.id = $1";

    optional user_by_email(organisation: OrganisationId, normalised: String) -> DirectoryUser
        = "SELECT a.id AS account, a.organisation AS organisation, a.email AS email,
             a.display_name AS display_name, a.role AS role, a.state AS state,
             a.created_at AS created_at, d.external_id AS external_id, d.made AS made,
             d.suspended_from AS suspended_from, d.changed_at AS changed_at
           FROM account a LEFT JOIN directory_account d ON d.account = a.id
           WHERE a.organisation = $1 AND a.email_normalised = $2";

    optional user_by_external_id(organisation: OrganisationId, id: ExternalId) -> DirectoryUser
        = "SELECT a.id AS account, a.organisation AS organisation, a.email AS email,
             a.display_name AS display_name, a.role AS role, a.state AS state,
             a.created_at AS created_at, d.external_id AS external_id, d.made AS made,
             d.suspended_from AS suspended_from, d.changed_at AS changed_at
           FROM directory_account d JOIN account a ON a.id = d.account
           WHERE d.organisation = $1 AND d.external_id = $2";

    all users(organisation: OrganisationId, most: u32) -> DirectoryUser
        = "SELECT a.id AS account, a.organisation AS organisation, a.email AS email,
             a.display_name AS display_name, a.role AS role, a.state AS state,
             a.created_at AS created_at, d.external_id AS external_id, d.made AS made,
             d.suspended_from AS suspended_from, d.changed_at AS changed_at
           FROM account a LEFT JOIN directory_account d ON d.account = a.id
           WHERE a.organisation = $1 AND a.state <> 'removed'
           ORDER BY a.created_at, a.id LIMIT $2";

    all known(organisation: OrganisationId) -> (AccountId,)
        = "SELECT account FROM directory_account WHERE organisation = $1 ORDER BY account";

    all groups(organisation: OrganisationId) -> DirectoryGroup
        = "SELECT g.id AS id, g.organisation AS organisation, g.name AS name,
             d.external_id AS external_id, g.created_at AS created_at, d.changed_at AS changed_at
           FROM directory_group d JOIN account_group g ON g.id = d.account_group
           WHERE d.organisation = $1 ORDER BY g.created_at, g.id";

    all all_in(group: AccountGroupId) -> (AccountId,)
        = "SELECT account FROM account_group_member WHERE account_group = $1";

    all members(group: AccountGroupId) -> DirectoryMember
        = "SELECT a.id AS account, a.display_name AS display_name, a.role AS role
           FROM account_group_member m JOIN account a ON a.id = m.account
           WHERE m.account_group = $1 AND a.state <> 'removed' ORDER BY a.id";
}
