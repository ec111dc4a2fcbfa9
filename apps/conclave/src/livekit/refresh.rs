//! Renews what a participant would reconnect with, for as long as the session lasts.

use std::time::Duration;

use conclave_sfu::RoomName;
use livekit_protocol as proto;
use proto::signal_response::Message;

use super::LiveKit;
use super::access::{Credential, Entry};

/// Half of the validity that a renewed token has at least.
pub(super) const INTERVAL: Duration = Duration::from_secs(5 * 60);

/// What the participant is by now, as the server's own messages said.
pub(super) struct Refresh {
    room: RoomName,
    identity: String,
    credential: Credential,
    info: Option<proto::ParticipantInfo>,
}

impl Refresh {
    pub(super) fn new(entry: &Entry) -> Self {
        Self {
            room: entry.room.clone(),
            identity: entry.access.identity.clone(),
            credential: entry.credential.clone(),
            info: None,
        }
    }

    /// Whether the client needs another credential after this message: its session has just
    /// begun, or what its credential says about it has changed.
    pub(super) fn is_due_after(&mut self, message: &Message) -> bool {
        let infos = match message {
            Message::Join(join) => join.participant.as_slice(),
            Message::Update(update) => update.participants.as_slice(),
            Message::Reconnect(_) => return true,
            _ => return false,
        };
        let own = infos.iter().find(|info| info.identity == self.identity);
        let Some(own) = own else {
            return false;
        };
        let same = self
            .info
            .as_ref()
            .is_some_and(|known| says_the_same(known, own));
        // Tracks come and go; the credential does not speak of them.
        self.info = Some(proto::ParticipantInfo {
            tracks: Vec::new(),
            ..own.clone()
        });
        !same
    }

    pub(super) fn message(&self, livekit: &LiveKit) -> Option<Message> {
        let token = match &self.credential {
            Credential::Ticket(browser) => {
                let tickets = &livekit.app.tickets;
                tickets.resume_ticket(&self.room, &self.identity, *browser)
            }
            Credential::Developer(token) => token.refreshed(self.info.as_ref(), &livekit.app.clock),
        };
        token.map(Message::RefreshToken)
    }
}

fn says_the_same(a: &proto::ParticipantInfo, b: &proto::ParticipantInfo) -> bool {
    a.name == b.name
        && a.metadata == b.metadata
        && a.attributes == b.attributes
        && a.permission == b.permission
}
