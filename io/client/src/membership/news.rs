//! What a membership reports.

use conclave_e2ee::identity::ParticipantId as Occupant;
use conclave_e2ee::session::{Alarm, Difference, Sending};
use conclave_protocol::ParticipantId;
use conclave_protocol::channel::Bye;
use conclave_protocol::companion::CompanionOf;
use conclave_protocol::meeting::Admission;

use super::petition::NotGiven;
use crate::encryption::Encryption;

/// Something that happened. It names people, and prints nothing.
pub enum News {
    /// Not in the meeting, or not any more.
    Waits(Admission),
    /// Somebody asks a host to be let in.
    Knocks(ParticipantId),
    /// In the meeting. The group comes later: see [`News::Sending`].
    Admitted(Encryption),
    /// To a host: who has shown that they know the passcode.
    Knows(Occupant),
    /// To who has the code and the passcode alone. Nothing more is asked.
    NotGiven(NotGiven),
    Sending(Sending),
    /// Of a companion: who may use the computer, by the server's word; `None` while its owner is not there.
    Companion(Option<CompanionOf>),
    /// Roster, security code or rules are others.
    Changed,
    /// A host has to let this device in; they are asked.
    NeedsVoucher,
    /// Somebody asks whom this device's person, a host, has not let in.
    VoucherAsked(Occupant),
    /// Whose silence keeps this device from sending.
    Silent(Vec<Occupant>),
    /// Something that this host wanted of the group won't happen.
    WishFailed,
    /// The meeting's group waits for a host.
    NeedsHost,
    Difference(Difference),
    Alarm(Alarm),
    /// The connection is lost, and comes back by itself.
    Lost,
    /// It is back.
    Restored,
    /// Nothing follows. What the server said, if it did.
    Ended(Option<Bye>),
}
