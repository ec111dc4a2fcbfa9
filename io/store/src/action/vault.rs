//! An account's vault and its list of devices: each version follows the one before; and the browsers that ask to be added.

use conclave_protocol::vault::{DeviceEntry, DeviceRequestBytes, SealedVault};
use conclave_protocol::{AccountId, Timestamp};
use uuid::Uuid;

use super::{Action, Apply, Failure};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::TokenHash;

/// Makes the next version of the vault and appends to the list. Refused: [`Refused::Conflict`] when the vault
/// is not, or no longer, at the previous version, or the list not as long.
pub struct ChangeVault {
    pub account: AccountId,
    /// 0 before there is one.
    pub previous_version: u64,
    /// The length of the list that the entries continue.
    pub previous_devices: Option<u16>,
    pub sealed: SealedVault,
    pub entries: Vec<DeviceEntry>,
    pub at: Timestamp,
}

/// A browser asks to be added; its session's earlier request is void. Refused: [`Refused::TooManyAsk`].
pub struct AskForDevice {
    pub id: Uuid,
    pub account: AccountId,
    pub session: TokenHash,
    pub request: DeviceRequestBytes,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

/// Takes a request away. Refused: [`Refused::NotFound`] for one that is not there, or another account's.
pub struct EndDeviceRequest {
    pub id: Uuid,
    pub account: AccountId,
}

impl Action for ChangeVault {}

impl Apply for ChangeVault {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let found = standing(link, self.account).await?;
        let (version, devices) = found.unwrap_or_default();
        let continued = self.previous_devices.map_or(devices, u32::from);
        if (version, devices) != (self.previous_version, continued) {
            return Err(Refused::Conflict.into());
        }
        let mut length = devices;
        for entry in self.entries {
            append(link, self.account, length, entry, self.at).await?;
            length = length.saturating_add(1);
        }
        match found {
            None => begin(link, self.account, length, self.sealed, self.at).await?,
            Some(_) => follow(link, self.account, length, self.sealed, self.at).await?,
        };
        Ok(())
    }
}

impl Action for AskForDevice {}

impl Apply for AskForDevice {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        forget_request_of(link, self.session).await?;
        forget_expired(link, self.at).await?;
        if waiting(link, self.account).await?.len() >= MOST_ASKING {
            return Err(Refused::TooManyAsk.into());
        }
        ask(
            link,
            self.id,
            self.account,
            self.session,
            self.request,
            self.at,
            self.expires_at,
        )
        .await?;
        Ok(())
    }
}

impl Action for EndDeviceRequest {}

impl Apply for EndDeviceRequest {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match end_request(link, self.id, self.account).await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

/// Those whose time is over.
pub(super) async fn forget_requests(
    link: &mut Link<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    forget_expired(link, now).await?;
    Ok(())
}

/// Requests of one account at a time: more, and its holder could not tell which is whose.
const MOST_ASKING: usize = 3;

statements! {
    optional standing(account: AccountId) -> (u64, u32)
        = "SELECT version, devices FROM account_vault WHERE account = $1";

    execute append(account: AccountId, idx: u32, entry: DeviceEntry, at: Timestamp)
        = "INSERT INTO account_device (account, idx, entry, added_at) VALUES ($1, $2, $3, $4)";

    execute begin(account: AccountId, devices: u32, sealed: SealedVault, at: Timestamp)
        = "INSERT INTO account_vault (account, version, devices, sealed, changed_at)
           VALUES ($1, 1, $2, $3, $4)";

    execute follow(account: AccountId, devices: u32, sealed: SealedVault, at: Timestamp)
        = "UPDATE account_vault SET version = version + 1, devices = $2, sealed = $3, changed_at = $4
           WHERE account = $1";

    execute forget_request_of(session: TokenHash)
        = "DELETE FROM device_request WHERE session = $1";

    all waiting(account: AccountId) -> (Uuid,)
        = "SELECT id FROM device_request WHERE account = $1";

    execute ask(
        id: Uuid, account: AccountId, session: TokenHash, request: DeviceRequestBytes,
        at: Timestamp, expires_at: Timestamp,
    )
        = "INSERT INTO device_request (id, account, session, request, asked_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6)";

    execute end_request(id: Uuid, account: AccountId)
        = "DELETE FROM device_request WHERE id = $1 AND account = $2";

    execute forget_expired(now: Timestamp)
        = "DELETE FROM device_request WHERE expires_at <= $1";
}
