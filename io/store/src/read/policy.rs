//! What organisations, groups and accounts permit.

use std::collections::BTreeMap;

use conclave_policy::rules::{Layers, Subject};
use conclave_protocol::policy::Layer;
use conclave_protocol::{AccountGroupId, AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::engine::{Link, row, statements};

/// Whose words a row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerKind {
    Organisation,
    Group,
    Account,
}

row! {
    /// One layer of an organisation's policy.
    pub struct PolicyRow {
        subject: Uuid,
        kind: LayerKind,
        pub settings: Layer,
    }
}

row! {
    /// How an organisation's policy stands.
    pub struct PolicyState {
        pub revision: u64,
        /// Since when the healthcare profile is on.
        pub profile_since: Option<Timestamp>,
        /// Who asks to leave it, and since when.
        pub leave_by: Option<AccountId>,
        pub leave_at: Option<Timestamp>,
    }
}

impl PolicyRow {
    pub fn subject(&self) -> Subject {
        match self.kind {
            LayerKind::Organisation => Subject::Organisation,
            LayerKind::Group => Subject::Group(AccountGroupId(self.subject)),
            LayerKind::Account => Subject::Account(AccountId(self.subject)),
        }
    }
}

/// The rows that concern one person: one group's for each that they are in, and two others.
pub(crate) async fn layers(
    link: &mut Link<'_>,
    organisation: OrganisationId,
    account: Option<AccountId>,
) -> Result<Layers, sqlx::Error> {
    let nobody = AccountId(Uuid::nil());
    let rows = concerning(link, organisation, account.unwrap_or(nobody)).await?;
    let mut layers = Layers {
        organisation: Layer::default(),
        groups: BTreeMap::new(),
        account: Layer::default(),
    };
    for row in rows {
        match row.subject() {
            Subject::Organisation => layers.organisation = row.settings,
            Subject::Account(_) => layers.account = row.settings,
            Subject::Group(group) => {
                layers.groups.insert(group, row.settings);
            }
        }
    }
    Ok(layers)
}

statements! {
    optional state(organisation: OrganisationId) -> PolicyState
        = "SELECT policy_revision AS revision, profile_since, profile_leave_by AS leave_by,
                  profile_leave_at AS leave_at
           FROM organisation WHERE id = $1";

    all concerning(organisation: OrganisationId, account: AccountId) -> PolicyRow
        = "SELECT subject, kind, settings FROM policy_layer
           WHERE organisation = $1 AND (
             kind = 'organisation' OR (kind = 'account' AND subject = $2) OR (kind = 'group' AND
             subject IN (SELECT account_group FROM account_group_member WHERE account = $2)))";

    all all(organisation: OrganisationId) -> PolicyRow
        = "SELECT subject, kind, settings FROM policy_layer WHERE organisation = $1";
}
