//! Questions about what an account signs in with beside its password.

use conclave_protocol::{AccountId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::factor::{self, Factors, Passkey};
use crate::secret::TokenHash;

impl Store {
    /// How the account signs in, beside its password.
    pub async fn factors(&self, account: AccountId) -> Result<Factors, ReadError> {
        let mut reader = self.reader().await?;
        Ok(factor::of_account(&mut reader.link(), account).await?)
    }

    pub async fn passkey(&self, credential_id: &[u8]) -> Result<Option<Passkey>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(factor::passkey(&mut reader.link(), credential_id.to_vec()).await?)
    }

    /// Passkeys that were made for another domain than this.
    pub async fn passkeys_of_other_domains(&self, domain: &str) -> Result<u32, ReadError> {
        let mut reader = self.reader().await?;
        let found = factor::of_other_domains(&mut reader.link(), domain.to_owned()).await?;
        Ok(found.map_or(0, |(found,)| found))
    }

    /// Whether anybody's holder has signed in before in the browser of this cookie.
    pub async fn knows(&self, device: TokenHash, now: Timestamp) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        Ok(factor::knows(&mut reader.link(), device, now)
            .await?
            .is_some())
    }

    /// Whether the account's holder has signed in before in the browser of this cookie.
    pub async fn trusts(
        &self,
        account: AccountId,
        device: TokenHash,
        now: Timestamp,
    ) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        Ok(factor::trusts(&mut reader.link(), account, device, now)
            .await?
            .is_some())
    }
}
