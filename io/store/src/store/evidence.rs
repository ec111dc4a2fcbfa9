//! What the store can be asked about evidence.

use conclave_protocol::{OrganisationId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::evidence::{
    self, Agreement, ClaimStands, Decision, MOST_AGREEMENTS, MediaProfiles, Review,
};

impl Store {
    /// How each claim that is on record stood at that moment, and since when.
    pub async fn claims_stood(
        &self,
        organisation: OrganisationId,
        at: Timestamp,
    ) -> Result<Vec<ClaimStands>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(evidence::stood(&mut reader.link(), organisation, at).await?)
    }

    /// Whether the log has it that all claims were judged in that time, its last moment included.
    pub async fn were_claims_judged(
        &self,
        organisation: OrganisationId,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let millis = |at: Timestamp| at.as_micros().div_euclid(1_000);
        let (since, until) = (millis(since), millis(until));
        let found = evidence::evaluations(link, organisation, since, until).await?;
        Ok(found.is_some_and(|(count,)| count > 0))
    }

    /// In force at that moment, one of each subject at the most.
    pub async fn decisions(
        &self,
        organisation: OrganisationId,
        at: Timestamp,
    ) -> Result<Vec<Decision>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(evidence::decisions(&mut reader.link(), organisation, at).await?)
    }

    /// Newest first.
    pub async fn agreements(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<Agreement>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(evidence::agreements(link, organisation, MOST_AGREEMENTS).await?)
    }

    /// Signed by that moment.
    pub async fn last_review(
        &self,
        organisation: OrganisationId,
        at: Timestamp,
    ) -> Result<Option<Review>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(evidence::last_review(&mut reader.link(), organisation, at).await?)
    }

    /// Of the media sessions on record since then, and how many were protected by another profile than this.
    pub async fn media_profiles(
        &self,
        since: Timestamp,
        promised: &str,
    ) -> Result<Option<MediaProfiles>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(evidence::media_profiles(link, since, promised.to_owned()).await?)
    }
}
