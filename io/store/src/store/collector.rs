//! What is asked for the operator's collector, which has every entry in order.

use super::Store;
use crate::error::ReadError;
use crate::read::audit::{self, Recorded};

impl Store {
    /// Entries after a position, oldest first, `most` of them at the most.
    pub async fn recorded_after(
        &self,
        position: i64,
        most: u32,
    ) -> Result<Vec<Recorded>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(audit::recorded_after(&mut reader.link(), position, most).await?)
    }

    /// The position of the last entry that the operator's collector has; 0 where it has none.
    pub async fn collected(&self) -> Result<i64, ReadError> {
        let mut reader = self.reader().await?;
        let found = audit::collected(&mut reader.link()).await?;
        Ok(found.map_or(0, |(position,)| position))
    }
}
