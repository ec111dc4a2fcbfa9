//! What the store can be asked about training.

use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::training::{self, MOST_LISTED, Overdue, OverdueCount, Training};

impl Store {
    /// The organisation's, latest entered first, [`MOST_LISTED`] at the most.
    pub async fn trainings(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<Training>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(training::trainings(&mut reader.link(), organisation, MOST_LISTED).await?)
    }

    /// Somebody's own that stand, latest entered first, [`MOST_LISTED`] at the most.
    pub async fn trainings_of(&self, account: AccountId) -> Result<Vec<Training>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(training::trainings_of(&mut reader.link(), account, MOST_LISTED).await?)
    }

    /// Whose training is over, or who has none; [`MOST_LISTED`] at the most.
    pub async fn overdue_trainings(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<Vec<Overdue>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(training::overdue(&mut reader.link(), organisation, now, MOST_LISTED).await?)
    }

    /// How many these are, of all.
    pub async fn people_without_training(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<OverdueCount, ReadError> {
        let mut reader = self.reader().await?;
        let found = training::count_overdue(&mut reader.link(), organisation, now).await?;
        Ok(found.unwrap_or_default())
    }
}
