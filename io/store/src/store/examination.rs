//! Questions about saved views, and about what the rules for anomalies found.

use conclave_policy::anomaly::{Mark, RuleHistory};
use conclave_policy::saved_view::MOST_OF_ORGANISATION;
use conclave_protocol::anomaly::AnomalyRule;
use conclave_protocol::{AccountId, AnomalyId, OrganisationId, SavedViewId, Timestamp};
use uuid::Uuid;

use super::Store;
use crate::error::ReadError;
use crate::read::anomaly::{
    self, ChosenRules, FoundAnomaly, MOST_FINDINGS_LISTED, MOST_MARKS_COUNTED, MOST_RULE_VERSIONS,
};
use crate::read::saved_view::{self, SavedView};

impl Store {
    /// The account's own, and those that others of the organisation share, by name.
    pub async fn saved_views(
        &self,
        organisation: OrganisationId,
        account: AccountId,
    ) -> Result<Vec<SavedView>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(saved_view::seen(link, organisation, account, MOST_OF_ORGANISATION).await?)
    }

    pub async fn saved_view(
        &self,
        id: SavedViewId,
        organisation: OrganisationId,
    ) -> Result<Option<SavedView>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(saved_view::one(&mut reader.link(), id, organisation).await?)
    }

    pub async fn anomaly(
        &self,
        id: AnomalyId,
        organisation: OrganisationId,
    ) -> Result<Option<FoundAnomaly>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(anomaly::one(&mut reader.link(), id, organisation).await?)
    }

    /// Newest first, [`MOST_FINDINGS_LISTED`] at the most; those that nobody reviewed are among them before others.
    pub async fn anomalies(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<FoundAnomaly>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let mut found = anomaly::listed(link, organisation, MOST_FINDINGS_LISTED).await?;
        found.sort_by_key(|finding| std::cmp::Reverse((finding.found_at, finding.id)));
        Ok(found)
    }

    /// How many nobody has reviewed.
    pub async fn open_anomalies(&self, organisation: OrganisationId) -> Result<u32, ReadError> {
        let mut reader = self.reader().await?;
        let found = anomaly::count_open(&mut reader.link(), organisation).await?;
        Ok(found.map_or(0, |(open,)| open))
    }

    /// What its reviewer said, sealed.
    pub async fn anomaly_note(
        &self,
        id: AnomalyId,
        organisation: OrganisationId,
    ) -> Result<Option<Vec<u8>>, ReadError> {
        let mut reader = self.reader().await?;
        let found = anomaly::note(&mut reader.link(), id, organisation).await?;
        Ok(found.and_then(|(note,)| note))
    }

    /// Whose acts a finding counted.
    pub async fn anomaly_makers(&self, id: AnomalyId) -> Result<Vec<AccountId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = anomaly::makers(&mut reader.link(), id).await?;
        Ok(found.into_iter().map(|(account,)| account).collect())
    }

    /// When the rule found something about the subject last. What is dated ahead of `now` was found by another clock.
    pub async fn last_anomaly(
        &self,
        organisation: OrganisationId,
        rule: AnomalyRule,
        subject: Uuid,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = anomaly::last_of(link, organisation, rule, subject, now).await?;
        Ok(found.map(|(at,)| at))
    }

    /// What counts for the rule and the subject after a moment, [`MOST_MARKS_COUNTED`] of the latest.
    pub async fn anomaly_marks(
        &self,
        organisation: OrganisationId,
        rule: AnomalyRule,
        subject: Uuid,
        since: Timestamp,
    ) -> Result<Vec<Mark>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let most = MOST_MARKS_COUNTED;
        let found = anomaly::marks_of(link, organisation, rule, subject, since, most).await?;
        let marks = found.into_iter().map(|mark| mark.of(rule, subject));
        Ok(marks.collect())
    }

    /// What the organisation says of the rules; nothing, where it never did.
    pub async fn anomaly_rules(
        &self,
        organisation: OrganisationId,
    ) -> Result<ChosenRules, ReadError> {
        let mut reader = self.reader().await?;
        let found = anomaly::chosen(&mut reader.link(), organisation).await?;
        Ok(found.unwrap_or_default())
    }

    /// What it said of them when.
    pub async fn anomaly_rule_history(
        &self,
        organisation: OrganisationId,
    ) -> Result<RuleHistory, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let kept = anomaly::versions(link, organisation, MOST_RULE_VERSIONS).await?;
        let versions = kept.into_iter();
        let versions = versions.map(|version| (version.since, version.choices));
        Ok(RuleHistory::new(versions.collect()))
    }

    /// The position of the outbox up to which the rules have looked.
    pub async fn anomalies_looked_at(&self) -> Result<i64, ReadError> {
        let mut reader = self.reader().await?;
        let found = anomaly::looked_at(&mut reader.link()).await?;
        Ok(found.map_or(0, |(position,)| position))
    }
}
