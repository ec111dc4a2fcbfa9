//! Computers in meetings, by code, participant or meeting.

use conclave_policy::companion::Offer;
use conclave_protocol::companion::CompanionOf;
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use uuid::Uuid;

use crate::engine::{row, statements};
use crate::secret::TokenHash;

row! {
    /// One computer: offered, in, or gone.
    #[derive(Clone)]
    pub struct Companion {
        pub id: Uuid,
        pub meeting: MeetingId,
        /// Who presents it.
        pub owner: ParticipantId,
        pub code_until: Timestamp,
        /// Itself, once it has come.
        pub participant: Option<ParticipantId>,
        pub controller: Option<ParticipantId>,
        pub turn: u32,
        /// What its agent let be known, counted.
        pub facts: u32,
    }
}

impl Companion {
    /// As policy looks at its code.
    pub fn offer(&self) -> Offer {
        Offer {
            code_until: self.code_until,
            is_spent: self.participant.is_some(),
        }
    }

    pub fn shown(&self) -> CompanionOf {
        CompanionOf {
            owner: self.owner,
            controller: self.controller,
            turn: self.turn,
        }
    }
}

statements! {
    optional by_code(code: TokenHash) -> Companion
        = "SELECT id, meeting, owner, code_until, participant, controller, turn, facts
           FROM companion WHERE code_hash = $1";

    optional of_participant(participant: ParticipantId) -> Companion
        = "SELECT id, meeting, owner, code_until, participant, controller, turn, facts
           FROM companion WHERE participant = $1";

    all in_meeting(meeting: MeetingId) -> Companion
        = "SELECT id, meeting, owner, code_until, participant, controller, turn, facts
           FROM companion WHERE meeting = $1 AND participant IS NOT NULL ORDER BY id";
}
