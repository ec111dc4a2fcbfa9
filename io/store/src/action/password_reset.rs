//! A forgotten password: a link is mailed, and whoever opens it chooses another.

use conclave_policy::mailed_link::MOST_RESETS;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::{AccountId, Timestamp};

use super::account::{end_sessions, is_active, set_password};
use super::password::distrust;
use super::{Action, Apply, Failure, email};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::{PasswordHash, TokenHash};

/// Remembers the link that an account's address was sent. Earlier ones hold: whoever asks again, and it may be a stranger,
/// takes none from the account's holder.
/// Refused: [`Refused::AccountState`] unless the account is active, [`Refused::Conflict`] where it has another address by now.
pub struct AskForReset {
    pub account: AccountId,
    /// That the link goes to.
    pub email: EmailAddress,
    pub token: TokenHash,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

/// Spends the link, and the account's others: sets the password and ends every session; an address that somebody at one of
/// them asked for is forgotten. Refused: [`Refused::LinkSpent`], also for an account that
/// is not active any more.
pub struct ResetPassword {
    pub token: TokenHash,
    pub password: PasswordHash,
    pub at: Timestamp,
}

impl Action for AskForReset {}

impl Apply for AskForReset {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        is_active(link, self.account).await?;
        if has_address(link, self.account, self.email.normalised())
            .await?
            .is_none()
        {
            return Err(Refused::Conflict.into());
        }
        let Self {
            account,
            email: _,
            token,
            at,
            expires_at,
        } = self;
        remember(link, account, token, at, expires_at).await
    }
}

impl Action for ResetPassword {}

impl Apply for ResetPassword {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let spent = spend(link, self.token, self.at).await?;
        let (account,) = spent.ok_or(Refused::LinkSpent)?;
        is_active(link, account)
            .await
            .map_err(|failure| match failure {
                Failure::Refused(_) => Refused::LinkSpent.into(),
                failure => failure,
            })?;
        forget_links(link, account).await?;
        email::forget_of(link, account).await?;
        set_password(link, account, self.password).await?;
        end_sessions(link, account).await?;
        distrust(link, account).await?;
        Ok(())
    }
}

/// Makes the link good. Beyond [`MOST_RESETS`] the account's oldest is void.
pub(super) async fn remember(
    link: &mut Link<'_>,
    account: AccountId,
    token: TokenHash,
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Failure> {
    insert(link, account, token, at, expires_at).await?;
    forget_beyond(link, account, MOST_RESETS).await?;
    Ok(())
}

/// Those that are too old.
pub(super) async fn forget(link: &mut Link<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    forget_expired(link, now).await?;
    Ok(())
}

statements! {
    optional has_address(account: AccountId, normalised: String) -> (bool,)
        = "SELECT TRUE FROM account WHERE id = $1 AND email_normalised = $2";

    execute insert(account: AccountId, token: TokenHash, at: Timestamp, expires_at: Timestamp)
        = "INSERT INTO password_reset (account, token_hash, asked_at, expires_at)
           VALUES ($1, $2, $3, $4)";

    execute forget_beyond(account: AccountId, most: u32)
        = "DELETE FROM password_reset
           WHERE account = $1 AND token_hash NOT IN (
             SELECT token_hash FROM password_reset
             WHERE account = $1 ORDER BY asked_at DESC, token_hash LIMIT $2)";

    execute forget_links(account: AccountId)
        = "DELETE FROM password_reset WHERE account = $1";

    optional spend(token: TokenHash, now: Timestamp) -> (AccountId,)
        = "DELETE FROM password_reset WHERE token_hash = $1 AND expires_at > $2 RETURNING account";

    execute forget_expired(now: Timestamp)
        = "DELETE FROM password_reset WHERE expires_at <= $1";
}
