//! What happens to a session.

use crate::admission::Voucher;
use crate::context::Rules;
use crate::identity::ParticipantId;
use crate::meeting::GroupId;

/// One thing that happened.
pub enum Input<'a> {
    /// The person wants in.
    Enter,
    /// The person leaves: keys go at once.
    Leave,
    /// Something that the server said.
    Server(FromServer<'a>),
    /// Who is connected, as the server has it.
    Present(&'a [ParticipantId]),
    /// A member's heartbeat, as it came.
    Heartbeat(&'a [u8]),
    /// Another participant's letter, as it came, and who wrote it by the server's word.
    Letter {
        from: ParticipantId,
        bytes: &'a [u8],
    },
    /// The person at this device, a host, lets this participant in.
    Admitted(ParticipantId),
    /// A host let this member in.
    Voucher(Voucher),
    /// A host puts out whoever has this signature key.
    Expel(&'a [u8]),
    /// A host turned this participant away, who may hold the secret: from here on it opens the meeting to nobody.
    TurnAway(ParticipantId),
    /// A host changes who may join, or who is a host.
    ChangeRules(Rules),
    Timeout,
}

/// What the delivery service says. Byte strings are MLSMessages.
pub enum FromServer<'a> {
    /// Nobody is here: make a group.
    SlotToCreate,
    SlotToJoin {
        group: GroupId,
        epoch: u64,
        group_info: &'a [u8],
    },
    SlotToCommit {
        group: GroupId,
        epoch: u64,
    },
    Refused(Refused),
    /// Accepted: ends `epoch`.
    Commit {
        group: GroupId,
        epoch: u64,
        sender: ParticipantId,
        commit: &'a [u8],
    },
    /// Removals that the server proposes in `epoch`.
    Removal {
        group: GroupId,
        epoch: u64,
        proposals: &'a [Vec<u8>],
    },
    /// Every member has processed the commit that made `epoch`.
    AllProcessed {
        group: GroupId,
        epoch: u64,
    },
    /// Where the group is, for whoever comes back without the events in between.
    State {
        group: GroupId,
        epoch: u64,
    },
    Ended {
        group: GroupId,
    },
}

/// Why the server takes no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    NoSlot,
    Stale,
    Throttled,
    Malformed,
    TooLarge,
    Full,
    NotRequired,
}
