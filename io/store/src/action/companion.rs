//! A computer's life in a meeting: offered by who presents it, brought by its agent, lent and taken back, told of. It goes
//! with its owner.

use conclave_policy::companion::most_facts;
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::participant::{Join, Joined, raise_revision};
use super::{Action, Apply, Failure, Revision};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::TokenHash;

/// Offers a computer of this participant's a place, by a code. The one that was offered before and has not come comes no
/// more. Refused: [`Refused::NotInside`] where its owner is not.
pub struct OfferCompanion {
    pub id: Uuid,
    pub meeting: MeetingId,
    pub owner: ParticipantId,
    pub code: TokenHash,
    pub code_until: Timestamp,
    pub at: Timestamp,
}

/// Comes in as the computer that was offered. Refused: [`Refused::Conflict`] where one came by the code, its time is over,
/// its owner is not in, or has a computer there; and as [`Join`]. One whose connection has been lost for as long as a place
/// is kept gives its own up.
#[derive(Clone)]
pub struct BringCompanion {
    pub id: Uuid,
    pub owner: ParticipantId,
    pub join: Join,
}

/// Lets somebody use it, or nobody. Refused: [`Refused::NotInside`] where it, or whoever is to use it, is not in the meeting;
/// [`Refused::MeetingEnded`].
pub struct LendCompanion {
    pub meeting: MeetingId,
    pub companion: ParticipantId,
    pub to: Option<ParticipantId>,
}

/// Counts what its agent lets be known, and ends the turn that is over. Refused: [`Refused::TooManyFacts`], also of no
/// computer.
pub struct ReportOfCompanion {
    pub meeting: MeetingId,
    pub companion: ParticipantId,
    pub turn: u32,
    pub facts: u32,
    /// That the turn is over is among them.
    pub of_end: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lent {
    pub revision: Revision,
    pub turn: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnOver {
    /// Nobody uses it from this turn on; absent where it was another that is over.
    pub turn: Option<u32>,
}

impl Action for OfferCompanion {}

impl Apply for OfferCompanion {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let inside = is_inside(link, self.owner, self.meeting).await?;
        inside.ok_or(Refused::NotInside)?;
        forget_offers(link, self.owner).await?;
        insert(
            link,
            self.id,
            self.meeting,
            self.owner,
            self.code,
            self.at,
            self.code_until,
        )
        .await?;
        Ok(())
    }
}

impl Action for BringCompanion {}

impl Apply for BringCompanion {
    type Done = Joined;

    async fn apply(self, link: &mut Link<'_>) -> Result<Joined, Failure> {
        let Join {
            meeting,
            participant,
            absent_since,
            at,
            ..
        } = self.join;
        lose_away(link, self.owner, absent_since, at).await?;
        let is_inside = is_inside(link, self.owner, meeting).await?.is_some();
        let has_one = has_companion(link, self.owner).await?.is_some();
        if !is_inside || has_one {
            return Err(Refused::Conflict.into());
        }
        let joined = self.join.apply(link).await?;
        match take(link, self.id, participant, at).await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(joined),
        }
    }
}

impl Action for LendCompanion {}

impl Apply for LendCompanion {
    type Done = Lent;

    async fn apply(self, link: &mut Link<'_>) -> Result<Lent, Failure> {
        for participant in [Some(self.companion), self.to].into_iter().flatten() {
            let inside = is_inside(link, participant, self.meeting).await?;
            inside.ok_or(Refused::NotInside)?;
        }
        let turn = lend(link, self.companion, self.to).await?;
        let (turn,) = turn.ok_or(Refused::NotInside)?;
        let revision = Revision(raise_revision(link, self.meeting).await?);
        Ok(Lent { revision, turn })
    }
}

impl Action for ReportOfCompanion {}

impl Apply for ReportOfCompanion {
    type Done = TurnOver;

    async fn apply(self, link: &mut Link<'_>) -> Result<TurnOver, Failure> {
        let most = most_facts(self.of_end);
        if count_facts(link, self.companion, self.facts, most).await? == 0 {
            return Err(Refused::TooManyFacts.into());
        }
        let ended = match self.of_end {
            true => end_turn(link, self.companion, self.turn).await?,
            false => None,
        };
        if ended.is_some() {
            match raise_revision(link, self.meeting).await {
                // Of a meeting that has ended nobody is told.
                Ok(_) | Err(Failure::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(TurnOver {
            turn: ended.map(|(turn,)| turn),
        })
    }
}

/// Computers whose owners are gone go with them.
pub(super) async fn follow_owners(
    link: &mut Link<'_>,
    meeting: MeetingId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    go_with_owner(link, meeting, at).await.map(drop)
}

statements! {
    optional is_inside(id: ParticipantId, meeting: MeetingId) -> (bool,)
        = "SELECT TRUE FROM participant WHERE id = $1 AND meeting = $2 AND admission = 'admitted'";

    execute forget_offers(owner: ParticipantId)
        = "DELETE FROM companion WHERE owner = $1 AND participant IS NULL";

    execute insert(
        id: Uuid, meeting: MeetingId, owner: ParticipantId, code: TokenHash, at: Timestamp,
        code_until: Timestamp,
    )
        = "INSERT INTO companion (id, meeting, owner, code_hash, offered_at, code_until)
           VALUES ($1, $2, $3, $4, $5, $6)";

    optional has_companion(owner: ParticipantId) -> (bool,)
        = "SELECT TRUE FROM companion c JOIN participant p ON p.id = c.participant
           WHERE c.owner = $1 AND p.admission = 'admitted' LIMIT 1";

    execute lose_away(owner: ParticipantId, absent_since: Timestamp, at: Timestamp)
        = "UPDATE participant SET admission = 'left', left_at = $3
           WHERE admission = 'admitted' AND NOT connected AND connection_changed_at <= $2
             AND id IN (SELECT c.participant FROM companion c
                        WHERE c.owner = $1 AND c.participant IS NOT NULL)";

    execute take(id: Uuid, participant: ParticipantId, at: Timestamp)
        = "UPDATE companion SET participant = $2, brought_at = $3
           WHERE id = $1 AND participant IS NULL AND code_until > $3";

    optional lend(companion: ParticipantId, to: Option<ParticipantId>) -> (u32,)
        = "UPDATE companion SET controller = $2, turn = turn + 1
           WHERE participant = $1 RETURNING turn";

    execute count_facts(companion: ParticipantId, more: u32, most: u32)
        = "UPDATE companion SET facts = facts + $2 WHERE participant = $1 AND facts < $3";

    optional end_turn(companion: ParticipantId, turn: u32) -> (u32,)
        = "UPDATE companion SET controller = NULL, turn = turn + 1
           WHERE participant = $1 AND turn = $2 AND controller IS NOT NULL RETURNING turn";

    execute go_with_owner(meeting: MeetingId, at: Timestamp)
        = "UPDATE participant
           SET admission = 'left', left_at = $2, connected = FALSE, connection_changed_at = $2
           WHERE meeting = $1 AND role = 'companion' AND admission = 'admitted'
             AND id IN (SELECT c.participant FROM companion c JOIN participant o ON o.id = c.owner
                        WHERE c.meeting = $1 AND c.participant IS NOT NULL
                          AND o.admission <> 'admitted')";
}
