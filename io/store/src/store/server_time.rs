//! The question how late it has been, as far as it is remembered.

use conclave_protocol::Timestamp;

use super::Store;
use crate::error::ReadError;
use crate::read::server_time;

impl Store {
    /// The latest moment that is remembered: no server's time begins before it.
    pub async fn remembered_time(&self) -> Result<Option<Timestamp>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(server_time::remembered(&mut reader.link()).await?)
    }
}
