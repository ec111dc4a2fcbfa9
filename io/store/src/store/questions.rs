//! What the store can be asked. Answers respect the acts that wait in the spool.

use conclave_policy::delivery::Kept;
use conclave_protocol::meeting::{Admission, MeetingCode, MeetingState};
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::vault::DeviceEntry;
use conclave_protocol::{AccountId, MeetingId, OrganisationId, ParticipantId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::account::{self, Account, Organisation};
use crate::read::audit::{self, Recorded};
use crate::read::group;
use crate::read::meeting::{self, MOST_LISTED, Meeting};
use crate::read::participant::{self, Attendance, MOST_LATELY_GONE, Participant};
use crate::read::quality::{self, SessionQuality};
use crate::read::session::{self, ExpiredSession, SetupLink, WebSession};
use crate::read::ticket::{self, Ticket};
use crate::read::vault::{self, DeviceRequest, Vault};
use crate::secret::TokenHash;

impl Store {
    pub async fn owner_exists(&self) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::owner_exists(&mut reader.link()).await?.is_some())
    }

    /// The oldest organisation: the only one, until an installation can hold several.
    pub async fn first_organisation(&self) -> Result<Option<Organisation>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::first_organisation(&mut reader.link()).await?)
    }

    pub async fn organisation(
        &self,
        id: OrganisationId,
    ) -> Result<Option<Organisation>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::organisation(&mut reader.link(), id).await?)
    }

    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::account(&mut reader.link(), id).await?)
    }

    pub async fn account_by_email(
        &self,
        organisation: OrganisationId,
        email: &EmailAddress,
    ) -> Result<Option<Account>, ReadError> {
        let normalised = email.normalised();
        let mut reader = self.reader().await?;
        Ok(account::account_by_email(&mut reader.link(), organisation, normalised).await?)
    }

    pub async fn vault(&self, account: AccountId) -> Result<Option<Vault>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(vault::of_account(&mut reader.link(), account).await?)
    }

    /// The account's list of devices, oldest entry first.
    pub async fn devices(&self, account: AccountId) -> Result<Vec<DeviceEntry>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(vault::devices_of(&mut reader.link(), account).await?)
    }

    /// Browsers that ask at `now` to be added to the account's, oldest first.
    pub async fn device_requests(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<DeviceRequest>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(vault::requests(&mut reader.link(), account, now).await?)
    }

    pub async fn session(&self, id: TokenHash) -> Result<Option<WebSession>, ReadError> {
        if self.parts.spool.overlay().has_ended(id) {
            return Ok(None);
        }
        let mut reader = self.reader().await?;
        Ok(session::session(&mut reader.link(), id).await?)
    }

    /// Oldest first, `most` of them at the most.
    pub async fn expired_sessions(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<ExpiredSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found = session::expired_sessions(&mut reader.link(), now, most).await?;
        found.retain(|expired| !overlay.has_ended(expired.id));
        Ok(found)
    }

    pub async fn setup_link(&self, token: TokenHash) -> Result<Option<SetupLink>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(session::setup_link(&mut reader.link(), token).await?)
    }

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

    /// Newest first, [`MOST_LISTED`] at the most.
    pub async fn meetings_of(&self, host: AccountId) -> Result<Vec<Meeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = meeting::meetings_of(&mut reader.link(), host, MOST_LISTED).await?;
        Ok(found.into_iter().map(|m| overlay.meeting(m)).collect())
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

    pub async fn attendance(&self, meeting: MeetingId) -> Result<Attendance, ReadError> {
        let mut reader = self.reader().await?;
        let found = participant::attendance(&mut reader.link(), meeting).await?;
        let (connected, changed_at) = found.unwrap_or_default();
        Ok(Attendance {
            connected,
            changed_at,
        })
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

    pub async fn quality(&self, meeting: MeetingId) -> Result<Vec<SessionQuality>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(quality::of_meeting(&mut reader.link(), meeting).await?)
    }

    /// Entries after a position, oldest first, `most` of them at the most.
    pub async fn recorded_after(
        &self,
        position: i64,
        most: u32,
    ) -> Result<Vec<Recorded>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(audit::recorded_after(&mut reader.link(), position, most).await?)
    }
}
