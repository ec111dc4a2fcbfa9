//! The delivery service of one meeting's MLS group: whose turn it is, and which commit is an epoch's.
//!
//! Members may differ about everything but the order of commits, and that is what this decides:
//! one commit per epoch, the first that is kept. It is a value without IO. After each input,
//! drain [`Delivery::poll_output`] up to [`Output::Wait`].
//!
//! Whoever enters gets a slot, and so does a member who wants to commit something, first come first
//! served; removals of who is gone come before them. A removal is committed by the connected member with the least leaf, or after
//! [`TAKE_OVER`] by the next. A group that nobody is left in ends, and so does one whose latest commit
//! most members refuse. Who can't enter by a member's GroupInfo gets one of another member.
//!
//! # Security
//!
//! The service is not trusted with the content: members verify every message, and refuse additions
//! and removals that are not in order. What is checked here keeps one participant's garbage
//! from costing the others anything: framing, sizes, pace, whose leaf is whose.

mod doubts;
mod external_sender;
pub mod framing;
mod group;
mod judgement;
mod lease;
mod log;
mod pace;
mod post;
mod presence;
mod reader;
mod reference;
mod steady;
mod submission;
mod trial;
mod turn;
mod written;

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use conclave_protocol::channel::{Downstream, Event};
use conclave_protocol::mls::{Epoch, GroupId, LeafIndex, MlsState, Opaque, Reason, Refusal};
use conclave_protocol::{ParticipantId, Timestamp};

pub use external_sender::ExternalSender;
pub use group::{Kept, KeptLeaf};
pub use log::{LARGEST_LOG, LONGEST_LOG, LoggedCommit};
pub use post::{NotPassed, Words, goes_without_passcode};
pub use submission::Submission;

use crate::guesses::{Guesses, Patience};
use group::Group;
use pace::{Pace, Paces};
use post::Post;
use steady::Steady;
use submission::Target;
use turn::{Turn, Waiting};

/// One thing that happened.
pub enum Input {
    /// An admitted participant's channel is open. `resumed`: it goes on from what they know.
    Present {
        participant: ParticipantId,
        resumed: bool,
    },
    /// Their channel is closed; they may come back.
    Absent { participant: ParticipantId },
    /// Left, was turned out, or has been away for too long.
    Gone { participant: ParticipantId },
    Submitted {
        participant: ParticipantId,
        /// A host or co-host of the meeting.
        leads: bool,
        submission: Submission,
    },
    /// A letter between somebody in the lobby and a host, who are both connected.
    AtTheDoor { waits: ParticipantId, words: Words },
    /// What became of the latest [`Output::Write`].
    Written(Outcome),
    /// What the store has: answers [`Output::Reload`]. Who of its members is gone is said after it.
    Restored(Option<Kept>),
    /// The meeting is over.
    MeetingEnded,
    /// The time that [`Output::Wait`] named has come; harmless at any other time.
    Timeout,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// The store has another state: somebody else wrote first.
    Conflict,
    /// The store can't write at this moment.
    Failed,
}

/// One thing the owner must do, or the news that nothing is left to do.
pub enum Output {
    /// To one participant, for as long as they are connected.
    Tell {
        participant: ParticipantId,
        message: Downstream,
    },
    /// To one participant at this moment or never: dropped where they are slow.
    Pass {
        to: ParticipantId,
        message: Downstream,
    },
    /// Somebody's words are for nobody.
    NotPassed(NotPassed),
    /// To be numbered, and told again after a reconnection.
    Publish { to: Audience, event: Event },
    /// Make durable, then say [`Input::Written`]. No other comes before that.
    Write(Write),
    /// For the record, of these.
    Note {
        group: GroupId,
        what: Note,
        participants: Vec<ParticipantId>,
    },
    /// Read the store again, then say [`Input::Restored`].
    Reload,
    /// Drained: call again after the next input, or at this time at the latest.
    Wait(Option<Timestamp>),
}

/// What is noted of participants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The server has proposed that members remove them.
    Removal,
    /// Their commit was refused, or nobody could enter by their GroupInfo; or they may have lied about another's.
    /// They enter no group for a while.
    Distrust,
}

/// Why a group ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Empty,
    MeetingOver,
    /// Most members refuse a commit.
    Refused,
    /// Nobody can enter.
    Shut,
    /// The store is in an earlier epoch than members.
    Behind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody who is admitted.
    Everybody,
    One(ParticipantId),
}

/// A change of what the store has. Each holds only where the store is in the state that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// The meeting has no group.
    Create {
        group: GroupId,
        group_info: Opaque,
        creator: ParticipantId,
    },
    /// The group is in the commit's epoch.
    Commit {
        group: GroupId,
        commit: LoggedCommit,
        /// Of the next epoch.
        group_info: Opaque,
        /// The leaf that the sender entered at.
        entered: Option<LeafIndex>,
        removed: Vec<LeafIndex>,
        /// Commits to epochs before this one may be forgotten.
        keep_from: Epoch,
    },
    End {
        group: GroupId,
        why: Ending,
    },
}

/// What the service is to every meeting of an installation.
#[derive(Clone)]
pub struct Terms {
    pub external_sender: ExternalSender,
    /// Media that is not encrypted end to end is refused.
    pub required: bool,
}

