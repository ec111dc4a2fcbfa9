//! An account's vault, its list of devices, and who asks to be added.

use conclave_protocol::vault::{DeviceEntry, DeviceRequestBytes, SealedVault};
use conclave_protocol::{AccountId, Timestamp};
use uuid::Uuid;

use crate::engine::{Link, row, statements};

/// A version of the vault, and the list as this version has it.
pub struct Vault {
    pub version: u64,
    pub sealed: SealedVault,
    /// Oldest entry first.
    pub devices: Vec<DeviceEntry>,
}

row! {
    /// A browser that asks to be added.
    pub struct DeviceRequest {
        pub id: Uuid,
        pub request: DeviceRequestBytes,
        pub asked_at: Timestamp,
    }
}

/// The list only grows: read after the vault, it has at least that version's entries.
pub(crate) async fn of_account(
    link: &mut Link<'_>,
    account: AccountId,
) -> Result<Option<Vault>, sqlx::Error> {
    let Some((version, length, sealed)) = vault(link, account).await? else {
        return Ok(None);
    };
    let devices = devices(link, account, length).await?;
    Ok(Some(Vault {
        version,
        sealed,
        devices: devices.into_iter().map(|(entry,)| entry).collect(),
    }))
}

pub(crate) async fn devices_of(
    link: &mut Link<'_>,
    account: AccountId,
) -> Result<Vec<DeviceEntry>, sqlx::Error> {
    let found = devices(link, account, u32::MAX).await?;
    Ok(found.into_iter().map(|(entry,)| entry).collect())
}

statements! {
    optional vault(account: AccountId) -> (u64, u32, SealedVault)
        = "SELECT version, devices, sealed FROM account_vault WHERE account = $1";

    all devices(account: AccountId, length: u32) -> (DeviceEntry,)
        = "SELECT entry FROM account_device WHERE account = $1 AND idx < $2 ORDER BY idx";

    all requests(account: AccountId, now: Timestamp) -> DeviceRequest
        = "SELECT id, request, asked_at FROM device_request
           WHERE account = $1 AND expires_at > $2 ORDER BY asked_at, id";
}
