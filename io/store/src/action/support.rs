//! A remote support session's life: opened with its meeting, taken by the one whom it helps, told of, ended with its meeting.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::support::most_facts;
use conclave_protocol::feedback::{FeedbackQuestions, FeedbackRatings};
use conclave_protocol::{
    AccountId, MeetingId, OrganisationId, ParticipantId, SupportSessionId, Timestamp,
};
use serde::{Deserialize, Serialize};

use super::participant::{Join, Joined};
use super::{Action, Apply, CreateMeeting, Failure, account};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// Sessions of one technician that are not over. One whose code nobody used in time is, but for a technician who is there.
pub const MOST_OPEN: u32 = 20;

/// Opens a session, with the meeting that it takes place in. Whoever it helps is asked what the organisation asks at this
/// moment. Refused: [`Refused::TooManySupport`], and as [`CreateMeeting`].
pub struct OpenSupport {
    pub id: SupportSessionId,
    /// Its host is the technician.
    pub meeting: CreateMeeting,
    pub code_until: Timestamp,
}

/// Comes in as whom the session helps: there is one, and no other afterwards. Refused: [`Refused::Conflict`] where there is
/// one, or the session is over; and as [`Join`].
#[derive(Clone)]
pub struct JoinSupport {
    pub session: SupportSessionId,
    pub join: Join,
}

/// Counts what the agent lets be known: one report beyond [`most_facts`] at the most. Refused: [`Refused::TooManyFacts`], also
/// of no session.
pub struct ReportSupport {
    pub session: SupportSessionId,
    pub facts: u32,
    /// The session's end is among them.
    pub of_end: bool,
}

/// What whoever was helped thinks of it. Refused: [`Refused::Conflict`] where they have said so, also of no session and of
/// one that helped nobody.
pub struct KeepFeedback {
    pub session: SupportSessionId,
    pub solved: Option<bool>,
    pub rating: Option<u8>,
    pub answers: FeedbackRatings,
    pub at: Timestamp,
}

/// What the organisation asks in sessions that are opened from here on; `None`: what every one does. Refused:
/// [`Refused::NotAllowed`].
pub struct SetSupportQuestions {
    pub organisation: OrganisationId,
    pub questions: Option<FeedbackQuestions>,
    pub by: AccountId,
}

/// A session that was over with its meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedSupport {
    pub session: SupportSessionId,
    /// Somebody had come to be helped.
    pub was_connected: bool,
}

impl Action for OpenSupport {}

impl Apply for OpenSupport {
    type Done = SupportSessionId;

    async fn apply(self, link: &mut Link<'_>) -> Result<SupportSessionId, Failure> {
        let CreateMeeting {
            id: meeting,
            organisation,
            host: technician,
            at,
            ..
        } = self.meeting;
        let open = count_open(link, technician, at).await?;
        if open.is_some_and(|(open,)| open >= MOST_OPEN) {
            return Err(Refused::TooManySupport.into());
        }
        self.meeting.apply(link).await?;
        insert(
            link,
            self.id,
            organisation,
            meeting,
            technician,
            at,
            self.code_until,
        )
        .await?;
        Ok(self.id)
    }
}

impl Action for JoinSupport {}

impl Apply for JoinSupport {
    type Done = Joined;

    async fn apply(self, link: &mut Link<'_>) -> Result<Joined, Failure> {
        let Join {
            meeting,
            participant,
            at,
            ..
        } = self.join;
        match take(link, self.session, meeting, participant, at).await? {
            0 => Err(Refused::Conflict.into()),
            _ => self.join.apply(link).await,
        }
    }
}

impl Action for ReportSupport {}

impl Apply for ReportSupport {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match count_facts(link, self.session, self.facts, most_facts(self.of_end)).await? {
            0 => Err(Refused::TooManyFacts.into()),
            _ => Ok(()),
        }
    }
}

impl Action for KeepFeedback {}

impl Apply for KeepFeedback {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let rating = self.rating.map(u32::from);
        let answers = Some(self.answers).filter(|answers| !answers.is_empty());
        let kept = keep_feedback(link, self.session, self.at, self.solved, rating, answers);
        match kept.await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(()),
        }
    }
}

