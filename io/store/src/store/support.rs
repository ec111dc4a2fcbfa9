//! Questions about remote support sessions. Answers respect the acts that wait in the spool.

use conclave_policy::support::MOST_LISTED;
use conclave_protocol::feedback::FeedbackQuestions;
use conclave_protocol::{AccountId, MeetingId, OrganisationId, SupportSessionId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::review::MOST_ROWS;
use crate::read::support::{self, SupportSession};

impl Store {
    /// What the organisation asks after sessions, where it says so.
    pub async fn support_questions(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<FeedbackQuestions>, ReadError> {
        let mut reader = self.reader().await?;
        let found = support::questions(&mut reader.link(), organisation).await?;
        Ok(found.map(|(questions,)| questions))
    }

    /// What is asked of whoever the session helps: what its organisation asked as it was opened.
    pub async fn questions_in_support(
        &self,
        id: SupportSessionId,
    ) -> Result<Option<FeedbackQuestions>, ReadError> {
        let mut reader = self.reader().await?;
        let found = support::questions_in(&mut reader.link(), id).await?;
        Ok(found.and_then(|(questions,)| questions))
    }

    pub async fn support_session(
        &self,
        id: SupportSessionId,
    ) -> Result<Option<SupportSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = support::session(&mut reader.link(), id).await?;
        Ok(found.map(|session| overlay.support_session(session)))
    }

    /// The one that takes place in this meeting.
    pub async fn support_of(
        &self,
        meeting: MeetingId,
    ) -> Result<Option<SupportSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = support::of_meeting(&mut reader.link(), meeting).await?;
        Ok(found.map(|session| overlay.support_session(session)))
    }

    /// A technician's that were opened after `since`. Those that are not over first, then newest first; [`MOST_LISTED`] at
    /// the most.
    pub async fn support_sessions(
        &self,
        technician: AccountId,
        since: Timestamp,
    ) -> Result<Vec<SupportSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = support::of_technician(link, technician, since, MOST_LISTED).await?;
        let found = found.into_iter();
        Ok(found.map(|s| overlay.support_session(s)).collect())
    }

    /// The organisation's that were opened from an instant on and before another, newest first; [`MOST_ROWS`] at the most.
    pub async fn support_report(
        &self,
        organisation: OrganisationId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SupportSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = support::in_organisation(link, organisation, from, to, MOST_ROWS).await?;
        let found = found.into_iter();
        Ok(found.map(|s| overlay.support_session(s)).collect())
    }

    /// Those that no technician has come to while the code was good, `most` of them at the most.
    pub async fn support_begun_by_none(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<SupportSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found = support::begun_by_none(&mut reader.link(), now, most).await?;
        found.retain(|session| !overlay.has_meeting_ended(session.meeting));
        Ok(found)
    }
}
