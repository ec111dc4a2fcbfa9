//! What the store can be asked about evidence.

use conclave_protocol::{OrganisationId, Timestamp};
use uuid::Uuid;

use super::Store;
use crate::error::ReadError;
use crate::read::evidence::{
    self, Agreement, AgreementVersion, ClaimStands, Decision, ListedExport, MOST_AGREEMENTS,
    MOST_EXPORTS, MOST_VERSIONS, MediaProfiles, Review,
};
use crate::read::risk::{self, Assessment};

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

    /// Whether somebody looked after the evidence at that moment.
    pub async fn was_evidence_watched(
        &self,
        organisation: OrganisationId,
        at: Timestamp,
    ) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let found = evidence::watched(&mut reader.link(), organisation, at).await?;
        Ok(found.is_some())
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

    /// Those in force, however many there were before them.
    pub async fn decisions_in_force(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<Decision>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(evidence::decisions_in_force(&mut reader.link(), organisation).await?)
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

    /// All that the register of agreements had said by that moment: by agreement, oldest first.
    pub async fn agreement_versions(
        &self,
        organisation: OrganisationId,
        at: Timestamp,
    ) -> Result<Vec<AgreementVersion>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(evidence::versions(link, organisation, at, MOST_VERSIONS).await?)
    }

    /// In force at that moment, one of each risk at the most.
    pub async fn risk_assessments(
        &self,
        organisation: OrganisationId,
        at: Timestamp,
    ) -> Result<Vec<Assessment>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(risk::assessments(&mut reader.link(), organisation, at).await?)
    }

    /// Those in force, however many there were before them.
    pub async fn risk_assessments_in_force(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<Assessment>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(risk::in_force(&mut reader.link(), organisation).await?)
    }

    /// Newest first.
    pub async fn evidence_exports(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<ListedExport>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(evidence::exports(link, organisation, MOST_EXPORTS).await?)
    }

    /// The signed note of an export, as it was issued.
    pub async fn evidence_export(
        &self,
        organisation: OrganisationId,
        id: Uuid,
    ) -> Result<Option<String>, ReadError> {
        let mut reader = self.reader().await?;
        let found = evidence::export(&mut reader.link(), organisation, id).await?;
        Ok(found.map(|(note,)| note))
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
