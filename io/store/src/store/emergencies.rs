//! Questions about emergency access.

use std::collections::BTreeSet;

use conclave_protocol::{
    AccountId, EmergencyUseId, MeetingId, OrganisationId, ParticipantId, Timestamp,
};

use super::Store;
use crate::error::ReadError;
use crate::read::emergency::{
    self, EmergencyDrill, EmergencyUse, ListedUse, MOST_LISTED, OverdueUses, SealedWords,
};
use crate::read::emergency_code::{self, EmergencyCode, EmergencyCodeSet};
use crate::secret::TokenHash;

impl Store {
    pub async fn emergency(&self, id: EmergencyUseId) -> Result<Option<EmergencyUse>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(emergency::emergency(&mut reader.link(), id).await?)
    }

    /// The account's that nobody has ended; its time may be over.
    pub async fn open_emergency(
        &self,
        account: AccountId,
    ) -> Result<Option<EmergencyUse>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(emergency::open_of(&mut reader.link(), account).await?)
    }

    /// Those that nobody has ended and whose time is over, [`MOST_LISTED`] at the most.
    pub async fn emergencies_over(&self, now: Timestamp) -> Result<Vec<EmergencyUse>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(emergency::over(&mut reader.link(), now, MOST_LISTED).await?)
    }

    /// When the next one's time is over.
    pub async fn next_emergency_end(&self) -> Result<Option<Timestamp>, ReadError> {
        let mut reader = self.reader().await?;
        let found = emergency::next_end(&mut reader.link()).await?;
        Ok(found.map(|(at,)| at))
    }

    pub async fn open_emergencies(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<u32, ReadError> {
        let mut reader = self.reader().await?;
        let found = emergency::count_open(&mut reader.link(), organisation, now).await?;
        Ok(found.map_or(0, |(open,)| open))
    }

    /// Those that wait for their review for longer than they may.
    pub async fn overdue_emergencies(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<OverdueUses, ReadError> {
        let mut reader = self.reader().await?;
        let found = emergency::overdue(&mut reader.link(), organisation, now).await?;
        Ok(found.unwrap_or_default())
    }

    /// The organisation's, newest first, [`MOST_LISTED`] at the most; those that wait for a review are among them before others.
    pub async fn emergencies(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<ListedUse>, ReadError> {
        let mut reader = self.reader().await?;
        let mut found = emergency::listed(&mut reader.link(), organisation, MOST_LISTED).await?;
        found.sort_by_key(|used| std::cmp::Reverse((used.invoked_at, used.id)));
        Ok(found)
    }

    pub async fn emergency_words(
        &self,
        id: EmergencyUseId,
    ) -> Result<Option<SealedWords>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(emergency::words(&mut reader.link(), id).await?)
    }

    /// Who came into the meeting by emergency access.
    pub async fn emergency_visitors(
        &self,
        meeting: MeetingId,
    ) -> Result<BTreeSet<ParticipantId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = emergency::visitors(&mut reader.link(), meeting).await?;
        Ok(found
            .into_iter()
            .map(|(participant,)| participant)
            .collect())
    }

    /// The set of sealed codes that counts, and each of its codes.
    pub async fn emergency_codes(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<(EmergencyCodeSet, Vec<EmergencyCode>)>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let Some(set) = emergency_code::set(link, organisation).await? else {
            return Ok(None);
        };
        let codes = emergency_code::codes(link, organisation).await?;
        Ok(Some((set, codes)))
    }

    /// The number of a sealed code that nobody has used.
    pub async fn unused_emergency_code(
        &self,
        organisation: OrganisationId,
        code: TokenHash,
    ) -> Result<Option<u32>, ReadError> {
        let mut reader = self.reader().await?;
        let found = emergency_code::unused(&mut reader.link(), organisation, code).await?;
        Ok(found.map(|(number,)| number))
    }

    /// The last drill, and when the last one passed.
    pub async fn emergency_drills(
        &self,
        organisation: OrganisationId,
    ) -> Result<(Option<EmergencyDrill>, Option<Timestamp>), ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let last = emergency::last_drill(link, organisation).await?;
        let passed = emergency::last_passed(link, organisation).await?;
        Ok((last, passed.map(|(at,)| at)))
    }
}
