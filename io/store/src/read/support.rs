//! Remote support sessions, by id, meeting or technician.

use conclave_policy::support::Session;
use conclave_protocol::feedback::{FeedbackQuestions, FeedbackRatings};
use conclave_protocol::meeting::MeetingCode;
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{
    AccountId, MeetingId, OrganisationId, ParticipantId, SupportSessionId, Timestamp,
};

use crate::engine::{row, statements};

row! {
    /// One session.
    #[derive(Clone)]
    pub struct SupportSession {
        pub id: SupportSessionId,
        pub organisation: OrganisationId,
        /// That it takes place in.
        pub meeting: MeetingId,
        pub code: MeetingCode,
        pub technician: AccountId,
        pub technician_name: DisplayName,
        pub opened_at: Timestamp,
        pub code_until: Timestamp,
        /// Who is helped, once somebody has come.
        pub customer: Option<ParticipantId>,
        pub joined_at: Option<Timestamp>,
        pub ended_at: Option<Timestamp>,
        /// What its agent let be known, counted.
        pub facts: u32,
        pub feedback_at: Option<Timestamp>,
        pub solved: Option<bool>,
        pub rating: Option<u32>,
        /// To what the organisation asks of its own.
        pub answers: Option<FeedbackRatings>,
    }
}

impl SupportSession {
    /// As policy looks at it.
    pub fn standing(&self) -> Session {
        Session {
            technician: self.technician,
            opened_at: self.opened_at,
            connected_at: self.joined_at,
            ended_at: self.ended_at,
        }
    }
}

/// Sessions, with their codes, and who helps in them.
macro_rules! sessions {
    ($which:literal) => {
        concat!(
            "SELECT s.id AS id, s.organisation AS organisation, s.meeting AS meeting,
                    m.code AS code, s.technician AS technician,
                    a.display_name AS technician_name, s.opened_at AS opened_at,
                    s.code_until AS code_until, s.customer AS customer,
                    s.joined_at AS joined_at, s.ended_at AS ended_at, s.facts AS facts,
                    s.feedback_at AS feedback_at, s.solved AS solved, s.rating AS rating,
                    s.answers AS answers
             FROM support_session s JOIN meeting m ON m.id = s.meeting
               JOIN account a ON a.id = s.technician ",
            $which
        )
    };
}

statements! {
    optional session(id: SupportSessionId) -> SupportSession
        = sessions!("WHERE s.id = $1");

    optional of_meeting(meeting: MeetingId) -> SupportSession
        = sessions!("WHERE s.meeting = $1");

    all of_technician(technician: AccountId, since: Timestamp, most: u32) -> SupportSession
        = sessions!(
            "WHERE s.technician = $1 AND s.opened_at > $2
             ORDER BY CASE WHEN s.ended_at IS NULL THEN 0 ELSE 1 END, s.opened_at DESC, s.id DESC
             LIMIT $3"
        );

    all in_organisation(
        organisation: OrganisationId, from: Timestamp, to: Timestamp, most: u32,
    ) -> SupportSession
        = sessions!(
            "WHERE s.organisation = $1 AND s.opened_at >= $2 AND s.opened_at < $3
             ORDER BY s.opened_at DESC, s.id DESC LIMIT $4"
        );

    optional questions(organisation: OrganisationId) -> (FeedbackQuestions,)
        = "SELECT questions FROM support_question WHERE organisation = $1";

    optional questions_in(id: SupportSessionId) -> (Option<FeedbackQuestions>,)
        = "SELECT questions FROM support_session WHERE id = $1";

    all begun_by_none(now: Timestamp, most: u32) -> SupportSession
        = sessions!(
            "WHERE s.ended_at IS NULL AND s.code_until <= $1 AND m.state = 'scheduled'
             ORDER BY s.code_until, s.id LIMIT $2"
        );
}
