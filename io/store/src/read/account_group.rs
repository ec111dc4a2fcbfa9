//! Groups of accounts, and who is in them.

use conclave_protocol::personal::{DisplayName, Title};
use conclave_protocol::{AccountGroupId, AccountId, OrganisationId};

use crate::engine::{row, statements};

row! {
    /// People whom policy treats alike.
    pub struct AccountGroup {
        pub id: AccountGroupId,
        pub name: Title,
        pub members: u32,
        /// The organisation's directory says who is in it.
        pub by_directory: bool,
    }
}

row! {
    /// Somebody in a group.
    pub struct Member {
        pub account: AccountId,
        pub display_name: DisplayName,
    }
}

statements! {
    all groups(organisation: OrganisationId) -> AccountGroup
        = "SELECT g.id AS id, g.name AS name, COUNT(m.account) AS members,
             d.account_group IS NOT NULL AS by_directory
           FROM account_group g LEFT JOIN account_group_member m ON m.account_group = g.id
             LEFT JOIN directory_group d ON d.account_group = g.id
           WHERE g.organisation = $1
           GROUP BY g.id, g.name, g.name_folded, d.account_group ORDER BY g.name_folded";

    all members(group: AccountGroupId) -> Member
        = "SELECT a.id AS account, a.display_name AS display_name
           FROM account_group_member m JOIN account a ON a.id = m.account
           WHERE m.account_group = $1 ORDER BY a.display_name, a.id";

    all memberships(organisation: OrganisationId) -> (AccountId, AccountGroupId)
        = "SELECT m.account, m.account_group
           FROM account_group_member m JOIN account_group g ON g.id = m.account_group
           WHERE g.organisation = $1 ORDER BY m.account, m.account_group";

    all people(organisation: OrganisationId) -> Member
        = "SELECT id AS account, display_name FROM account WHERE organisation = $1
           ORDER BY display_name, id";

    all accounts(organisation: OrganisationId) -> (AccountId,)
        = "SELECT id FROM account WHERE organisation = $1 ORDER BY id";
}
