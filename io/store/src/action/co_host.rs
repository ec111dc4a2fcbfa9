//! Co-hosts: made, and what they were before.

use conclave_protocol::meeting::Admission;
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Action, Apply, Failure, Revision};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// Makes a participant or a guest a co-host. Refused: [`Refused::NotInside`], [`Refused::Conflict`] for who has another
/// role, [`Refused::NotFound`].
pub struct MakeCoHost {
    pub meeting: MeetingId,
    pub participant: ParticipantId,
    pub at: Timestamp,
}

/// Makes a co-host what they were: a participant with an account of the meeting's organisation, else a guest.
/// Refused as [`MakeCoHost`] is.
#[derive(Clone, Serialize, Deserialize)]
pub struct TakeBackCoHost {
    pub meeting: MeetingId,
    pub participant: ParticipantId,
}

impl Action for MakeCoHost {}

impl Apply for MakeCoHost {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let changed = promote(link, self.participant, self.meeting, self.at).await?;
        changed_role(link, self.meeting, self.participant, changed).await
    }
}

impl Action for TakeBackCoHost {}

impl Apply for TakeBackCoHost {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let changed = demote(link, self.participant, self.meeting).await?;
        changed_role(link, self.meeting, self.participant, changed).await
    }
}

async fn changed_role(
    link: &mut Link<'_>,
    meeting: MeetingId,
    participant: ParticipantId,
    changed: u64,
) -> Result<Revision, Failure> {
    if changed == 0 {
        let refused = match admission(link, participant, meeting).await? {
            Some((Admission::Admitted,)) => Refused::Conflict,
            Some(_) | None => Refused::NotInside,
        };
        return Err(refused.into());
    }
    let revision = raise(link, meeting).await?;
    let (revision,) = revision.ok_or(Refused::MeetingEnded)?;
    Ok(Revision(revision))
}

statements! {
    execute promote(id: ParticipantId, meeting: MeetingId, at: Timestamp)
        = "UPDATE participant SET role = 'co_host', co_host_since = $3
           WHERE id = $1 AND meeting = $2 AND admission = 'admitted'
             AND role IN ('participant', 'guest')";

    execute demote(id: ParticipantId, meeting: MeetingId)
        = "UPDATE participant
           SET co_host_since = NULL,
               role = CASE WHEN EXISTS (SELECT 1 FROM account a JOIN meeting m
                                          ON m.organisation = a.organisation
                                        WHERE a.id = participant.account AND m.id = $2)
                      THEN 'participant' ELSE 'guest' END
           WHERE id = $1 AND meeting = $2 AND admission = 'admitted' AND role = 'co_host'";

    optional admission(id: ParticipantId, meeting: MeetingId) -> (Admission,)
        = "SELECT admission FROM participant WHERE id = $1 AND meeting = $2";

    optional raise(id: MeetingId) -> (u64,)
        = "UPDATE meeting SET revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING revision";
}
