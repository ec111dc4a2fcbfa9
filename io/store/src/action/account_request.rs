//! Asking for an account: an address is verified, and an account then waits for approval.

use std::time::Duration;

use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::personal::{DisplayName, EmailAddress};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use super::account::{self, NewAccount};
use super::shut_out::erase;
use super::{Action, Apply, Failure};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::{PasswordHash, TokenHash};

/// Remembers the link that an address was sent; its earlier link is void.
pub struct AskForAccount {
    pub token: TokenHash,
    pub organisation: OrganisationId,
    pub email: EmailAddress,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

/// Spends the link: makes an account that waits for approval. Refused: [`Refused::LinkSpent`], also where the address
/// came by an account in between; [`Refused::TooManyPending`].
pub struct ConfirmAccountRequest {
    pub token: TokenHash,
    pub account: AccountId,
    pub display_name: DisplayName,
    pub password: PasswordHash,
    pub at: Timestamp,
}

/// Erases an account that nobody has approved since `before`, as if it had been turned away. Refused:
/// [`Refused::AccountState`] for one that somebody has decided on.
pub struct ForgetRequest {
    pub account: AccountId,
    pub before: Timestamp,
}

/// Accounts of one organisation that wait for approval. Whoever may approve them reads no more.
pub const MOST_PENDING: u32 = 200;
/// How long an account waits for approval.
pub const UNDECIDED_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl Action for AskForAccount {}

impl Apply for AskForAccount {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let normalised = self.email.normalised();
        replace(link, self.organisation, normalised.clone()).await?;
        insert(
            link,
            self.token,
            self.organisation,
            self.email,
            normalised,
            self.at,
            self.expires_at,
        )
        .await?;
        Ok(())
    }
}

impl Action for ConfirmAccountRequest {}

impl Apply for ConfirmAccountRequest {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let spent = spend(link, self.token, self.at).await?;
        let (organisation, email) = spent.ok_or(Refused::LinkSpent)?;
        let pending = pending(link, organisation).await?;
        if pending.is_some_and(|(pending,)| pending >= MOST_PENDING) {
            return Err(Refused::TooManyPending.into());
        }
        let new = NewAccount {
            id: self.account,
            organisation,
            email,
            display_name: self.display_name,
            role: AccountRole::Member,
            state: AccountState::Pending,
            password: Some(self.password),
            at: self.at,
        };
        match account::insert(link, new).await {
            Err(Failure::Refused(Refused::AccountExists)) => Err(Refused::LinkSpent.into()),
            done => done,
        }
    }
}

impl Action for ForgetRequest {}

impl Apply for ForgetRequest {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match turn_away(link, self.account, self.before).await? {
            0 => Err(Refused::AccountState.into()),
            _ => erase(link, self.account).await,
        }
    }
}

/// Those that are too old.
pub(super) async fn forget(link: &mut Link<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    forget_expired(link, now).await?;
    Ok(())
}

statements! {
    execute replace(organisation: OrganisationId, normalised: String)
        = "DELETE FROM account_request WHERE organisation = $1 AND email_normalised = $2";

    execute insert(
        token: TokenHash, organisation: OrganisationId, email: EmailAddress, normalised: String,
        at: Timestamp, expires_at: Timestamp,
    )
        = "INSERT INTO account_request
             (token_hash, organisation, email, email_normalised, asked_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6)";

    optional spend(token: TokenHash, now: Timestamp) -> (OrganisationId, EmailAddress)
        = "DELETE FROM account_request WHERE token_hash = $1 AND expires_at > $2
           RETURNING organisation, email";

    optional pending(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM account WHERE organisation = $1 AND state = 'pending'
             AND NOT EXISTS (SELECT 1 FROM directory_account d WHERE d.account = account.id)";

    execute turn_away(id: AccountId, before: Timestamp)
        = "UPDATE account SET state = 'removed'
           WHERE id = $1 AND state = 'pending' AND created_at < $2
             AND NOT EXISTS (SELECT 1 FROM directory_account d WHERE d.account = account.id)";

    execute forget_expired(now: Timestamp)
        = "DELETE FROM account_request WHERE expires_at <= $1";
}
