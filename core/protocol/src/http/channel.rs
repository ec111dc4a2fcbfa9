//! The meeting channel: one WebSocket beside LiveKit's, with ordered, resumable events.
//!
//! The client's first message is [`Upstream::Hello`] with its credential. The server answers
//! with [`Downstream::Welcome`] (the whole state), or with [`Downstream::Resumed`] followed by
//! the missed events where `after` is still known. Each [`Downstream::Event`] has the next
//! sequence number of this participant's channel. All messages are JSON text frames.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::companion::CompanionOf;
use crate::meeting::{Admission, DataMode, EndCause, Ending, ParticipantRole, Sharing};
use crate::mls::{Epoch, GroupId, LeafIndex, MlsState, Opaque, Refusal, Slot};
use crate::personal::{DisplayName, Secret, Title};
use crate::{OrganisationId, ParticipantId, Timestamp};

/// From the client.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Upstream {
    /// First, within 10 seconds.
    Hello {
        credential: Secret,
        /// The last event that the client has applied; absent for the whole state.
        #[serde(default)]
        after: Option<u64>,
    },
    /// Everything up to here is applied: the server may forget it.
    Ack {
        seq: u64,
    },
    Ping {},
    /// Wants to enter the group: for the first time, after a reload, or having fallen behind.
    /// Answered by [`Downstream::MlsSlot`] when the turn comes.
    MlsJoin,
    /// Answers [`Slot::Create`].
    MlsCreate {
        group: GroupId,
        /// Of epoch 0.
        group_info: Opaque,
    },
    /// Applies to `epoch`; the event that accepts it makes the next one.
    MlsCommit {
        group: GroupId,
        epoch: Epoch,
        /// An `MLSMessage` with a `PublicMessage`.
        commit: Opaque,
        /// Of the epoch that the commit makes.
        group_info: Opaque,
        /// The leaf that the sender enters at; absent when the sender is a member.
        #[serde(default)]
        leaf: Option<LeafIndex>,
    },
    /// The sender is in `epoch` and can decrypt it. Also says, after a welcome, where a member stands.
    MlsProcessed {
        group: GroupId,
        epoch: Epoch,
    },
    /// The sender refused the commit that made `epoch`; or holds the slot to enter in `epoch`, and can't by
    /// the GroupInfo that came with it. The slot ends, and another member commits, which makes another GroupInfo.
    MlsInvalid {
        group: GroupId,
        epoch: Epoch,
    },
    /// Can't use the slot that the sender holds: it goes to the next at once.
    MlsPass,
    /// A member wants to commit something of its own. Answered by [`Slot::Commit`] when the turn comes,
    /// in the epoch that the group is in by then.
    MlsTurn {
        group: GroupId,
        epoch: Epoch,
    },
    /// For everybody else who is admitted and connected, unseen by the server. May be lost.
    MlsHeartbeat {
        /// At most [`LARGEST_HEARTBEAT`](crate::mls::LARGEST_HEARTBEAT).
        bytes: Opaque,
    },
    /// For one other participant who is admitted and connected, unseen by the server. May be lost. From the lobby, and into it:
    /// between who is asked for the passcode and hosts, and about the passcode alone.
    MlsLetter {
        to: ParticipantId,
        /// At most [`LARGEST_LETTER`](crate::mls::LARGEST_LETTER).
        bytes: Opaque,
    },
}

/// From the server.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Downstream {
    Welcome(Box<Welcome>),
    Resumed {
        /// The first event that follows has this number, plus one.
        after: u64,
    },
    Event {
        seq: u64,
        revision: u64,
        event: Event,
    },
    Pong,
    /// The receiver's turn.
    MlsSlot(Slot),
    /// The receiver's submission changed nothing.
    MlsRefused(Refusal),
    /// Of another participant, to everybody.
    MlsHeartbeat {
        bytes: Opaque,
    },
    /// To the receiver alone.
    MlsLetter {
        from: ParticipantId,
        bytes: Opaque,
    },
    /// The last message before the server closes the socket.
    Bye {
        reason: Bye,
    },
}

