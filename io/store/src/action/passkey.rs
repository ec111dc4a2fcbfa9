//! Passkeys of an account: added, named, used, removed.

use conclave_protocol::personal::Label;
use conclave_protocol::{AccountId, Timestamp};
use uuid::Uuid;

use super::session::{self, Renewal};
use super::{Action, Apply, Failure, federated_identity, second_factor};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::TokenHash;

/// Adds a passkey; the account's other sessions end. Refused: [`Refused::Conflict`] for one that is somebody's
/// already, [`Refused::TooManyPasskeys`], [`Refused::NotFound`] when the session has ended.
pub struct AddPasskey {
    pub id: Uuid,
    pub account: AccountId,
    pub credential_id: Vec<u8>,
    pub credential: String,
    /// That it was made for (WebAuthn's RP ID).
    pub domain: String,
    pub label: Label,
    /// Hashes; none leave those that are there as they are.
    pub recovery_codes: Vec<TokenHash>,
    pub renewal: Renewal,
    pub at: Timestamp,
}

/// Refused: [`Refused::NotFound`] for one that is not there, or another account's.
pub struct RenamePasskey {
    pub id: Uuid,
    pub account: AccountId,
    pub label: Label,
}

/// Refused: [`Refused::NotFound`] as [`RenamePasskey`], [`Refused::LastFactor`], [`Refused::LastWay`].
pub struct RemovePasskey {
    pub id: Uuid,
    pub account: AccountId,
    /// The role may not be without a second factor.
    pub keep_one: bool,
    pub renewal: Renewal,
}

/// What a passkey is from its last use on, and was before.
pub struct UsedPasskey {
    pub id: Uuid,
    pub before: String,
    pub after: String,
    pub at: Timestamp,
}

impl Action for AddPasskey {}

impl Apply for AddPasskey {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        if taken(link, self.credential_id.clone()).await?.is_some() {
            return Err(Refused::Conflict.into());
        }
        if all_of(link, self.account).await?.len() >= MOST_PASSKEYS {
            return Err(Refused::TooManyPasskeys.into());
        }
        insert_passkey(
            link,
            self.id,
            self.account,
            self.credential_id,
            self.credential,
            self.domain,
            self.label,
            self.at,
        )
        .await?;
        second_factor::replace_codes(link, self.account, self.recovery_codes).await?;
        session::renew(link, self.renewal).await
    }
}

impl Action for RenamePasskey {}

impl Apply for RenamePasskey {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match label(link, self.id, self.account, self.label).await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

impl Action for RemovePasskey {}

impl Apply for RemovePasskey {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        if delete_passkey(link, self.id, self.account).await? == 0 {
            return Err(Refused::NotFound.into());
        }
        second_factor::settle(link, self.account, self.keep_one).await?;
        federated_identity::keep_a_way(link, self.account).await?;
        session::renew(link, self.renewal).await
    }
}

/// Refused: [`Refused::Conflict`] when it was used, or removed, at the same moment.
pub(super) async fn use_passkey(link: &mut Link<'_>, used: UsedPasskey) -> Result<(), Failure> {
    match advance_passkey(link, used.id, used.before, used.after, used.at).await? {
        0 => Err(Refused::Conflict.into()),
        _ => Ok(()),
    }
}

/// Of one account: more than anybody has devices.
const MOST_PASSKEYS: usize = 16;

statements! {
    optional taken(credential_id: Vec<u8>) -> (bool,)
        = "SELECT TRUE FROM passkey WHERE credential_id = $1";

    all all_of(account: AccountId) -> (Uuid,)
        = "SELECT id FROM passkey WHERE account = $1";

    execute insert_passkey(
        id: Uuid, account: AccountId, credential_id: Vec<u8>, credential: String, domain: String,
        label: Label, at: Timestamp,
    )
        = "INSERT INTO passkey (id, account, credential_id, credential, domain, label, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)";

    execute label(id: Uuid, account: AccountId, label: Label)
        = "UPDATE passkey SET label = $3 WHERE id = $1 AND account = $2";

    execute delete_passkey(id: Uuid, account: AccountId)
        = "DELETE FROM passkey WHERE id = $1 AND account = $2";

    execute advance_passkey(id: Uuid, before: String, after: String, at: Timestamp)
        = "UPDATE passkey SET credential = $3, last_used_at = $4 WHERE id = $1 AND credential = $2";
}
