//! Questions about what an organisation's directory sees.

use std::collections::BTreeSet;

use conclave_policy::directory::MOST_PEOPLE as GOVERNED;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::scim::ExternalId;
use conclave_protocol::{AccountGroupId, AccountId, OrganisationId};

use super::Store;
use crate::error::ReadError;
use crate::read::directory::{self, DirectoryGroup, DirectoryMember, DirectoryUser};

impl Store {
    /// Everybody whom the organisation's directory sees, oldest first, at most
    /// [`conclave_policy::directory::MOST_PEOPLE`].
    pub async fn directory_users(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<DirectoryUser>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = directory::users(&mut reader.link(), organisation, GOVERNED).await?;
        let users = found.into_iter().map(|user| overlay.directory_user(user));
        Ok(users.filter(DirectoryUser::is_seen).collect())
    }

    /// Whom the organisation's directory sees under this identity.
    pub async fn directory_user(
        &self,
        organisation: OrganisationId,
        account: AccountId,
    ) -> Result<Option<DirectoryUser>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = directory::user(&mut reader.link(), account).await?;
        let found = found.filter(|user| user.organisation == organisation);
        let user = found.map(|user| overlay.directory_user(user));
        Ok(user.filter(DirectoryUser::is_seen))
    }

    pub async fn directory_user_by_email(
        &self,
        organisation: OrganisationId,
        email: &EmailAddress,
    ) -> Result<Option<DirectoryUser>, ReadError> {
        let normalised = email.normalised();
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = directory::user_by_email(link, organisation, normalised).await?;
        let user = found.map(|user| overlay.directory_user(user));
        Ok(user.filter(DirectoryUser::is_seen))
    }

    pub async fn directory_user_by_external_id(
        &self,
        organisation: OrganisationId,
        id: ExternalId,
    ) -> Result<Option<DirectoryUser>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = directory::user_by_external_id(link, organisation, id).await?;
        let user = found.map(|user| overlay.directory_user(user));
        Ok(user.filter(DirectoryUser::is_seen))
    }

    /// Accounts that the organisation's directory has made or changed.
    pub async fn known_to_directory(
        &self,
        organisation: OrganisationId,
    ) -> Result<BTreeSet<AccountId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = directory::known(&mut reader.link(), organisation).await?;
        Ok(found.into_iter().map(|(account,)| account).collect())
    }

    /// Everybody in the group, also whom no directory sees any more: made an owner or an admin since, or removed.
    pub async fn in_group(&self, group: AccountGroupId) -> Result<BTreeSet<AccountId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = directory::all_in(&mut reader.link(), group).await?;
        Ok(found.into_iter().map(|(account,)| account).collect())
    }

    /// Groups that the organisation's directory made, oldest first.
    pub async fn directory_groups(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<DirectoryGroup>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(directory::groups(&mut reader.link(), organisation).await?)
    }

    /// Those in such a group whom the directory sees.
    pub async fn directory_members(
        &self,
        group: AccountGroupId,
    ) -> Result<Vec<DirectoryMember>, ReadError> {
        let mut reader = self.reader().await?;
        let mut found = directory::members(&mut reader.link(), group).await?;
        found.retain(DirectoryMember::is_seen);
        Ok(found)
    }
}
