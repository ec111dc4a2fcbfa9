//! An account's password: chosen anew.

use conclave_protocol::AccountId;

use super::session::{self, Renewal};
use super::{Action, Apply, Failure, email};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::PasswordHash;

/// Sets the password; the account's other sessions and its trusted browsers end, and an address that was asked for at one of
/// them is forgotten.
/// Refused: [`Refused::NotFound`] without the account, or when the session has ended.
pub struct ChangePassword {
    pub account: AccountId,
    pub password: PasswordHash,
    pub renewal: Renewal,
}

impl Action for ChangePassword {}

impl Apply for ChangePassword {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        if set(link, self.account, self.password).await? == 0 {
            return Err(Refused::NotFound.into());
        }
        distrust(link, self.account).await?;
        email::forget_of(link, self.account).await?;
        session::renew(link, self.renewal).await
    }
}

statements! {
    execute set(account: AccountId, password: PasswordHash)
        = "UPDATE account SET password = $2 WHERE id = $1";

    execute distrust(account: AccountId)
        = "DELETE FROM trusted_device WHERE account = $1";
}
