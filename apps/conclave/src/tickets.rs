//! Join and resume tickets: how a participant of a meeting enters LiveKit's signalling.

use conclave_sfu::{Access, RoomName};

/// What a ticket is shown for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `/rtc/validate` and what precedes an upgrade: spends nothing.
    Validate,
    /// The WebSocket is open and `join` is about to be sent: spends a join ticket.
    Join,
    /// The client continues a session (`reconnect=1`).
    Resume,
}

/// Whom a ticket lets in. Rights are those of the store at this moment.
pub struct Redeemed {
    pub room: RoomName,
    pub access: Access,
}

/// Why a ticket lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketRefusal {
    /// Not one of ours: it may be a developer's token.
    #[error("the ticket is not this server's")]
    Foreign,
    #[error("the ticket is not valid any more")]
    Invalid,
    /// The participant is not admitted, has left, or the meeting has ended.
    #[error("the participant is not admitted")]
    NotAdmitted,
    /// The store can't answer at this moment.
    #[error("the server can't check the ticket at this moment")]
    Unavailable,
}

/// Makes and checks tickets. Clones share what is spent.
#[derive(Clone)]
pub struct Tickets;

impl Tickets {
    pub async fn redeem(&self, _token: &str, _purpose: Purpose) -> Result<Redeemed, TicketRefusal> {
        Err(TicketRefusal::Foreign)
    }

    /// A ticket for `refresh_token`, bound to the participant. `None` for who is not a meeting's participant.
    pub fn resume_ticket(&self, _room: &RoomName, _identity: &str) -> Option<String> {
        None
    }
}