/// The delivery service of one meeting.
pub struct Delivery {
    terms: Terms,
    group: Option<Group>,
    present: BTreeSet<ParticipantId>,
    /// Were welcomed with a whole state, and have not said where they stand.
    fresh: BTreeSet<ParticipantId>,
    waiting: VecDeque<Waiting>,
    turn: Turn,
    /// Nobody committed a removal: entrances come first until then.
    removals_rest_until: Option<Timestamp>,
    paces: Paces,
    post: Post,
    /// Whose commits were refused by most members.
    refused: Guesses<ParticipantId>,
    over: bool,
    outputs: VecDeque<Output>,
    /// Of the clock that inputs come with. Every deadline is in its time.
    clock: Steady,
    /// On the clock that inputs come with.
    wake_at: Option<Timestamp>,
}

impl Delivery {
    /// Goes on from what the store has of the meeting.
    pub fn new(terms: Terms, kept: Option<Kept>) -> Self {
        Self {
            terms,
            group: kept.map(Group::restored),
            present: BTreeSet::new(),
            fresh: BTreeSet::new(),
            waiting: VecDeque::new(),
            turn: Turn::Nobodys,
            removals_rest_until: None,
            paces: Paces::new(SUBMISSIONS),
            post: Post::default(),
            refused: Guesses::new(DISTRUST),
            over: false,
            outputs: VecDeque::new(),
            clock: Steady::default(),
            wake_at: None,
        }
    }

    /// `now` may be a wall clock's: one that is set back holds nothing up.
    pub fn handle_input(&mut self, now: Timestamp, input: Input) {
        let now = self.clock.at(now);
        match input {
            Input::Present {
                participant,
                resumed,
            } => self.come(participant, resumed),
            Input::Absent { participant } => self.miss(participant, now),
            Input::Gone { participant } => self.lose(participant, now),
            Input::Submitted {
                participant,
                leads,
                submission,
            } if self.present.contains(&participant) && !self.over => {
                self.hear(now, participant, leads, submission);
            }
            Input::AtTheDoor { waits, words } if !self.over => {
                self.pass_at_the_door(now, waits, words);
            }
            Input::Submitted { .. } | Input::AtTheDoor { .. } | Input::Timeout => {}
            Input::Written(outcome) => self.written(now, outcome),
            Input::Restored(kept) => self.restored(kept),
            Input::MeetingEnded => {
                self.over = true;
                self.waiting.clear();
            }
        }
        self.settle(now);
    }

    pub fn poll_output(&mut self) -> Output {
        self.outputs
            .pop_front()
            .unwrap_or(Output::Wait(self.wake_at))
    }

    /// For a welcome. Those who were told it say where they stand, or enter.
    pub fn state(&self) -> MlsState {
        MlsState {
            group: self.group.as_ref().map(Group::current),
            external_sender: self.terms.external_sender.described(),
            required: self.terms.required,
        }
    }

    /// Whoever is in the group and stays, as far as is known.
    pub fn members(&self) -> impl Iterator<Item = ParticipantId> {
        let group = self.group.iter();
        group.flat_map(|group| group.remaining().map(|(_, member)| member))
    }

    fn tell_all_processed(&mut self) {
        let Some(group) = &mut self.group else { return };
        if group.turns_out_processed(&self.present) {
            let (id, epoch) = (group.id, group.epoch);
            let event = Event::MlsAllProcessed { group: id, epoch };
            self.publish(Audience::Everybody, event);
        }
    }

    fn publish_removal(&mut self, to: Audience) {
        let Some(group) = &self.group else { return };
        let Some(proposed) = &group.proposed else {
            return;
        };
        let event = Event::MlsRemoval {
            group: group.id,
            epoch: group.epoch,
            proposals: proposed.proposals.clone(),
            committer: proposed.committer.participant,
        };
        self.publish(to, event);
    }

    fn publish(&mut self, to: Audience, event: Event) {
        self.outputs.push_back(Output::Publish { to, event });
    }

    fn refuse(&mut self, participant: ParticipantId, (group, epoch): Target, reason: Reason) {
        let refusal = Refusal {
            group,
            epoch,
            reason,
        };
        self.tell(participant, Downstream::MlsRefused(refusal));
    }

    fn tell(&mut self, participant: ParticipantId, message: Downstream) {
        self.outputs.push_back(Output::Tell {
            participant,
            message,
        });
    }
}

impl Ending {
    /// For the record.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::MeetingOver => "meeting_over",
            Self::Refused => "refused",
            Self::Shut => "shut",
            Self::Behind => "behind",
        }
    }
}

/// In one group. Each costs every other one about 3 kB of a GroupInfo and a commit to enter.
pub const MOST_MEMBERS: usize = 300;
/// The largest that was seen in a group of 300 has 367 kB: after 300 were added at once.
pub const LARGEST_COMMIT: usize = 512 * 1_024;
/// With the ratchet tree of 300 members it has 799 kB.
pub const LARGEST_GROUP_INFO: usize = 1_024 * 1_024;
/// For one slot in a small group. A slow phone on a slow network commits within it; who does not, keeps the next one waiting.
pub const LEASE: Duration = Duration::from_secs(2);
/// After which a silent committer's removal is asked of the next, in a small group.
pub const TAKE_OVER: Duration = Duration::from_millis(300);
/// A phone that changes networks enters a few times in a row. Each entrance is a commit that every member
/// processes: some 30 ms of a laptop in a group of 300.
const SUBMISSIONS: Pace = Pace {
    at_once: 8,
    every: Duration::from_secs(2),
};
/// Whose commit was refused by most members enters no group for a while.
const DISTRUST: Patience = Patience {
    free: 0,
    first_lock: Duration::from_secs(10),
    longest_lock: Duration::from_secs(10 * 60),
    forget_after: Duration::from_secs(60 * 60),
};

#[cfg(test)]
mod forge;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;
