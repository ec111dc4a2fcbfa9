//! Questions about computers that are helped when nobody is there.

use std::collections::BTreeSet;

use conclave_policy::unattended::{MOST_DEVICES, has_ended};
use conclave_protocol::{
    AccountId, MeetingId, OrganisationId, SupportDeviceId, SupportSessionId, Timestamp,
};

use super::Store;
use crate::error::ReadError;
use crate::read::unattended::{self, Computer, Grant, MOST_GRANTS_LISTED, Unattended};
use crate::secret::TokenHash;

impl Store {
    /// Whose computer a link is for, while it is good.
    pub async fn enrolment(
        &self,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<OrganisationId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = unattended::enrolment(&mut reader.link(), token, now).await?;
        Ok(found.map(|(organisation,)| organisation))
    }

    /// Also one that was taken out, or is over by its time.
    pub async fn computer(&self, id: SupportDeviceId) -> Result<Option<Computer>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(unattended::computer(&mut reader.link(), id).await?)
    }

    /// The organisation's that were not taken out, by name.
    pub async fn computers(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<Computer>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(unattended::computers(&mut reader.link(), organisation, MOST_DEVICES).await?)
    }

    /// Where this account may help at this moment, by name.
    pub async fn computers_of(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<Computer>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(unattended::computers_of(&mut reader.link(), account, now, MOST_DEVICES).await?)
    }

    /// Who may help at the organisation's computers.
    pub async fn computer_grants(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<Grant>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(unattended::grants(&mut reader.link(), organisation, MOST_GRANTS_LISTED).await?)
    }

    /// Whether an account may help at a computer, as far as the two of them go. Not at one that was taken out, nor at one
    /// whose enrolment is over.
    pub async fn is_granted(
        &self,
        device: SupportDeviceId,
        account: AccountId,
        now: Timestamp,
    ) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let found = unattended::granted(&mut reader.link(), device, account).await?;
        Ok(found.is_some_and(|(_, ends_at)| !has_ended(ends_at, now)))
    }

    /// Sessions that are not over at computers whose enrolment is.
    pub async fn running_past_their_end(
        &self,
        now: Timestamp,
    ) -> Result<Vec<Unattended>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found = unattended::past_their_end(&mut reader.link(), now).await?;
        found.retain(|running| !overlay.has_meeting_ended(running.meeting));
        Ok(found)
    }

    /// Computers that were not taken out, and whose enrolment is over.
    pub async fn computers_past_their_end(
        &self,
        now: Timestamp,
    ) -> Result<Vec<SupportDeviceId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = unattended::ended(&mut reader.link(), now).await?;
        Ok(found.into_iter().map(|(device,)| device).collect())
    }

    /// When the next enrolment ends.
    pub async fn next_computer_end(&self, now: Timestamp) -> Result<Option<Timestamp>, ReadError> {
        let mut reader = self.reader().await?;
        let next = unattended::next_end(&mut reader.link(), now).await?;
        Ok(next.map(|(at,)| at))
    }

    /// At which computer a session is; `None` where somebody sits there.
    pub async fn unattended(
        &self,
        session: SupportSessionId,
    ) -> Result<Option<Unattended>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(unattended::of_session(&mut reader.link(), session).await?)
    }

    /// As [`Self::unattended`], of the session that takes place in this meeting.
    pub async fn unattended_in(&self, meeting: MeetingId) -> Result<Option<Unattended>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(unattended::of_meeting(&mut reader.link(), meeting).await?)
    }

    /// Sessions at a computer that are not over: of one technician, or of all.
    pub async fn running_at(
        &self,
        device: SupportDeviceId,
        technician: Option<AccountId>,
    ) -> Result<Vec<Unattended>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let mut found = match technician {
            Some(technician) => unattended::running_of(link, device, technician).await?,
            None => unattended::running_at(link, device).await?,
        };
        found.retain(|running| !overlay.has_meeting_ended(running.meeting));
        Ok(found)
    }

    /// The organisation's computers that are in a session at this moment.
    pub async fn busy_computers(
        &self,
        organisation: OrganisationId,
    ) -> Result<BTreeSet<SupportDeviceId>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found = unattended::helped(&mut reader.link(), organisation).await?;
        found.retain(|running| !overlay.has_meeting_ended(running.meeting));
        Ok(found.into_iter().map(|running| running.device).collect())
    }
}
