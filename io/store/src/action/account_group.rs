//! Groups of accounts: made, renamed, deleted; and who is in them.

use conclave_protocol::personal::Title;
use conclave_protocol::{AccountGroupId, AccountId, OrganisationId, Timestamp};

use super::policy::raise;
use super::{Action, Apply, Failure, Revision, directory};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// Groups of one organisation. Each that somebody is in is read whenever it is asked what they may.
pub const MOST_GROUPS: u32 = 200;

/// Answers with the policy's revision. Refused: [`Refused::NameTaken`], [`Refused::TooManyGroups`].
pub struct CreateAccountGroup {
    pub id: AccountGroupId,
    pub organisation: OrganisationId,
    pub name: Title,
    pub at: Timestamp,
}

/// Refused: [`Refused::NotFound`], [`Refused::NameTaken`], [`Refused::ManagedByDirectory`].
pub struct RenameAccountGroup {
    pub id: AccountGroupId,
    pub organisation: OrganisationId,
    pub name: Title,
}

/// With what policy says of it. Refused: [`Refused::NotFound`].
pub struct DeleteAccountGroup {
    pub id: AccountGroupId,
    pub organisation: OrganisationId,
}

/// Puts an account of the same organisation in; who is in stays in. Refused: [`Refused::NotFound`],
/// [`Refused::ManagedByDirectory`].
pub struct AddToGroup {
    pub group: AccountGroupId,
    pub organisation: OrganisationId,
    pub account: AccountId,
}

/// Refused: [`Refused::NotFound`], also for who is not in it, and [`Refused::ManagedByDirectory`] for who is the directory's
/// to take out.
pub struct RemoveFromGroup {
    pub group: AccountGroupId,
    pub organisation: OrganisationId,
    pub account: AccountId,
}

impl Action for CreateAccountGroup {}

impl Apply for CreateAccountGroup {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let revision = raise(link, self.organisation).await?;
        let count = count(link, self.organisation).await?;
        if count.is_none_or(|(count,)| count >= MOST_GROUPS) {
            return Err(Refused::TooManyGroups.into());
        }
        let folded = folded(&self.name);
        let made = insert(link, self.id, self.organisation, self.name, folded, self.at).await?;
        match made {
            0 => Err(Refused::NameTaken.into()),
            _ => Ok(revision),
        }
    }
}

impl Action for RenameAccountGroup {}

impl Apply for RenameAccountGroup {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let revision = raise(link, self.organisation).await?;
        directory::is_local(link, self.id, self.organisation).await?;
        rename_to(link, self.id, self.organisation, self.name).await?;
        Ok(revision)
    }
}

impl Action for DeleteAccountGroup {}

impl Apply for DeleteAccountGroup {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let revision = raise(link, self.organisation).await?;
        found(delete(link, self.id, self.organisation).await?)?;
        delete_layer(link, self.id, self.organisation).await?;
        Ok(revision)
    }
}

impl Action for AddToGroup {}

impl Apply for AddToGroup {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let revision = raise(link, self.organisation).await?;
        let both = both(link, self.group, self.account, self.organisation).await?;
        both.ok_or(Refused::NotFound)?;
        directory::is_local(link, self.group, self.organisation).await?;
        add(link, self.account, self.group).await?;
        Ok(revision)
    }
}

impl Action for RemoveFromGroup {}

impl Apply for RemoveFromGroup {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let revision = raise(link, self.organisation).await?;
        // Whom the directory sees no more, since they are an admin now, people take out.
        if directory::sees(link, self.account, self.organisation).await? {
            directory::is_local(link, self.group, self.organisation).await?;
        }
        found(remove(link, self.account, self.group, self.organisation).await?)?;
        Ok(revision)
    }
}

/// Refused: [`Refused::NameTaken`], [`Refused::NotFound`].
pub(super) async fn rename_to(
    link: &mut Link<'_>,
    group: AccountGroupId,
    organisation: OrganisationId,
    name: Title,
) -> Result<(), Failure> {
    let folded = folded(&name);
    let holder = named(link, organisation, folded.clone()).await?;
    if holder.is_some_and(|(holder,)| holder != group) {
        return Err(Refused::NameTaken.into());
    }
    found(rename(link, group, organisation, name, folded).await?)?;
    Ok(())
}

fn found(changed: u64) -> Result<(), Refused> {
    match changed {
        0 => Err(Refused::NotFound),
        _ => Ok(()),
    }
}

/// Names that read alike are one.
fn folded(name: &Title) -> String {
    name.as_str().to_lowercase()
}

statements! {
    optional count(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM account_group WHERE organisation = $1";

    execute insert(
        id: AccountGroupId, organisation: OrganisationId, name: Title, folded: String, at: Timestamp,
    )
        = "INSERT INTO account_group (id, organisation, name, name_folded, created_at)
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, name_folded) DO NOTHING";

    optional named(organisation: OrganisationId, folded: String) -> (AccountGroupId,)
        = "SELECT id FROM account_group WHERE organisation = $1 AND name_folded = $2";

    execute rename(id: AccountGroupId, organisation: OrganisationId, name: Title, folded: String)
        = "UPDATE account_group SET name = $3, name_folded = $4 WHERE id = $1 AND organisation = $2";

    execute delete(id: AccountGroupId, organisation: OrganisationId)
        = "DELETE FROM account_group WHERE id = $1 AND organisation = $2";

    execute delete_layer(id: AccountGroupId, organisation: OrganisationId)
        = "DELETE FROM policy_layer WHERE subject = $1 AND organisation = $2 AND kind = 'group'";

    optional both(group: AccountGroupId, account: AccountId, organisation: OrganisationId) -> (bool,)
        = "SELECT TRUE FROM account_group g JOIN account a ON a.organisation = g.organisation
           WHERE g.id = $1 AND a.id = $2 AND g.organisation = $3";

    execute add(account: AccountId, group: AccountGroupId)
        = "INSERT INTO account_group_member (account, account_group) VALUES ($1, $2)
           ON CONFLICT (account, account_group) DO NOTHING";

    execute remove(account: AccountId, group: AccountGroupId, organisation: OrganisationId)
        = "DELETE FROM account_group_member WHERE account = $1 AND account_group = $2 AND
           account_group IN (SELECT id FROM account_group WHERE organisation = $3)";
}
