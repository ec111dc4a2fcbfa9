//! Questions about an account's vault, with the devices that open it.

use conclave_protocol::vault::DeviceEntry;
use conclave_protocol::{AccountId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::vault::{self, DeviceRequest, Vault};

impl Store {
    pub async fn vault(&self, account: AccountId) -> Result<Option<Vault>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(vault::of_account(&mut reader.link(), account).await?)
    }

    /// The account's list of devices, oldest entry first.
    pub async fn devices(&self, account: AccountId) -> Result<Vec<DeviceEntry>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(vault::devices_of(&mut reader.link(), account).await?)
    }

    /// Browsers that ask at `now` to be added to the account's, oldest first.
    pub async fn device_requests(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<DeviceRequest>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(vault::requests(&mut reader.link(), account, now).await?)
    }
}
