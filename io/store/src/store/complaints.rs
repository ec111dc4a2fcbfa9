//! What the store can be asked about complaints.

use conclave_protocol::complaint::ComplaintCounts;
use conclave_protocol::{OrganisationId, Timestamp};
use uuid::Uuid;

use super::Store;
use crate::error::ReadError;
use crate::read::complaint::{self, Complaint, MOST_LISTED, SealedComplaint};

impl Store {
    /// The organisation's, newest first, [`MOST_LISTED`] at the most; those that are open before others.
    pub async fn complaints(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<Complaint>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(complaint::complaints(&mut reader.link(), organisation, MOST_LISTED).await?)
    }

    /// Of an organisation's, by that moment.
    pub async fn complaint_counts(
        &self,
        organisation: OrganisationId,
        at: Timestamp,
    ) -> Result<ComplaintCounts, ReadError> {
        let mut reader = self.reader().await?;
        let found = complaint::counted(&mut reader.link(), organisation, at).await?;
        let (received, closed) = found.unwrap_or_default();
        Ok(ComplaintCounts {
            received,
            open: received.saturating_sub(closed),
            closed,
        })
    }

    pub async fn complaint_words(
        &self,
        organisation: OrganisationId,
        id: Uuid,
    ) -> Result<Option<SealedComplaint>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(complaint::complaint(&mut reader.link(), id, organisation).await?)
    }
}
