//! Questions about accounts, each of an organisation.

use conclave_protocol::account::AccountState;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::account::{self, Account, MOST_PEOPLE, Organisation, PendingAccount};

impl Store {
    pub async fn owner_exists(&self) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::owner_exists(&mut reader.link()).await?.is_some())
    }

    /// The oldest organisation: the only one, until an installation can hold several.
    pub async fn first_organisation(&self) -> Result<Option<Organisation>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::first_organisation(&mut reader.link()).await?)
    }

    pub async fn organisation(
        &self,
        id: OrganisationId,
    ) -> Result<Option<Organisation>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::organisation(&mut reader.link(), id).await?)
    }

    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = account::account(&mut reader.link(), id).await?;
        Ok(found.map(|account| overlay.account(account)))
    }

    pub async fn account_by_email(
        &self,
        organisation: OrganisationId,
        email: &EmailAddress,
    ) -> Result<Option<Account>, ReadError> {
        let normalised = email.normalised();
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = account::account_by_email(link, organisation, normalised).await?;
        Ok(found.map(|account| overlay.account(account)))
    }

    /// The organisation's people who were not removed, oldest first: a page of [`MOST_PEOPLE`] at the most, of those after
    /// `after`; and after whom the next page begins, where there is one.
    pub async fn accounts(
        &self,
        organisation: OrganisationId,
        after: Option<AccountId>,
    ) -> Result<(Vec<Account>, Option<AccountId>), ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let after = after.unwrap_or(AccountId(uuid::Uuid::nil()));
        let found = account::people(&mut reader.link(), organisation, after, MOST_PEOPLE).await?;
        let is_full = u32::try_from(found.len()).is_ok_and(|found| found >= MOST_PEOPLE);
        let next = found.last().map(|last| last.id).filter(|_| is_full);
        let mut people: Vec<_> = found.into_iter().map(|a| overlay.account(a)).collect();
        people.retain(|account| account.state != AccountState::Removed);
        Ok((people, next))
    }

    /// Accounts that wait for approval since before then, oldest first, `most` of them at the most.
    pub async fn pending_since_before(
        &self,
        before: Timestamp,
        most: u32,
    ) -> Result<Vec<PendingAccount>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::pending_since_before(&mut reader.link(), before, most).await?)
    }
}
