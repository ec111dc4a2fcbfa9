//! The first account: a one-time link is printed, and whoever opens it becomes the owner.

use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::personal::{DisplayName, EmailAddress, Title};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use super::account::{self, NewAccount};
use super::session::{self, NewSession};
use super::{Action, Apply, Failure};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::account::owner_exists;
use crate::secret::{PasswordHash, TokenHash};

/// Remembers a one-time link; links printed before are void. Refused: [`Refused::OwnerExists`].
pub struct PrintSetupLink {
    pub token: TokenHash,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

/// Spends the link: makes the organisation, its owner, and the session of whoever did it.
/// Refused: [`Refused::OwnerExists`], [`Refused::SetupLinkSpent`].
pub struct CreateOwner {
    pub token: TokenHash,
    pub organisation: OrganisationId,
    pub organisation_name: Title,
    pub account: AccountId,
    pub email: EmailAddress,
    pub display_name: DisplayName,
    pub password: PasswordHash,
    pub session: NewSession,
    pub at: Timestamp,
}

impl Action for PrintSetupLink {}

impl Apply for PrintSetupLink {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        if owner_exists(link).await?.is_some() {
            return Err(Refused::OwnerExists.into());
        }
        forget_setup_links(link).await?;
        insert_setup_link(link, self.token, self.at, self.expires_at).await?;
        Ok(())
    }
}

impl Action for CreateOwner {}

impl Apply for CreateOwner {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        if owner_exists(link).await?.is_some() {
            return Err(Refused::OwnerExists.into());
        }
        if spend_setup_link(link, self.token, self.at).await? == 0 {
            return Err(Refused::SetupLinkSpent.into());
        }
        insert_organisation(link, self.organisation, self.organisation_name, self.at).await?;
        let owner = NewAccount {
            id: self.account,
            organisation: self.organisation,
            email: self.email,
            display_name: self.display_name,
            role: AccountRole::Owner,
            state: AccountState::Active,
            password: Some(self.password),
            at: self.at,
        };
        account::insert(link, owner).await?;
        session::insert(link, self.session).await?;
        Ok(())
    }
}

statements! {
    execute forget_setup_links()
        = "DELETE FROM setup_link WHERE used_at IS NULL";

    execute insert_setup_link(token: TokenHash, at: Timestamp, expires_at: Timestamp)
        = "INSERT INTO setup_link (token_hash, created_at, expires_at) VALUES ($1, $2, $3)";

    execute spend_setup_link(token: TokenHash, now: Timestamp)
        = "UPDATE setup_link SET used_at = $2
           WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";

    execute insert_organisation(id: OrganisationId, name: Title, at: Timestamp)
        = "INSERT INTO organisation (id, name, created_at) VALUES ($1, $2, $3)";
}
