//! What a session wants done, and what it tells.

use std::time::Duration;

use crate::frame::BaseKey;
use crate::group::{JoinRefusal, Refusal};
use crate::identity::ParticipantId;
use crate::meeting::{GroupEpoch, GroupId};

/// What to tell the delivery service. Byte strings are MLSMessages.
#[derive(Clone, PartialEq, Eq)]
pub enum ToServer {
    /// Wants a slot to create or join.
    Join,
    Create {
        group: GroupId,
        group_info: Vec<u8>,
    },
    /// Ends `epoch`. A joiner names the leaf that it takes.
    Commit {
        group: GroupId,
        epoch: u64,
        leaf: Option<u32>,
        commit: Vec<u8>,
        group_info: Vec<u8>,
    },
    Processed {
        group: GroupId,
        epoch: u64,
    },
    /// The commit that made `epoch` was refused; or a joiner can't enter by the group info of `epoch`.
    Invalid {
        group: GroupId,
        epoch: u64,
    },
    /// A host wants a slot for a commit of its own.
    Turn {
        group: GroupId,
        epoch: u64,
    },
    /// The slot is of no use here: somebody else may have it.
    Pass,
}

/// One thing that the owner has to do, or the news that nothing is left to do.
pub enum Output {
    Send(ToServer),
    /// A heartbeat, for every member.
    Broadcast(Vec<u8>),
    /// A letter, for one participant.
    Letter {
        to: ParticipantId,
        bytes: Vec<u8>,
    },
    Sending(Sending),
    /// Roster, security code or rules are others: see [`super::Session::group`].
    Changed,
    /// A host has to let this member in first; their devices are asked.
    NeedsVoucher(GroupId),
    /// Somebody asks to be let in whom the person at this device, a host, has not let in.
    VoucherAsked(ParticipantId),
    /// Only a host may make the meeting's group, or make it again: this member waits for one.
    NeedsHost,
    /// The roster of the group and the server's, when the difference lasts or ends.
    Difference(Difference),
    Alarm(Alarm),
    /// Whose silence keeps senders from sending, or nobody's any more. A host who has lost patience puts them out.
    Silent(Vec<ParticipantId>),
    /// What a host wanted first has not happened, and won't: there was too much of it, or it was nothing that this
    /// host may do.
    WishFailed,
    /// Drained: call again after the next input, or at this time at the latest.
    Wait(Option<Duration>),
}

/// A change of the keys that frames are opened with. Never an output: base keys stay in this crate.
pub(crate) enum KeyChange {
    /// Frames of this epoch can come.
    Open(Opened),
    /// No frame of this epoch counts any more: forget its keys.
    Close(GroupEpoch),
}

/// An epoch of the group, as frames need it.
pub(crate) struct Opened {
    pub(crate) at: GroupEpoch,
    /// The own leaf.
    pub(crate) leaf: u32,
    pub(crate) leaves: Vec<(ParticipantId, u32)>,
    pub(crate) base_key: BaseKey,
}

/// What senders do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    With(GroupEpoch),
    Stopped(Silence),
}

/// Why nothing is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Not in the group, or not in its present epoch.
    NoKey,
    /// Too few of the others say that they are in this epoch.
    Unconfirmed,
    /// Left, or turned away.
    Over,
}

/// Who is in one roster only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// In the group, but not connected by the server's word.
    pub strangers: Vec<ParticipantId>,
    /// Connected by the server's word, but not in the group.
    pub outsiders: Vec<ParticipantId>,
}

/// Something that an honest server and honest members don't do.
#[derive(Clone, PartialEq, Eq)]
pub enum Alarm {
    /// The group that was offered is not joined.
    Group(JoinRefusal),
    /// A commit that the server had accepted is refused.
    Commit {
        sender: ParticipantId,
        refusal: Refusal,
    },
    Proposal(Refusal),
    /// The server names another participant as joiner than the leaf does.
    Mislabelled {
        leaf: u32,
    },
}
