//! Second factors: an authenticator program's secret, the codes that were written down, and what uses them up.

use conclave_policy::totp::Step;
use conclave_protocol::{AccountId, Timestamp};

use super::session::{self, Renewal};
use super::{Action, Apply, Failure};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::TokenHash;

/// Makes an authenticator program's secret good, in place of an earlier one; the account's other sessions end.
/// Refused: [`Refused::NotFound`] when the session has ended.
pub struct SetUpTotp {
    pub account: AccountId,
    pub sealed: Vec<u8>,
    /// Of the code that was shown.
    pub step: Step,
    /// Hashes; void ones are replaced, none are left as they are.
    pub recovery_codes: Vec<TokenHash>,
    pub renewal: Renewal,
    pub at: Timestamp,
}

/// Refused: [`Refused::NotFound`] without one, [`Refused::LastFactor`].
pub struct RemoveTotp {
    pub account: AccountId,
    /// The role may not be without a second factor.
    pub keep_one: bool,
    pub renewal: Renewal,
}

/// Makes codes in place of those that are left. Refused: [`Refused::NotFound`] without a second factor that they could
/// stand in for, or when the session has ended.
pub struct MakeRecoveryCodes {
    pub account: AccountId,
    pub session: TokenHash,
    pub codes: Vec<TokenHash>,
}

impl Action for SetUpTotp {}

impl Apply for SetUpTotp {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        set_totp(link, self.account, self.sealed, self.step.0, self.at).await?;
        replace_codes(link, self.account, self.recovery_codes).await?;
        session::renew(link, self.renewal).await
    }
}

impl Action for RemoveTotp {}

impl Apply for RemoveTotp {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        if delete_totp(link, self.account).await? == 0 {
            return Err(Refused::NotFound.into());
        }
        settle(link, self.account, self.keep_one).await?;
        session::renew(link, self.renewal).await
    }
}

impl Action for MakeRecoveryCodes {}

impl Apply for MakeRecoveryCodes {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let has_one = any_factor(link, self.account).await?.is_some();
        if !has_one || session::holder(link, self.session).await? != Some((self.account,)) {
            return Err(Refused::NotFound.into());
        }
        replace_codes(link, self.account, self.codes).await?;
        Ok(())
    }
}

/// A code is good once, and none before it afterwards. Refused: [`Refused::Conflict`].
pub(super) async fn use_step(
    link: &mut Link<'_>,
    account: AccountId,
    Step(step): Step,
) -> Result<(), Failure> {
    match advance_step(link, account, step).await? {
        0 => Err(Refused::Conflict.into()),
        _ => Ok(()),
    }
}

/// Refused: [`Refused::Conflict`] for a code that is not there, or no longer.
pub(super) async fn use_code(
    link: &mut Link<'_>,
    account: AccountId,
    code: TokenHash,
) -> Result<(), Failure> {
    match spend_code(link, account, code).await? {
        0 => Err(Refused::Conflict.into()),
        _ => Ok(()),
    }
}

/// All of them, with what stands in for one. What is left to sign in with is a password, or the provider's identity; an
/// account that had passkeys alone has neither.
pub(super) async fn void(link: &mut Link<'_>, account: AccountId) -> Result<(), sqlx::Error> {
    delete_totp(link, account).await?;
    delete_codes(link, account).await?;
    delete_passkeys(link, account).await?;
    Ok(())
}

/// None given: those that are there stay.
pub(super) async fn replace_codes(
    link: &mut Link<'_>,
    account: AccountId,
    codes: Vec<TokenHash>,
) -> Result<(), sqlx::Error> {
    if codes.is_empty() {
        return Ok(());
    }
    delete_codes(link, account).await?;
    for code in codes {
        insert_code(link, account, code).await?;
    }
    Ok(())
}

/// After something was removed. Recovery codes stand in for a second factor, and are none themselves.
pub(super) async fn settle(
    link: &mut Link<'_>,
    account: AccountId,
    keep_one: bool,
) -> Result<(), Failure> {
    let has_one = any_factor(link, account).await?.is_some();
    if !has_one && keep_one {
        return Err(Refused::LastFactor.into());
    }
    if !has_one {
        delete_codes(link, account).await?;
    }
    Ok(())
}

statements! {
    execute set_totp(
        account: AccountId, sealed: Vec<u8>, step: u64, at: Timestamp,
    )
        = "INSERT INTO account_totp (account, sealed, last_step, set_up_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (account) DO UPDATE
           SET sealed = excluded.sealed, last_step = excluded.last_step, set_up_at = excluded.set_up_at";

    execute delete_totp(account: AccountId)
        = "DELETE FROM account_totp WHERE account = $1";

    execute advance_step(account: AccountId, step: u64)
        = "UPDATE account_totp SET last_step = $2 WHERE account = $1 AND last_step < $2";

    execute spend_code(account: AccountId, code: TokenHash)
        = "DELETE FROM recovery_code WHERE account = $1 AND code_hash = $2";

    execute delete_codes(account: AccountId)
        = "DELETE FROM recovery_code WHERE account = $1";

    execute delete_passkeys(account: AccountId)
        = "DELETE FROM passkey WHERE account = $1";

    execute insert_code(account: AccountId, code: TokenHash)
        = "INSERT INTO recovery_code (account, code_hash) VALUES ($1, $2)";

    optional any_factor(account: AccountId) -> (bool,)
        = "SELECT TRUE WHERE EXISTS (SELECT 1 FROM account_totp WHERE account = $1)
           OR EXISTS (SELECT 1 FROM passkey WHERE account = $1)";
}
