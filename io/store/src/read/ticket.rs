//! Tickets for the media connection, looked at without spending them.

use conclave_protocol::{ParticipantId, Timestamp};

use crate::engine::{row, statements};
use crate::secret::TokenHash;

/// What a ticket is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketKind {
    /// One join.
    Join,
    /// Coming back, as often as needed.
    Resume,
}

row! {
    /// A ticket on record. Whether it still holds is policy's to say.
    pub struct Ticket {
        pub participant: ParticipantId,
        pub kind: TicketKind,
        pub issued_at: Timestamp,
        pub expires_at: Timestamp,
        pub spent_at: Option<Timestamp>,
    }
}

statements! {
    optional ticket(id: TokenHash) -> Ticket
        = "SELECT participant, kind, issued_at, expires_at, spent_at FROM ticket WHERE id_hash = $1";
}
