//! What who supervises an organisation asks about its meetings that go on.

use conclave_protocol::{MeetingId, OrganisationId};

use super::Store;
use crate::error::ReadError;
use crate::read::meeting::MOST_LISTED;
use crate::read::supervision::{self, LiveMeeting, StaffMember};

impl Store {
    /// The organisation's meetings that go on, oldest first, [`MOST_LISTED`] at the most.
    pub async fn supervised(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<LiveMeeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found =
            supervision::live_meetings(&mut reader.link(), organisation, MOST_LISTED).await?;
        found.retain(|meeting| !overlay.has_meeting_ended(meeting.id));
        Ok(found)
    }

    /// The names of those in a meeting who have an account of this organisation.
    pub async fn staff_of(
        &self,
        meeting: MeetingId,
        organisation: OrganisationId,
    ) -> Result<Vec<StaffMember>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(supervision::staff(&mut reader.link(), meeting, organisation).await?)
    }
}
