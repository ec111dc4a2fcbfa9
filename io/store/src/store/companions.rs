//! Questions about computers in meetings.

use std::collections::BTreeMap;

use conclave_protocol::{MeetingId, ParticipantId};

use super::Store;
use crate::error::ReadError;
use crate::read::companion::{self, Companion};
use crate::secret::TokenHash;

impl Store {
    pub async fn companion_by_code(&self, code: TokenHash) -> Result<Option<Companion>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(companion::by_code(&mut reader.link(), code).await?)
    }

    /// Whose computer a participant is; `None` of a person.
    pub async fn companion(
        &self,
        participant: ParticipantId,
    ) -> Result<Option<Companion>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(companion::of_participant(&mut reader.link(), participant).await?)
    }

    /// Those that have come, by the participant that each is.
    pub async fn companions(
        &self,
        meeting: MeetingId,
    ) -> Result<BTreeMap<ParticipantId, Companion>, ReadError> {
        let mut reader = self.reader().await?;
        let found = companion::in_meeting(&mut reader.link(), meeting).await?;
        let found = found.into_iter();
        let with_id = found.filter_map(|one| Some((one.participant?, one)));
        Ok(with_id.collect())
    }
}
