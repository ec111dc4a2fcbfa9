//! Questions about who comes to a meeting.

use conclave_protocol::meeting::Admission;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::{AccountId, MeetingId, ParticipantId};

use super::Store;
use crate::error::ReadError;
use crate::read::invited;
use crate::read::participant::{self, MOST_LATELY_GONE, Participant};
use crate::read::ticket::{self, Ticket};
use crate::secret::TokenHash;

impl Store {
    pub async fn participant(&self, id: ParticipantId) -> Result<Option<Participant>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = participant::participant(&mut reader.link(), id).await?;
        Ok(found.map(|participant| overlay.participant(participant)))
    }

    pub async fn participant_by_credential(
        &self,
        credential: TokenHash,
    ) -> Result<Option<Participant>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = participant::participant_by_credential(&mut reader.link(), credential).await?;
        Ok(found.map(|participant| overlay.participant(participant)))
    }

    /// Everybody who ever came, oldest first.
    pub async fn participants(&self, meeting: MeetingId) -> Result<Vec<Participant>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = participant::participants(&mut reader.link(), meeting).await?;
        Ok(found.into_iter().map(|p| overlay.participant(p)).collect())
    }

    /// Everybody who has a place, waits for one, or was among the last to lose theirs.
    pub async fn people(&self, meeting: MeetingId) -> Result<Vec<Participant>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let mut found = participant::with_a_place(link, meeting).await?;
        found.extend(participant::lately_gone(link, meeting, MOST_LATELY_GONE).await?);
        Ok(found.into_iter().map(|p| overlay.participant(p)).collect())
    }

    /// The list of a meeting for the invited, in order of the addresses.
    pub async fn invited(&self, meeting: MeetingId) -> Result<Vec<EmailAddress>, ReadError> {
        let mut reader = self.reader().await?;
        let found = invited::of_meeting(&mut reader.link(), meeting).await?;
        Ok(found.into_iter().map(|(email,)| email).collect())
    }

    /// Whether an account of the meeting's organisation is on its list.
    pub async fn is_invited(
        &self,
        meeting: MeetingId,
        account: AccountId,
    ) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let found = invited::includes(&mut reader.link(), meeting, account).await?;
        Ok(found.is_some())
    }

    /// Who waits for a host's decision, oldest first.
    pub async fn lobby(&self, meeting: MeetingId) -> Result<Vec<Participant>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = participant::lobby(&mut reader.link(), meeting).await?;
        Ok(found
            .into_iter()
            .map(|participant| overlay.participant(participant))
            .filter(|participant| participant.admission == Admission::Waiting)
            .collect())
    }

    pub async fn ticket(&self, id: TokenHash) -> Result<Option<Ticket>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(ticket::ticket(&mut reader.link(), id).await?)
    }
}
