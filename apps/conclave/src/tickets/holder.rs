//! Who shows a ticket.

use conclave_audit::{Entry, Event};
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::read::meeting::Meeting;
use conclave_store::read::participant::Participant;

use super::{NotRedeemed, Purpose, TicketRefusal};
use crate::http::occasion::Occasion;
use crate::recorded;
use crate::secret::NoRandomness;

/// Who shows a ticket, as the store has them.
pub(super) struct TicketHolder {
    pub(super) participant: Participant,
    pub(super) meeting: Meeting,
}

impl TicketHolder {
    /// What it says that they connect, or go on.
    pub(super) fn entry(
        &self,
        purpose: Purpose,
        occasion: &Occasion,
    ) -> Result<Entry, NotRedeemed> {
        let MeetingId(meeting) = self.meeting.id;
        let ParticipantId(participant) = self.participant.id;
        let event = match purpose {
            Purpose::Validate | Purpose::Join => Event::MeetingConnect {
                meeting,
                participant,
            },
            Purpose::Resume => Event::MeetingResume {
                meeting,
                participant,
            },
        };
        let organisation = Some(self.meeting.organisation);
        let actor = recorded::participant(&self.participant);
        let entry = occasion.entry(organisation, actor, event);
        entry.map_err(|NoRandomness| TicketRefusal::Unavailable.into())
    }
}
