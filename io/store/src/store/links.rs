//! Questions about links that somebody was given: whose each is, while it holds.

use conclave_protocol::personal::EmailAddress;
use conclave_protocol::{AccountId, InvitationId, OrganisationId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::invitation::{self, AccountRequest, Invitation, MOST_INVITED};
use crate::read::session::{self, SetupLink};
use crate::secret::TokenHash;

impl Store {
    /// Those of the organisation that hold at `now`, oldest first, at most [`MOST_INVITED`].
    pub async fn invitations(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<Vec<Invitation>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(invitation::invitations(link, organisation, now, MOST_INVITED).await?)
    }

    pub async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(invitation::invitation(&mut reader.link(), id).await?)
    }

    /// Whose link this is, if it holds at `now`.
    pub async fn invitation_by_token(
        &self,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<Invitation>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(invitation::invitation_by_token(&mut reader.link(), token, now).await?)
    }

    /// Who wants an account with this link, if it holds at `now`.
    pub async fn account_request(
        &self,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<AccountRequest>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(invitation::account_request(&mut reader.link(), token, now).await?)
    }

    /// Whose password this link changes, if it holds at `now`.
    pub async fn password_reset(
        &self,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<AccountId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = invitation::password_reset(&mut reader.link(), token, now).await?;
        Ok(found.map(|(account,)| account))
    }

    /// The address that the account's holder, or somebody at a session of theirs, has asked for.
    pub async fn asked_email(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Option<EmailAddress>, ReadError> {
        let mut reader = self.reader().await?;
        let found = invitation::asked_email(&mut reader.link(), account, now).await?;
        Ok(found.map(|(email,)| email))
    }

    /// The address that this link verifies for the account, if it holds at `now`.
    pub async fn email_change(
        &self,
        account: AccountId,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<EmailAddress>, ReadError> {
        let mut reader = self.reader().await?;
        let found = invitation::email_change(&mut reader.link(), account, token, now).await?;
        Ok(found.map(|(email,)| email))
    }

    pub async fn setup_link(&self, token: TokenHash) -> Result<Option<SetupLink>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(session::setup_link(&mut reader.link(), token).await?)
    }
}
