//! Questions about what an organisation's policy says.

use conclave_policy::rules::Layers;
use conclave_protocol::{AccountId, OrganisationId};

use super::Store;
use crate::error::ReadError;
use crate::read::policy::{self, PolicyRow, PolicyState};

impl Store {
    /// How far an organisation's policy has come; what is read after it is not older.
    pub async fn policy_state(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<PolicyState>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(policy::state(&mut reader.link(), organisation).await?)
    }

    /// The words that concern an account of the organisation, or a guest of it.
    pub async fn layers(
        &self,
        organisation: OrganisationId,
        account: Option<AccountId>,
    ) -> Result<Layers, ReadError> {
        let mut reader = self.reader().await?;
        Ok(policy::layers(&mut reader.link(), organisation, account).await?)
    }

    /// Every layer of an organisation.
    pub async fn all_layers(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<PolicyRow>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(policy::all(&mut reader.link(), organisation).await?)
    }
}
