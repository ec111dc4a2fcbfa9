//! Who shows a screen in a meeting: everybody, hosts, or whom it was handed to.

use conclave_protocol::meeting::{Admission, Sharing};
use conclave_protocol::{MeetingId, ParticipantId};

use super::{Action, Apply, Failure, Revision};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// Says who may, and takes it from whom it was handed to. Refused: [`Refused::MeetingEnded`], also for no meeting.
pub struct SetSharing {
    pub meeting: MeetingId,
    pub sharing: Sharing,
}

/// Hands it to somebody who is in. Refused: [`Refused::NotInside`], [`Refused::MeetingEnded`], also for no meeting;
/// [`Refused::Conflict`] when `held_by` has it no longer.
pub struct HandOver {
    pub meeting: MeetingId,
    /// Who hands on what they have, and has no other right to.
    pub held_by: Option<ParticipantId>,
    pub participant: ParticipantId,
}

impl Action for SetSharing {}

impl Apply for SetSharing {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let revision = set_sharing(link, self.meeting, self.sharing).await?;
        let (revision,) = revision.ok_or(Refused::MeetingEnded)?;
        Ok(Revision(revision))
    }
}

impl Action for HandOver {}

impl Apply for HandOver {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        if admission(link, self.participant, self.meeting).await? != Some((Admission::Admitted,)) {
            return Err(Refused::NotInside.into());
        }
        if let Some(holder) = self.held_by
            && presenter(link, self.meeting).await? != Some((Some(holder),))
        {
            return Err(Refused::Conflict.into());
        }
        let revision = hand_over(link, self.meeting, self.participant).await?;
        let (revision,) = revision.ok_or(Refused::MeetingEnded)?;
        Ok(Revision(revision))
    }
}

statements! {
    optional set_sharing(id: MeetingId, sharing: Sharing) -> (u64,)
        = "UPDATE meeting SET sharing = $2, presenter = NULL, revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING revision";

    optional hand_over(id: MeetingId, presenter: ParticipantId) -> (u64,)
        = "UPDATE meeting SET presenter = $2, revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING revision";

    optional presenter(id: MeetingId) -> (Option<ParticipantId>,)
        = "SELECT presenter FROM meeting WHERE id = $1";

    optional admission(id: ParticipantId, meeting: MeetingId) -> (Admission,)
        = "SELECT admission FROM participant WHERE id = $1 AND meeting = $2";
}
