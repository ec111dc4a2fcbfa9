//! A host's act on what somebody who is in sends: its effect is the media router's, and what is kept is that it was done.

use conclave_protocol::meeting::{Admission, MeetingState};
use conclave_protocol::{MeetingId, ParticipantId};

use super::{Action, Apply, Failure, Revision};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// Refused: [`Refused::NotInside`] for who is not in, [`Refused::MeetingEnded`], [`Refused::NotFound`].
pub struct Moderate {
    pub meeting: MeetingId,
    /// `None`: everybody.
    pub participant: Option<ParticipantId>,
}

impl Action for Moderate {}

impl Apply for Moderate {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        match state(link, self.meeting).await? {
            None => return Err(Refused::NotFound.into()),
            Some((MeetingState::Ended,)) => return Err(Refused::MeetingEnded.into()),
            Some((MeetingState::Scheduled | MeetingState::Live,)) => {}
        }
        if let Some(participant) = self.participant
            && admission(link, participant, self.meeting).await? != Some((Admission::Admitted,))
        {
            return Err(Refused::NotInside.into());
        }
        let revision = raise(link, self.meeting).await?;
        let (revision,) = revision.ok_or(Refused::MeetingEnded)?;
        Ok(Revision(revision))
    }
}

statements! {
    optional state(id: MeetingId) -> (MeetingState,)
        = "SELECT state FROM meeting WHERE id = $1";

    optional admission(id: ParticipantId, meeting: MeetingId) -> (Admission,)
        = "SELECT admission FROM participant WHERE id = $1 AND meeting = $2";

    optional raise(id: MeetingId) -> (u64,)
        = "UPDATE meeting SET revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING revision";
}
