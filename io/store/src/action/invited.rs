//! The list of a meeting for the invited: who comes onto it, and who is put out as they come off it.

use conclave_protocol::meeting::EntryRule;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Action, Apply, Failure, Revision};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// The longest list of one meeting.
pub const MOST_INVITED: u32 = 500;

/// Puts an address onto the list; one that is there stays. Refused: [`Refused::MeetingFull`] where the list is as long as
/// a list may be, [`Refused::MeetingEnded`], also for no meeting.
pub struct InviteToMeeting {
    pub meeting: MeetingId,
    pub email: EmailAddress,
}

/// Takes an address off the list, and puts those out of a meeting for the invited who came with it, but no host.
/// Refused: [`Refused::NotFound`] where it is not there, [`Refused::MeetingEnded`], also for no meeting.
pub struct Uninvite {
    pub meeting: MeetingId,
    pub email: EmailAddress,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uninvited {
    pub revision: Revision,
    pub put_out: Vec<ParticipantId>,
}

impl Action for InviteToMeeting {}

impl Apply for InviteToMeeting {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let (_, revision) = raise(link, self.meeting)
            .await?
            .ok_or(Refused::MeetingEnded)?;
        let normalised = self.email.normalised();
        insert(link, self.meeting, self.email, normalised).await?;
        let many = count(link, self.meeting).await?;
        match many.is_some_and(|(many,)| many > u64::from(MOST_INVITED)) {
            true => Err(Refused::MeetingFull.into()),
            false => Ok(Revision(revision)),
        }
    }
}

impl Action for Uninvite {}

impl Apply for Uninvite {
    type Done = Uninvited;

    async fn apply(self, link: &mut Link<'_>) -> Result<Uninvited, Failure> {
        let raised = raise(link, self.meeting).await?;
        let (entry, revision) = raised.ok_or(Refused::MeetingEnded)?;
        let normalised = self.email.normalised();
        if delete(link, self.meeting, normalised.clone()).await? == 0 {
            return Err(Refused::NotFound.into());
        }
        let put_out = match entry {
            EntryRule::Invited => put_out(link, self.meeting, normalised, self.at).await?,
            EntryRule::Link | EntryRule::Lobby => Vec::new(),
        };
        Ok(Uninvited {
            revision: Revision(revision),
            put_out: put_out.into_iter().map(|(id,)| id).collect(),
        })
    }
}

statements! {
    optional raise(id: MeetingId) -> (EntryRule, u64)
        = "UPDATE meeting SET revision = revision + 1
           WHERE id = $1 AND state <> 'ended' RETURNING entry, revision";

    execute insert(meeting: MeetingId, email: EmailAddress, normalised: String)
        = "INSERT INTO meeting_invited (meeting, email, email_normalised) VALUES ($1, $2, $3)
           ON CONFLICT (meeting, email_normalised) DO NOTHING";

    optional count(meeting: MeetingId) -> (u64,)
        = "SELECT COUNT(*) FROM meeting_invited WHERE meeting = $1";

    execute delete(meeting: MeetingId, normalised: String)
        = "DELETE FROM meeting_invited WHERE meeting = $1 AND email_normalised = $2";

    all put_out(meeting: MeetingId, normalised: String, at: Timestamp) -> (ParticipantId,)
        = "UPDATE participant
           SET admission = 'expelled', left_at = $3, connected = FALSE, connection_changed_at = $3
           WHERE meeting = $1 AND admission IN ('admitted', 'host_absent') AND role <> 'host'
             AND account IN (SELECT id FROM account WHERE email_normalised = $2)
           RETURNING id";
}
