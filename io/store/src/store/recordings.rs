//! What the store can be asked about recordings.

use conclave_policy::unattended::MOST_DEVICES;
use conclave_protocol::{OrganisationId, SupportSessionId, Timestamp};
use uuid::Uuid;

use super::Store;
use crate::error::ReadError;
use crate::read::recording::{
    self, Acknowledgement, KeptPiece, RecordedDevice, Recording, RecordingKey, RecordingPlay,
    Search, Troubled,
};
use crate::read::review::MOST_ROWS;

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

    /// Newest first.
    pub async fn recordings(&self, search: Search) -> Result<Vec<Recording>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::search(&mut reader.link(), search).await?)
    }

    /// The organisation's computers at which something was recorded while nobody sat there, by name.
    pub async fn recorded_devices(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<RecordedDevice>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::recorded_devices(&mut reader.link(), organisation, MOST_DEVICES).await?)
    }

    /// Who has seen what lacks of a recording.
    pub async fn recording_acknowledgements(
        &self,
        recording: Uuid,
    ) -> Result<Vec<Acknowledgement>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::acknowledgements(&mut reader.link(), recording).await?)
    }

    /// How many of the organisation's lack something that nobody has acknowledged.
    pub async fn troubled_recordings(
        &self,
        organisation: OrganisationId,
    ) -> Result<Troubled, ReadError> {
        let mut reader = self.reader().await?;
        let found = recording::troubled(&mut reader.link(), organisation).await?;
        Ok(found.unwrap_or(Troubled {
            incomplete: 0,
            damaged: 0,
            without_feedback: 0,
        }))
    }

    /// Those of sessions that were opened in this time, [`MOST_ROWS`] at the most.
    pub async fn recordings_of_sessions(
        &self,
        organisation: OrganisationId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Recording>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(recording::in_sessions(link, organisation, from, to, MOST_ROWS).await?)
    }

    /// Of whatever organisation, one that is kept.
    pub async fn is_a_recording_damaged(&self) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let found = recording::damaged(&mut reader.link()).await?;
        Ok(found.is_some())
    }

    /// Whether anything of this session was ever recorded.
    pub async fn is_recorded(&self, session: SupportSessionId) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let found = recording::one_of(&mut reader.link(), session).await?;
        Ok(found.is_some())
    }

    /// Those that wait for feedback, of sessions that were over at this time; `most` of them at the most.
    pub async fn recordings_without_feedback(
        &self,
        ended_before: Timestamp,
        most: u32,
    ) -> Result<Vec<Recording>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::without_feedback(&mut reader.link(), ended_before, most).await?)
    }

    /// Of those that have ended, are kept, and were not read through since then, the one for which it is the longest time.
    pub async fn recording_to_look_at(
        &self,
        looked_before: Timestamp,
    ) -> Result<Option<Recording>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(recording::next_to_look_at(&mut reader.link(), looked_before).await?)
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
