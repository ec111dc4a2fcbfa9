//! A way back for whoever has lost all others, by the operator's hand.

use conclave_protocol::{AccountId, Timestamp};

use super::account::{self, end_sessions};
use super::password::distrust;
use super::{Action, Apply, Failure, email, federated_identity, password_reset, second_factor};
use crate::engine::Link;
use crate::error::Refused;
use crate::secret::TokenHash;

/// Voids an account's second factors, and ends its sessions. Its password stays; with a link, links that were mailed before are
/// void.
///
/// Refused: [`Refused::AccountState`] unless the account is active, [`Refused::LastWay`] where nothing is left to sign in with
/// and there is no link, and [`Refused::NotAllowed`] for a link where something is and another owner can help.
pub struct LetBackIn {
    pub account: AccountId,
    /// Chooses a password: for the last owner, and for who had passkeys alone.
    pub link: Option<PasswordLink>,
}

/// A link that chooses another password, as one that is mailed.
pub struct PasswordLink {
    pub token: TokenHash,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

impl Action for LetBackIn {}

impl Apply for LetBackIn {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        account::is_active(link, self.account).await?;
        second_factor::void(link, self.account).await?;
        end_sessions(link, self.account).await?;
        distrust(link, self.account).await?;
        email::forget_of(link, self.account).await?;
        let has_a_way = federated_identity::has_a_way(link, self.account).await?;
        let Some(PasswordLink {
            token,
            at,
            expires_at,
        }) = self.link
        else {
            return match has_a_way {
                true => Ok(()),
                false => Err(Refused::LastWay.into()),
            };
        };
        let target = account::target(link, self.account).await?;
        let target = target.ok_or(Refused::AccountState)?;
        if has_a_way && !account::is_last(link, self.account, &target).await? {
            return Err(Refused::NotAllowed.into());
        }
        password_reset::forget_links(link, self.account).await?;
        password_reset::remember(link, self.account, token, at, expires_at).await
    }
}
