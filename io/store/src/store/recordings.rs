//! What the store can be asked about recordings.

use conclave_policy::recording::MOST_LISTED;
use conclave_protocol::{OrganisationId, Timestamp};
use uuid::Uuid;

use super::Store;
use crate::error::ReadError;
use crate::read::recording::{self, KeptPiece, Recording, RecordingKey, RecordingPlay};

impl Store {
    /// The organisation's, newest first: the first is in force.
    pub async fn recording_keys(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<RecordingKey>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::keys(&mut reader.link(), organisation).await?)
    }

    pub async fn recording_key(&self, id: Uuid) -> Result<Option<RecordingKey>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::key(&mut reader.link(), id).await?)
    }

    /// What sessions of the organisation are sealed to at this moment.
    pub async fn newest_recording_key(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<RecordingKey>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::newest_key(&mut reader.link(), organisation).await?)
    }

    /// How many days recordings are kept, where the organisation says so.
    pub async fn recording_days(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<u32>, ReadError> {
        let mut reader = self.reader().await?;
        let found = recording::rule(&mut reader.link(), organisation).await?;
        Ok(found.map(|(days,)| days))
    }

    /// In bytes, of all recordings that are kept.
    pub async fn recorded_bytes(&self, organisation: OrganisationId) -> Result<u64, ReadError> {
        let mut reader = self.reader().await?;
        let found = recording::used(&mut reader.link(), organisation).await?;
        Ok(found.map_or(0, |(bytes,)| bytes))
    }

    /// The organisation's, newest first, [`MOST_LISTED`] at the most.
    pub async fn recordings(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<Recording>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::listed(&mut reader.link(), organisation, MOST_LISTED).await?)
    }

    pub async fn recording(&self, id: Uuid) -> Result<Option<Recording>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::recording(&mut reader.link(), id).await?)
    }

    /// Those that nobody ended, of sessions that were over at this time; `most` of them at the most.
    pub async fn abandoned_recordings(
        &self,
        ended_before: Timestamp,
        most: u32,
    ) -> Result<Vec<Recording>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::abandoned(&mut reader.link(), ended_before, most).await?)
    }

    /// Those whose time is over; `most` of them at the most.
    pub async fn recordings_over(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<Recording>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::over(&mut reader.link(), now, most).await?)
    }

    /// Those that are deleted, and of which pieces are left; `most` of them at the most.
    pub async fn uncleared_recordings(&self, most: u32) -> Result<Vec<Uuid>, ReadError> {
        let mut reader = self.reader().await?;
        let found = recording::uncleared(&mut reader.link(), most).await?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }

    /// `None` where there is none, and of a recording that is deleted.
    pub async fn recording_piece(
        &self,
        recording: Uuid,
        number: u32,
    ) -> Result<Option<KeptPiece>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::piece(&mut reader.link(), recording, number).await?)
    }

    /// Who may get a recording's pieces by this.
    pub async fn recording_play(&self, id: Uuid) -> Result<Option<RecordingPlay>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::shown_to(&mut reader.link(), id).await?)
    }
}
