//! A meeting's life: made, locked, and ended. A host's arrival opens it ([`super::Join`]).

use conclave_protocol::meeting::MeetingCode;
use conclave_protocol::personal::Title;
use conclave_protocol::{AccountId, MeetingId, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Action, Apply, Failure, Revision};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// Makes a scheduled meeting at revision 1. Refused: [`Refused::CodeTaken`].
pub struct CreateMeeting {
    pub id: MeetingId,
    pub organisation: OrganisationId,
    pub host: AccountId,
    pub code: MeetingCode,
    pub title: Title,
    pub starts_at: Option<Timestamp>,
    /// SHA-256 of the invitation proof.
    pub invitation_verifier: [u8; 32],
    pub at: Timestamp,
}

/// Ends a meeting for everybody and frees its code. Whoever still waits has waited until then.
/// Refused: [`Refused::MeetingEnded`], [`Refused::NotFound`].
#[derive(Clone, Serialize, Deserialize)]
pub struct EndMeeting {
    pub meeting: MeetingId,
    pub at: Timestamp,
}

/// Lets nobody new in, or lifts that. Refused: [`Refused::MeetingEnded`], [`Refused::NotFound`].
pub struct LockMeeting {
    pub meeting: MeetingId,
    pub locked: bool,
}

impl Action for CreateMeeting {}

impl Apply for CreateMeeting {
    type Done = MeetingId;

    async fn apply(self, link: &mut Link<'_>) -> Result<MeetingId, Failure> {
        let id = self.id;
        let inserted = insert_meeting(
            link,
            self.id,
            self.organisation,
            self.host,
            self.code,
            self.title,
            self.starts_at,
            self.invitation_verifier,
            self.at,
        )
        .await?;
        match inserted {
            0 => Err(Refused::CodeTaken.into()),
            _ => Ok(id),
        }
    }
}

impl Action for LockMeeting {}

impl Apply for LockMeeting {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        match lock_meeting(link, self.meeting, self.locked).await? {
            Some((revision,)) => Ok(Revision(revision)),
            None => Err(over_or_unknown(link, self.meeting).await?.into()),
        }
    }
}

impl Action for EndMeeting {}

impl Apply for EndMeeting {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let Some((revision,)) = end_meeting(link, self.meeting, self.at).await? else {
            return Err(over_or_unknown(link, self.meeting).await?.into());
        };
        disconnect_participants(link, self.meeting, self.at).await?;
        turn_away_who_waits(link, self.meeting, self.at).await?;
        Ok(Revision(revision))
    }
}

async fn over_or_unknown(link: &mut Link<'_>, meeting: MeetingId) -> Result<Refused, Failure> {
    Ok(match meeting_state(link, meeting).await? {
        Some(_) => Refused::MeetingEnded,
        None => Refused::NotFound,
    })
}

statements! {
    execute insert_meeting(
        id: MeetingId, organisation: OrganisationId, host: AccountId, code: MeetingCode,
        title: Title, starts_at: Option<Timestamp>, invitation_verifier: [u8; 32], at: Timestamp,
    )
        = "INSERT INTO meeting
             (id, organisation, host, code, title, starts_at, invitation_verifier, created_at, state, revision)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'scheduled', 1)
           ON CONFLICT (code) WHERE state <> 'ended' DO NOTHING";

    optional lock_meeting(id: MeetingId, locked: bool) -> (u64,)
        = "UPDATE meeting SET locked = $2, revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING revision";

    optional end_meeting(id: MeetingId, at: Timestamp) -> (u64,)
        = "UPDATE meeting SET state = 'ended', ended_at = $2, revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING revision";

    optional meeting_state(id: MeetingId) -> (conclave_protocol::meeting::MeetingState,)
        = "SELECT state FROM meeting WHERE id = $1";

    execute disconnect_participants(meeting: MeetingId, at: Timestamp)
        = "UPDATE participant SET connected = FALSE, connection_changed_at = $2
           WHERE meeting = $1 AND connected";

    execute turn_away_who_waits(meeting: MeetingId, at: Timestamp)
        = "UPDATE participant SET left_at = $2
           WHERE meeting = $1 AND left_at IS NULL AND admission IN ('waiting', 'host_absent')";
}
