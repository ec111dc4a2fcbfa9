//! Questions about computers that are helped when nobody is there.

use std::collections::BTreeSet;

use conclave_policy::unattended::MOST_DEVICES;
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

    /// Also one that was taken out.
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

    /// Where this account may help, by name.
    pub async fn computers_of(&self, account: AccountId) -> Result<Vec<Computer>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(unattended::computers_of(&mut reader.link(), account, MOST_DEVICES).await?)
    }

    /// Who may help at the organisation's computers.
    pub async fn computer_grants(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<Grant>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(unattended::grants(&mut reader.link(), organisation, MOST_GRANTS_LISTED).await?)
    }

    /// Whether an account may help at a computer, as far as the two of them go. Not at one that was taken out.
    pub async fn is_granted(
        &self,
        device: SupportDeviceId,
        account: AccountId,
    ) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let found = unattended::granted(&mut reader.link(), device, account).await?;
        Ok(found.is_some())
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