/// The whole state, as this participant may see it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Welcome {
    /// The number of the last event that this state contains.
    pub seq: u64,
    pub revision: u64,
    pub you: RosterEntry,
    pub admission: Admission,
    /// Of who waits in the lobby: 1 is next. Absent for everybody else.
    pub place: Option<u32>,
    /// Of who waits in the lobby, and is let in by nobody before they have shown that they know the passcode.
    #[serde(default)]
    pub passcode: Option<PasscodeWanted>,
    /// What the organisation's server keeps of what is said and shown: told also to who waits.
    #[serde(default)]
    pub data_mode: Option<DataMode>,
    /// Absent while waiting.
    pub meeting: Option<MeetingFacts>,
    /// Empty while waiting.
    pub roster: Vec<RosterEntry>,
    /// Who waits, oldest first; empty but for hosts.
    pub lobby: Vec<LobbyEntry>,
    /// Absent while waiting.
    pub mls: Option<MlsState>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct MeetingFacts {
    pub organisation: OrganisationId,
    pub data_mode: DataMode,
    pub title: Title,
    /// For hosts, who may pass it on.
    pub code: Option<crate::meeting::MeetingCode>,
    pub started_at: Option<Timestamp>,
    /// Whoever has the invitation's link comes straight in. Since a host has turned somebody away or put them out,
    /// who also have it, whoever comes waits until a host admits them.
    pub link_admits: bool,
    /// A host lets nobody new in, by link or by code. Who is in stays, and comes back from a lost connection.
    pub locked: bool,
    pub sharing: Sharing,
    /// Handed the screen: nobody else shows one while they are there.
    pub presenter: Option<ParticipantId>,
    /// The co-host who leads in the host's stead, and may end the meeting, while no host is there.
    pub successor: Option<ParticipantId>,
    /// Said from five minutes before on, unless something changes.
    pub ending: Option<Ending>,
    /// Said from a minute before on, unless the presenter does something.
    pub idle_share: Option<IdleShare>,
    /// To hosts: many machines tried the door, and until then who is not signed in waits also with the link.
    #[serde(default)]
    pub guarded_until: Option<Timestamp>,
    /// It is one of those that follow each other with one link.
    #[serde(default)]
    pub repeats: bool,
    /// By policy nobody is given the meeting's key without its passcode: the server passes no letter that does.
    #[serde(default)]
    pub needs_passcode: bool,
    /// How often the passcode was changed: which of those that follow from the link holds. Rises, and never falls.
    #[serde(default)]
    pub passcode_number: u32,
}

/// Whom somebody in the lobby shows that they know the passcode: whoever of them is convinced says so (`vouchForParticipant`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PasscodeWanted {
    /// At most three of the hosts and co-hosts who are there at this moment.
    pub hosts: Vec<ParticipantId>,
    /// As [`MeetingFacts::passcode_number`].
    #[serde(default)]
    pub passcode_number: u32,
}

/// A screen that is taken off before long, as its presenter does nothing: they don't speak, send nothing, and its picture
/// stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IdleShare {
    pub presenter: ParticipantId,
    pub stops_at: Timestamp,
}

/// Somebody in the meeting.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RosterEntry {
    pub participant: ParticipantId,
    pub display_name: DisplayName,
    pub role: ParticipantRole,
    /// Has an account of the meeting's organisation, and is signed in.
    pub signed_in: bool,
    /// Has a channel or media at this moment.
    pub connected: bool,
    /// Came in by emergency access: nobody in the meeting let them in.
    #[serde(default)]
    pub by_emergency: bool,
    /// Of a companion: whose computer it is, and who may reach it.
    #[serde(default)]
    pub companion: Option<CompanionOf>,
}

/// Somebody in the lobby.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LobbyEntry {
    pub participant: ParticipantId,
    pub display_name: DisplayName,
    pub since: Timestamp,
    /// Came without the link, and has not shown that they know the passcode: nobody lets them in before.
    #[serde(default)]
    pub needs_passcode: bool,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// Joined, or changed: replaces the entry with the same participant.
    Roster {
        entry: RosterEntry,
    },
    /// Left for good.
    RosterLeft {
        participant: ParticipantId,
    },
    /// Knocks; to hosts only.
    Lobby {
        entry: LobbyEntry,
    },
    /// Admitted, denied or gone; to hosts only.
    LobbyLeft {
        participant: ParticipantId,
    },
    /// The receiver's own standing changed. With `Admitted` a fresh [`Downstream::Welcome`] follows.
    Admission {
        admission: Admission,
    },
    /// The receiver's own place in the lobby's line changed: 1 is next.
    Place {
        place: u32,
    },
    /// Whom the receiver, who waits, shows that they know the passcode; nobody any more where a host's page has said that they
    /// do.
    Passcode {
        wanted: Option<PasscodeWanted>,
    },
    /// A host asks the receiver to speak. It is theirs to do so or not: nothing opens their microphone for them.
    UnmuteAsked,
    /// Replaces what was said of the meeting.
    MeetingChanged {
        meeting: MeetingFacts,
    },
    MeetingEnded {
        cause: EndCause,
    },
    /// Accepted: leads from `epoch` to the next. Members merge it, its sender included.
    MlsCommit {
        group: GroupId,
        epoch: Epoch,
        sender: ParticipantId,
        commit: Opaque,
    },
    /// The server proposes to remove members who are gone. `committer` commits all of it at once;
    /// said again with another one when nobody has.
    MlsRemoval {
        group: GroupId,
        epoch: Epoch,
        /// Each an `MLSMessage` with a `PublicMessage` of the external sender.
        proposals: Vec<Opaque>,
        committer: ParticipantId,
    },
    /// Every connected member has processed `epoch`.
    MlsAllProcessed {
        group: GroupId,
        epoch: Epoch,
    },
    /// The group is over. Who is still there enters the next one.
    MlsEnded {
        group: GroupId,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bye {
    /// The credential is unknown, or the participant is no longer welcome.
    NotAuthenticated,
    /// A message was not understood.
    Malformed,
    /// The same participant opened another channel.
    Replaced,
    MeetingEnded,
    Denied,
    /// A host put the participant out.
    Expelled,
    /// The participant was gone for too long to come back to a meeting that is locked.
    MeetingLocked,
    /// The client did not keep up; reconnect with `after`.
    TooSlow,
    ServerStopping,
}
