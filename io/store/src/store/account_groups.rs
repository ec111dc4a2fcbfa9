//! Questions about groups of accounts.

use conclave_protocol::{AccountGroupId, AccountId, OrganisationId};

use super::Store;
use crate::error::ReadError;
use crate::read::account_group::{self, AccountGroup, Member};

impl Store {
    /// By name.
    pub async fn account_groups(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<AccountGroup>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account_group::groups(&mut reader.link(), organisation).await?)
    }

    /// Who is in a group, by name.
    pub async fn group_members(&self, group: AccountGroupId) -> Result<Vec<Member>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account_group::members(&mut reader.link(), group).await?)
    }

    /// Everybody with an account of the organisation, by name.
    pub async fn people_of(&self, organisation: OrganisationId) -> Result<Vec<Member>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account_group::people(&mut reader.link(), organisation).await?)
    }

    /// Who is in which group, of all groups of an organisation.
    pub async fn memberships(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<(AccountId, AccountGroupId)>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account_group::memberships(&mut reader.link(), organisation).await?)
    }

    /// Every account of an organisation.
    pub async fn account_ids(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<AccountId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = account_group::accounts(&mut reader.link(), organisation).await?;
        Ok(found.into_iter().map(|(account,)| account).collect())
    }
}
