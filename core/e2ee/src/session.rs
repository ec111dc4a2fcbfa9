//! One member's part in a meeting's encryption: what to answer to the server, which keys to hold, when to be silent.
//!
//! The owner feeds in what happens and drains [`Session::poll_output`] after each input; nothing here reads a clock
//! or sends anything. `now` is the time since 1970 by the device, and never goes back: one reading of the wall
//! clock plus what a monotonic clock has counted since.
//!
//! The server orders commits; it decides nothing. What it says is checked by the group, and what is refused is
//! shown. Without a key of a confirmed epoch nothing is sent.

mod asking;
mod epochs;
mod events;
mod member;
mod presence;
#[cfg(test)]
mod tests;
mod witnesses;

use std::collections::VecDeque;
use std::time::Duration;

use crate::admission::{Joiner, Voucher};
use crate::context::Rules;
use crate::frame::BaseKey;
use crate::group::{Failed, Group, JoinRefusal, Joining, Oneself, Opening, Precedent, Refusal};
use crate::identity::{Identity, ParticipantId};
use crate::meeting::{GroupEpoch, GroupId, Meeting};
use crate::provider::{Entropy, Seed};
use crate::secret::MeetingSecret;
use crate::signer::Signer;
use epochs::Epochs;
use member::Member;
use presence::Presence;
use witnesses::Witnesses;

/// Who takes part in what.
pub struct Config {
    pub meeting: Meeting,
    pub secret: MeetingSecret,
    pub identity: Identity,
    pub signer: Signer,
    /// How the group opens if this member is the first.
    pub opening: Opening,
}

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
    /// A host let this member in.
    Voucher(Voucher),
    /// A host puts out whoever has this signature key.
    Expel(&'a [u8]),
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
    /// The commit that made `epoch` was refused.
    Invalid {
        group: GroupId,
        epoch: u64,
    },
    /// A host wants a slot for a commit of its own.
    Turn {
        group: GroupId,
        epoch: u64,
    },
}

/// One thing that the owner has to do, or the news that nothing is left to do.
pub enum Output {
    Send(ToServer),
    /// A heartbeat, for every member.
    Broadcast(Vec<u8>),
    Sending(Sending),
    /// Roster, security code or rules are others: see [`Session::group`].
    Changed,
    /// A host has to admit this member's key first.
    NeedsVoucher(GroupId),
    /// Only a host may make the meeting's group, or make it again: this member waits for one.
    NeedsHost,
    /// The roster of the group and the server's, when the difference lasts or ends.
    Difference(Difference),
    Alarm(Alarm),
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
    /// Left, removed or turned away.
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

/// A member's encryption, from entering to leaving.
pub struct Session {
    config: Config,
    entropy: Entropy,
    state: State,
    epochs: Epochs,
    /// Whose epochs and witnesses they are: another group counts from the start.
    epochs_of: Option<GroupId>,
    witnesses: Witnesses,
    presence: Presence,
    precedent: Precedent,
    voucher: Option<Voucher>,
    wishes: VecDeque<Wish>,
    /// When to ask for a turn again: the first request may have been lost.
    turn_again: Option<Duration>,
    sending: Sending,
    outputs: VecDeque<Output>,
    key_changes: VecDeque<KeyChange>,
}

enum State {
    Outside,
    /// Has asked for a slot; asks again at `again`, if at all.
    Asking {
        again: Option<Duration>,
        tries: u32,
    },
    /// The commit is with the server.
    Joining {
        joining: Box<Joining>,
        until: Duration,
    },
    Member(Box<Member>),
    Over,
}

/// What a host wants to commit when it has a slot.
enum Wish {
    Expel(Vec<u8>),
    Rules(Rules),
}

impl Session {
    #[must_use]
    pub fn new(config: Config, seed: Seed) -> Self {
        Self {
            config,
            entropy: Entropy::new(seed),
            state: State::Outside,
            epochs: Epochs::default(),
            epochs_of: None,
            witnesses: Witnesses::default(),
            presence: Presence::default(),
            precedent: Precedent::default(),
            voucher: None,
            wishes: VecDeque::new(),
            turn_again: None,
            sending: Sending::Stopped(Silence::NoKey),
            outputs: VecDeque::new(),
            key_changes: VecDeque::new(),
        }
    }

