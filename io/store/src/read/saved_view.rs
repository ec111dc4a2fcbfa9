//! Filters that people keep.

use conclave_policy::saved_view::Kept;
use conclave_protocol::personal::{DisplayName, Label};
use conclave_protocol::saved_view::SavedFilter;
use conclave_protocol::{AccountId, OrganisationId, SavedViewId};

use crate::engine::{row, statements};

row! {
    /// One filter, and who keeps it.
    #[derive(Clone)]
    pub struct SavedView {
        pub id: SavedViewId,
        pub account: AccountId,
        pub by_name: DisplayName,
        pub name: Label,
        pub filter: SavedFilter,
        pub shared: bool,
    }
}

impl SavedView {
    pub fn kept(&self) -> Kept {
        Kept {
            by: self.account,
            is_shared: self.shared,
        }
    }
}

statements! {
    optional one(id: SavedViewId, organisation: OrganisationId) -> SavedView
        = "SELECT v.id AS id, v.account AS account, a.display_name AS by_name, v.name AS name,
                  v.filter AS filter, v.shared AS shared
           FROM saved_view v JOIN account a ON a.id = v.account
           WHERE v.id = $1 AND v.organisation = $2";

    all seen(organisation: OrganisationId, account: AccountId, most: u32) -> SavedView
        = "SELECT v.id AS id, v.account AS account, a.display_name AS by_name, v.name AS name,
                  v.filter AS filter, v.shared AS shared
           FROM saved_view v JOIN account a ON a.id = v.account
           WHERE v.organisation = $1 AND (v.account = $2 OR v.shared)
           ORDER BY v.name, v.id LIMIT $3";
}
