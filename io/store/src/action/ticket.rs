//! Join tickets for the media connection, each spent once. A resume ticket says all by itself: it is not kept.

use conclave_protocol::meeting::{Admission, MeetingState};
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Action, Apply, Failure};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::ticket::TicketKind;
use crate::secret::TokenHash;

/// Remembers a join ticket. Refused: [`Refused::NotFound`] for a participant who is not admitted,
/// or whose meeting is not live.
pub struct IssueTicket {
    pub id: TokenHash,
    pub participant: ParticipantId,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

/// Takes a join ticket out of use. Refused: [`Refused::TicketSpent`], also when its participant has
/// lost their place.
pub struct SpendTicket {
    pub id: TokenHash,
    pub at: Timestamp,
}

/// Makes a join ticket good again whose join came to nothing. Refused: [`Refused::NotFound`] for one
/// that was not spent.
pub struct ReturnTicket {
    pub id: TokenHash,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    pub participant: ParticipantId,
    pub meeting: MeetingId,
}

impl Action for IssueTicket {}

impl Apply for IssueTicket {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match standing(link, self.participant).await? {
            Some((MeetingState::Live, Admission::Admitted)) => {}
            _ => return Err(Refused::NotFound.into()),
        }
        insert_ticket(
            link,
            self.id,
            self.participant,
            TicketKind::Join,
            self.at,
            self.expires_at,
        )
        .await?;
        Ok(())
    }
}

impl Action for SpendTicket {}

impl Apply for SpendTicket {
    type Done = Spent;

    async fn apply(self, link: &mut Link<'_>) -> Result<Spent, Failure> {
        let spent = spend(link, self.id, self.at).await?;
        let (participant, meeting) = spent.ok_or(Refused::TicketSpent)?;
        Ok(Spent {
            participant,
            meeting,
        })
    }
}

impl Action for ReturnTicket {}

impl Apply for ReturnTicket {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match give_back(link, self.id).await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

statements! {
    optional standing(participant: ParticipantId) -> (MeetingState, Admission)
        = "SELECT m.state, p.admission
           FROM participant p JOIN meeting m ON m.id = p.meeting WHERE p.id = $1";

    execute insert_ticket(
        id: TokenHash, participant: ParticipantId, kind: TicketKind, at: Timestamp,
        expires_at: Timestamp,
    )
        = "INSERT INTO ticket (id_hash, participant, kind, issued_at, expires_at)
           VALUES ($1, $2, $3, $4, $5)";

    optional spend(id: TokenHash, now: Timestamp) -> (ParticipantId, MeetingId)
        = "UPDATE ticket SET spent_at = $2
           WHERE id_hash = $1 AND kind = 'join' AND spent_at IS NULL AND expires_at > $2
             AND EXISTS (SELECT 1 FROM participant p JOIN meeting m ON m.id = p.meeting
                         WHERE p.id = ticket.participant
                           AND p.admission = 'admitted' AND m.state = 'live')
           RETURNING participant, (SELECT meeting FROM participant p WHERE p.id = ticket.participant)";

    execute give_back(id: TokenHash)
        = "UPDATE ticket SET spent_at = NULL
           WHERE id_hash = $1 AND kind = 'join' AND spent_at IS NOT NULL";
}