    pub fn handle_input(&mut self, now: Duration, input: Input<'_>) {
        self.epochs.handle_timeout(now);
        match input {
            Input::Enter => self.enter(now),
            Input::Leave => self.end(),
            Input::Server(message) => self.handle_server(now, message),
            Input::Present(people) => self.presence.server_has(people),
            Input::Heartbeat(bytes) => self.hear(now, bytes),
            Input::Voucher(voucher) => self.take_voucher(now, voucher),
            Input::Expel(key) => self.want(now, Wish::Expel(key.to_vec())),
            Input::ChangeRules(rules) => self.want(now, Wish::Rules(rules)),
            Input::Timeout => self.handle_timeout(now),
        }
        self.settle(now);
    }

    pub fn poll_output(&mut self) -> Output {
        self.outputs
            .pop_front()
            .unwrap_or_else(|| Output::Wait(self.wake_at()))
    }

    /// The next change of keys, in the order in which they are to be made; all before the next frame.
    pub(crate) fn poll_key_change(&mut self) -> Option<KeyChange> {
        self.key_changes.pop_front()
    }

    /// The group that this member is in.
    #[must_use]
    pub fn group(&self) -> Option<&Group> {
        match &self.state {
            State::Member(member) => Some(&member.group),
            _ => None,
        }
    }

    /// A host's voucher for somebody in the lobby, in the present group and generation.
    pub fn admit(&self, now: Duration, joiner: Joiner<'_>) -> Result<Voucher, Failed> {
        let group = self.group().ok_or(Failed)?;
        group.admit(&self.config.signer, joiner, now)
    }

    /// Whether senders may send, and with which epoch.
    #[must_use]
    pub fn sending(&self) -> Sending {
        self.sending
    }

    fn handle_timeout(&mut self, now: Duration) {
        match &self.state {
            State::Asking {
                again: Some(at),
                tries,
            } if *at <= now => {
                let tries = *tries;
                self.ask(now, tries);
            }
            State::Joining { until, .. } if *until <= now => self.ask(now, 0),
            State::Member(_) if self.turn_again.is_some_and(|at| at <= now) => {
                self.ask_for_turn(now);
            }
            _ => {}
        }
    }

    /// Does what follows from the state, whatever the input was.
    fn settle(&mut self, now: Duration) {
        self.close_epochs();
        let sending = self.may_send(now);
        if sending != self.sending {
            self.sending = sending;
            self.outputs.push_back(Output::Sending(sending));
        }
        if let State::Member(member) = &mut self.state {
            let beat = member.beat(now, &self.config.signer);
            self.outputs.extend(beat.map(Output::Broadcast));
            let difference = self.presence.settle(now, &member.people);
            self.outputs.extend(difference.map(Output::Difference));
        }
    }

    /// Tells of closed epochs before anything is told of other ones.
    fn close_epochs(&mut self) {
        while let Some(epoch) = self.epochs.poll_closed() {
            let at = self.epochs_of.map(|group| GroupEpoch { group, epoch });
            self.key_changes.extend(at.map(KeyChange::Close));
        }
    }

    fn may_send(&self, now: Duration) -> Sending {
        match (&self.state, self.epochs.sending()) {
            (State::Over, _) => Sending::Stopped(Silence::Over),
            (State::Member(_), Some(_)) if !self.witnesses.confirm(now) => {
                Sending::Stopped(Silence::Unconfirmed)
            }
            (State::Member(member), Some(epoch)) => Sending::With(GroupEpoch {
                group: member.group.id(),
                epoch,
            }),
            _ => Sending::Stopped(Silence::NoKey),
        }
    }

    /// When [`Input::Timeout`] is due at the latest.
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        let own = match &self.state {
            State::Asking { again, .. } => *again,
            State::Joining { until, .. } => Some(*until),
            State::Member(member) => {
                let confirmed = match self.sending {
                    Sending::With(_) => self.witnesses.confirmed_until(),
                    Sending::Stopped(_) => None,
                };
                let presence = self.presence.wake_at();
                [member.next_beat, confirmed, presence, self.turn_again]
                    .into_iter()
                    .flatten()
                    .min()
            }
            State::Outside | State::Over => None,
        };
        own.into_iter().chain(self.epochs.wake_at()).min()
    }

    fn send(&mut self, message: ToServer) {
        self.outputs.push_back(Output::Send(message));
    }

    fn alarm(&mut self, alarm: Alarm) {
        self.outputs.push_back(Output::Alarm(alarm));
    }
}

fn oneself(config: &Config) -> Oneself<'_> {
    Oneself {
        identity: &config.identity,
        signer: &config.signer,
    }
}
