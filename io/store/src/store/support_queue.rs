//! Questions about who asked for a technician's help.

use conclave_policy::support_queue::{DECLINED_KEPT, GONE_AFTER, MOST_WAITING, WAITS_FOR};
use conclave_protocol::{OrganisationId, SupportRequestId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::support_queue::{self, SupportRequest};
use crate::secret::TokenHash;

impl Store {
    /// For whoever shows its token.
    pub async fn support_request(
        &self,
        id: SupportRequestId,
        token: TokenHash,
    ) -> Result<Option<SupportRequest>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(support_queue::with_token(&mut reader.link(), id, token).await?)
    }

    /// Whether a technician turned whoever shows its token away, not long ago.
    pub async fn was_declined(
        &self,
        id: SupportRequestId,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let declined = support_queue::declined(link, id, token, now.minus(DECLINED_KEPT));
        Ok(declined.await?.is_some())
    }

    /// The organisation's that wait at this moment: who asked first is first.
    pub async fn support_requests(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<Vec<SupportRequest>, ReadError> {
        let (asked_after, seen_after) = (now.minus(WAITS_FOR), now.minus(GONE_AFTER));
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let most = MOST_WAITING;
        Ok(support_queue::waiting(link, organisation, asked_after, seen_after, most).await?)
    }

    /// How many wait who asked before them.
    pub async fn support_requests_before(
        &self,
        request: &SupportRequest,
        now: Timestamp,
    ) -> Result<u32, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let before = support_queue::before(
            link,
            request.organisation,
            request.id,
            request.asked_at,
            now.minus(WAITS_FOR),
            now.minus(GONE_AFTER),
        );
        Ok(before.await?.map_or(0, |(before,)| before))
    }

    /// Those that nobody took in time, and those whose page is gone; `most` of them at the most.
    pub async fn support_requests_over(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<(SupportRequestId, OrganisationId)>, ReadError> {
        let (asked_before, seen_before) = (now.minus(WAITS_FOR), now.minus(GONE_AFTER));
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(support_queue::over(link, asked_before, seen_before, most).await?)
    }
}
