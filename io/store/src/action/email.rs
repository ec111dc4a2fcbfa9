//! Another address for an account: a link is mailed there, and counts once its holder has opened it.

use conclave_protocol::personal::EmailAddress;
use conclave_protocol::{AccountId, Timestamp};

use super::account::is_active;
use super::session::{self, Renewal};
use super::{Action, Apply, Failure};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::TokenHash;

/// Remembers the link that an address was sent; the account's earlier one is void.
/// Refused: [`Refused::AccountState`] unless the account is active.
pub struct AskForEmail {
    pub account: AccountId,
    pub token: TokenHash,
    pub email: EmailAddress,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

/// Spends the link: the account has that address, and its other sessions end. Refused: [`Refused::LinkSpent`], also for
/// another account's link and where somebody else came by the address in between; [`Refused::NotFound`] when the session
/// has ended.
pub struct ChangeEmail {
    pub account: AccountId,
    pub token: TokenHash,
    pub renewal: Renewal,
    pub at: Timestamp,
}

impl Action for AskForEmail {}

impl Apply for AskForEmail {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        is_active(link, self.account).await?;
        let (account, token, email) = (self.account, self.token, self.email);
        remember(link, account, token, email, self.at, self.expires_at).await?;
        Ok(())
    }
}

impl Action for ChangeEmail {}

impl Apply for ChangeEmail {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let spent = spend(link, self.account, self.token, self.at).await?;
        let (email,) = spent.ok_or(Refused::LinkSpent)?;
        is_active(link, self.account).await?;
        let normalised = email.normalised();
        if set_email(link, self.account, email, normalised).await? == 0 {
            return Err(Refused::LinkSpent.into());
        }
        super::password_reset::forget_links(link, self.account).await?;
        session::renew(link, self.renewal).await
    }
}

/// Those that are too old.
pub(super) async fn forget(link: &mut Link<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    forget_expired(link, now).await?;
    Ok(())
}

statements! {
    execute remember(
        account: AccountId, token: TokenHash, email: EmailAddress, at: Timestamp,
        expires_at: Timestamp,
    )
        = "INSERT INTO email_change (account, token_hash, email, asked_at, expires_at)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (account) DO UPDATE SET token_hash = excluded.token_hash,
             email = excluded.email, asked_at = excluded.asked_at, expires_at = excluded.expires_at";

    optional spend(account: AccountId, token: TokenHash, now: Timestamp) -> (EmailAddress,)
        = "DELETE FROM email_change WHERE account = $1 AND token_hash = $2 AND expires_at > $3
           RETURNING email";

    execute set_email(id: AccountId, email: EmailAddress, normalised: String)
        = "UPDATE account SET email = $2, email_normalised = $3
           WHERE id = $1 AND NOT EXISTS (
             SELECT 1 FROM account other
             WHERE other.organisation = account.organisation AND other.email_normalised = $3
               AND other.id <> $1)";

    execute forget_of(account: AccountId)
        = "DELETE FROM email_change WHERE account = $1";

    execute forget_expired(now: Timestamp)
        = "DELETE FROM email_change WHERE expires_at <= $1";
}
