//! Filters that people keep: saved, renamed, shared, removed.

use conclave_policy::Decision;
use conclave_policy::capability::account_may;
use conclave_policy::saved_view::{self, MOST_OF_ACCOUNT, MOST_OF_ORGANISATION};
use conclave_protocol::personal::Label;
use conclave_protocol::saved_view::SavedFilter;
use conclave_protocol::{AccountId, OrganisationId, SavedViewId, Timestamp};

use super::{Action, Apply, Failure, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::saved_view::{self as read, SavedView};

/// Refused: [`Refused::NotAllowed`] for who may not read by it, [`Refused::TooManyViews`].
pub struct SaveView {
    pub id: SavedViewId,
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub name: Label,
    pub filter: SavedFilter,
    pub is_shared: bool,
    pub at: Timestamp,
}

/// Refused: [`Refused::NotFound`], [`Refused::NotAllowed`] for whom it is not.
pub struct ChangeView {
    pub id: SavedViewId,
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub name: Label,
    pub is_shared: bool,
    pub at: Timestamp,
}

/// Refused: [`Refused::NotFound`], [`Refused::NotAllowed`].
pub struct RemoveView {
    pub id: SavedViewId,
    pub organisation: OrganisationId,
    pub by: AccountId,
}

impl Action for SaveView {}

impl Apply for SaveView {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let role = account::active_role(link, self.by).await?;
        allowed(account_may(role, saved_view::needs(&self.filter)))?;
        let own = count_of_account(link, self.by).await?;
        let all = count_of_organisation(link, self.organisation).await?;
        let is_full = own.is_none_or(|(own,)| own >= MOST_OF_ACCOUNT)
            || all.is_none_or(|(all,)| all >= MOST_OF_ORGANISATION);
        if is_full {
            return Err(Refused::TooManyViews.into());
        }
        insert(
            link,
            self.id,
            self.organisation,
            self.by,
            self.name,
            self.filter,
            self.is_shared,
            self.at,
        )
        .await?;
        Ok(())
    }
}

impl Action for ChangeView {}

impl Apply for ChangeView {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let found = find(link, self.id, self.organisation, self.by).await?;
        allowed(saved_view::may_change(found.kept(), self.by))?;
        change(link, self.id, self.name, self.is_shared, self.at).await?;
        Ok(())
    }
}

impl Action for RemoveView {}

impl Apply for RemoveView {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let found = find(link, self.id, self.organisation, self.by).await?;
        let role = account::active_role(link, self.by).await?;
        allowed(saved_view::may_remove(found.kept(), self.by, role))?;
        remove(link, self.id).await?;
        Ok(())
    }
}

/// What somebody else keeps for themselves is not there.
async fn find(
    link: &mut Link<'_>,
    id: SavedViewId,
    organisation: OrganisationId,
    by: AccountId,
) -> Result<SavedView, Failure> {
    let found = read::one(link, id, organisation).await?;
    let found = found.filter(|found| saved_view::is_seen(found.kept(), by));
    Ok(found.ok_or(Refused::NotFound)?)
}

fn allowed(decision: Decision) -> Result<(), Failure> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Deny(_) => Err(Refused::NotAllowed.into()),
    }
}

/// All that the account keeps: their names are its holder's words.
pub(super) async fn forget(link: &mut Link<'_>, account: AccountId) -> Result<(), Failure> {
    forget_of(link, account).await?;
    Ok(())
}

statements! {
    optional count_of_account(account: AccountId) -> (u32,)
        = "SELECT COUNT(*) FROM saved_view WHERE account = $1";

    optional count_of_organisation(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM saved_view WHERE organisation = $1";

    execute insert(
        id: SavedViewId, organisation: OrganisationId, account: AccountId, name: Label,
        filter: SavedFilter, is_shared: bool, at: Timestamp,
    )
        = "INSERT INTO saved_view (id, organisation, account, name, filter, shared, changed_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)";

    execute change(id: SavedViewId, name: Label, is_shared: bool, at: Timestamp)
        = "UPDATE saved_view SET name = $2, shared = $3, changed_at = $4 WHERE id = $1";

    execute remove(id: SavedViewId)
        = "DELETE FROM saved_view WHERE id = $1";

    execute forget_of(account: AccountId)
        = "DELETE FROM saved_view WHERE account = $1";
}
