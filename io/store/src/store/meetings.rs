//! Questions about meetings.

use std::collections::BTreeMap;

use conclave_policy::delivery::Kept;
use conclave_protocol::meeting::{DataMode, MeetingCode, MeetingState};
use conclave_protocol::{AccountId, MeetingId};

use super::Store;
use crate::error::ReadError;
use crate::read::group;
use crate::read::meeting::{self, MOST_LISTED, Meeting};
use crate::read::quality::{self, SessionQuality};

impl Store {
    pub async fn meeting(&self, id: MeetingId) -> Result<Option<Meeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = meeting::meeting(&mut reader.link(), id).await?;
        Ok(found.map(|meeting| overlay.meeting(meeting)))
    }

    /// Of meetings that have not ended.
    pub async fn meeting_by_code(&self, code: MeetingCode) -> Result<Option<Meeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = meeting::meeting_by_code(&mut reader.link(), code).await?;
        Ok(found
            .map(|meeting| overlay.meeting(meeting))
            .filter(|meeting| meeting.state != MeetingState::Ended))
    }

    /// Those that are not over first, then newest first; [`MOST_LISTED`] at the most.
    pub async fn meetings_of(&self, host: AccountId) -> Result<Vec<Meeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = meeting::meetings_of(&mut reader.link(), host, MOST_LISTED).await?;
        Ok(found.into_iter().map(|m| overlay.meeting(m)).collect())
    }

    /// How many are in front of the doors of a host's meetings.
    pub async fn waiting_of(&self, host: AccountId) -> Result<BTreeMap<MeetingId, u64>, ReadError> {
        let mut reader = self.reader().await?;
        let found = meeting::waiting_of(&mut reader.link(), host).await?;
        Ok(found.into_iter().collect())
    }

    pub async fn live_meetings(&self) -> Result<Vec<Meeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = meeting::live_meetings(&mut reader.link()).await?;
        Ok(found
            .into_iter()
            .map(|meeting| overlay.meeting(meeting))
            .filter(|meeting| meeting.state == MeetingState::Live)
            .collect())
    }

    /// The meeting's MLS group, where it has one. For who alone writes it: it is read in several steps.
    pub async fn group(&self, meeting: MeetingId) -> Result<Option<Kept>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(group::of_meeting(&mut reader.link(), meeting).await?)
    }

    pub async fn quality(&self, meeting: MeetingId) -> Result<Vec<SessionQuality>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(quality::of_meeting(&mut reader.link(), meeting).await?)
    }

    /// What is kept of the meeting, from its making on.
    pub async fn data_mode(&self, meeting: MeetingId) -> Result<Option<DataMode>, ReadError> {
        let mut reader = self.reader().await?;
        let found = meeting::data_mode(&mut reader.link(), meeting).await?;
        Ok(found.map(|(mode,)| mode))
    }
}