impl Action for SetSupportQuestions {}

impl Apply for SetSupportQuestions {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let role = account::active_role(link, self.by).await?;
        if !account_may(role, AccountAction::ChangePolicy).is_allowed() {
            return Err(Refused::NotAllowed.into());
        }
        match self.questions {
            Some(questions) => set_questions(link, self.organisation, questions).await?,
            None => forget_questions(link, self.organisation).await?,
        };
        Ok(())
    }
}

/// Whom a host let in from the lobby of a session is whom it helps, but for colleagues. Refused: [`Refused::MeetingFull`]
/// where it helps somebody already.
pub(super) async fn let_in(
    link: &mut Link<'_>,
    meeting: MeetingId,
    participant: ParticipantId,
    at: Timestamp,
) -> Result<(), Failure> {
    let Some((session,)) = session_of_guest(link, meeting, participant).await? else {
        return Ok(());
    };
    match take(link, session, meeting, participant, at).await? {
        0 => Err(Refused::MeetingFull.into()),
        _ => Ok(()),
    }
}

/// The session that was over with this meeting, where it had one.
pub(super) async fn ended_of(
    link: &mut Link<'_>,
    meeting: MeetingId,
) -> Result<Option<EndedSupport>, sqlx::Error> {
    let found = session_of(link, meeting).await?;
    Ok(found.map(|(session, joined_at)| EndedSupport {
        session,
        was_connected: joined_at.is_some(),
    }))
}

statements! {
    optional count_open(technician: AccountId, now: Timestamp) -> (u32,)
        = "SELECT COUNT(*) FROM support_session s JOIN meeting m ON m.id = s.meeting
           WHERE s.technician = $1 AND s.ended_at IS NULL
             AND (s.joined_at IS NOT NULL OR s.code_until > $2 OR m.state = 'live')";

    execute insert(
        id: SupportSessionId, organisation: OrganisationId, meeting: MeetingId,
        technician: AccountId, at: Timestamp, code_until: Timestamp,
    )
        = "INSERT INTO support_session (id, organisation, meeting, technician, opened_at, code_until, questions)
           VALUES ($1, $2, $3, $4, $5, $6,
                   (SELECT questions FROM support_question WHERE organisation = $2))";

    execute take(
        id: SupportSessionId, meeting: MeetingId, customer: ParticipantId, at: Timestamp,
    )
        = "UPDATE support_session SET customer = $3, joined_at = $4
           WHERE id = $1 AND meeting = $2 AND customer IS NULL AND ended_at IS NULL";

    optional session_of_guest(
        meeting: MeetingId, participant: ParticipantId,
    ) -> (SupportSessionId,)
        = "SELECT s.id FROM support_session s JOIN participant p ON p.meeting = s.meeting
           WHERE s.meeting = $1 AND p.id = $2 AND p.role = 'guest'";

    optional session_of(meeting: MeetingId) -> (SupportSessionId, Option<Timestamp>)
        = "SELECT id, joined_at FROM support_session WHERE meeting = $1";

    execute end_with_meeting(meeting: MeetingId, at: Timestamp)
        = "UPDATE support_session SET ended_at = $2 WHERE meeting = $1 AND ended_at IS NULL";

    execute count_facts(id: SupportSessionId, more: u32, most: u32)
        = "UPDATE support_session SET facts = facts + $2 WHERE id = $1 AND facts < $3";

    execute keep_feedback(
        id: SupportSessionId, at: Timestamp, solved: Option<bool>, rating: Option<u32>,
        answers: Option<FeedbackRatings>,
    )
        = "UPDATE support_session SET feedback_at = $2, solved = $3, rating = $4, answers = $5
           WHERE id = $1 AND customer IS NOT NULL AND feedback_at IS NULL";

    execute set_questions(organisation: OrganisationId, questions: FeedbackQuestions)
        = "INSERT INTO support_question (organisation, questions) VALUES ($1, $2)
           ON CONFLICT (organisation) DO UPDATE SET questions = excluded.questions";

    execute forget_questions(organisation: OrganisationId)
        = "DELETE FROM support_question WHERE organisation = $1";
}
