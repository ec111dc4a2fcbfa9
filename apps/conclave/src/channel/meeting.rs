//! All channels of one meeting, without IO: told what changed, it says whom to tell what.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use conclave_policy::delivery::{
    self, Delivery, Kept, NotPassed, Note, Outcome, Submission, Write,
};
use conclave_policy::idle_share::IdleShare;
use conclave_policy::time_out::{TimeOut, TimeOuts};
use conclave_protocol::channel::{Bye, Downstream, Event};
use conclave_protocol::meeting::{Admission, EndCause};
use conclave_protocol::mls::GroupId;
use conclave_protocol::{ParticipantId, Timestamp};

use super::log::{Log, Logged};
use super::presence::{LOBBY_GRACE, Presence, ROSTER_GRACE};
use super::view::{Course, Person, Seen, Snapshot, View};

/// One WebSocket, numbered by the meeting's owner, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ConnectionId(pub(super) u64);

/// One thing that happened.
pub(super) enum Input {
    /// The meeting as the store has it. An older revision than the last changes nothing.
    Snapshot(Box<Snapshot>),
    /// A socket has authenticated as this participant; `after` is the last event it knows.
    Attached {
        connection: ConnectionId,
        participant: ParticipantId,
        after: Option<u64>,
    },
    Detached {
        connection: ConnectionId,
        participant: ParticipantId,
    },
    Acknowledged {
        participant: ParticipantId,
        seq: u64,
    },
    /// The participant's media connection is up, or gone.
    Media {
        participant: ParticipantId,
        connected: bool,
    },
    /// The participant shows a screen, or did something while they do; or shows none any more.
    Presents {
        participant: ParticipantId,
        is_active: bool,
    },
    /// A host asks them to speak.
    AskedToUnmute { participant: ParticipantId },
    /// For the delivery service of the meeting's group.
    Submitted {
        connection: ConnectionId,
        participant: ParticipantId,
        submission: Submission,
    },
    /// Answers [`Output::Keep`].
    Kept(Outcome),
    /// Answers [`Output::ReadGroup`].
    Group(Option<Kept>),
    /// The time that [`Output::Wait`] named has come; harmless at any other time.
    Timeout,
}

/// One thing the owner must do, or the news that nothing is left to do.
pub(super) enum Output {
    Send {
        connection: ConnectionId,
        message: Downstream,
    },
    /// At this moment or never: lost where the connection is slow.
    Pass {
        connection: ConnectionId,
        message: Downstream,
    },
    /// Somebody's words are for nobody.
    NotPassed(NotPassed),
    /// Says goodbye, then closes. Nothing further is sent to this connection.
    Close {
        connection: ConnectionId,
        bye: Bye,
    },
    /// Somebody came, or is gone: the grace of their resume ticket begins.
    Remember {
        participant: ParticipantId,
        connected: bool,
    },
    /// Make this change of the group durable; nothing else changes it before the answer.
    Keep(Write),
    /// Record this of each of them. What follows does not wait for it.
    Record {
        group: GroupId,
        what: Note,
        participants: Vec<ParticipantId>,
    },
    /// The store's group is another than was thought: say which.
    ReadGroup,
    /// The meeting's time is over. Said again after a while where it goes on.
    End(EndCause),
    /// Take off the screen of a presenter who does nothing.
    StopShare(ParticipantId),
    /// End the media of a computer that is not in any more.
    SendOff(ParticipantId),
    Wait(Option<Timestamp>),
}

/// The channels of one meeting.
pub(super) struct MeetingChannels {
    snapshot: Snapshot,
    presence: BTreeMap<ParticipantId, Presence>,
    seats: BTreeMap<ParticipantId, Seat>,
    delivery: Delivery,
    /// When the delivery service wants to be called.
    delivery_at: Option<Timestamp>,
    /// When somebody is shown no longer, unless something happens before.
    hides_at: Option<Timestamp>,
    limits: TimeOuts,
    time_out: TimeOut,
    idle_share: IdleShare,
    /// When the meeting's time is looked at again.
    looks_at: Option<Timestamp>,
    /// Not before it is a meeting ended again that could not be.
    ends_again_at: Option<Timestamp>,
    course: Course,
    outputs: VecDeque<Output>,
    wake_at: Option<Timestamp>,
}

/// A participant who has opened a channel: what they have been told.
struct Seat {
    log: Log,
    view: View,
    connection: Option<ConnectionId>,
}

impl MeetingChannels {
    pub(super) fn new(
        now: Timestamp,
        snapshot: Snapshot,
        delivery: Delivery,
        limits: TimeOuts,
    ) -> Self {
        let mut channels = Self {
            snapshot,
            presence: BTreeMap::new(),
            seats: BTreeMap::new(),
            delivery,
            delivery_at: None,
            hides_at: None,
            limits,
            time_out: TimeOut::default(),
            idle_share: IdleShare::default(),
            looks_at: None,
            ends_again_at: None,
            course: Course::default(),
            outputs: VecDeque::new(),
            wake_at: None,
        };
        channels.refresh(now);
        channels
    }

    pub(super) fn handle_input(&mut self, now: Timestamp, input: Input) {
        match input {
            Input::Snapshot(snapshot) => self.replace(*snapshot),
            Input::Attached {
                connection,
                participant,
                after,
            } => self.attach(now, connection, participant, after),
            Input::Detached {
                connection,
                participant,
            } => self.detach(now, connection, participant),
            Input::Acknowledged { participant, seq } => {
                if let Some(seat) = self.seats.get_mut(&participant) {
                    seat.log.acknowledge(seq);
                }
                return;
            }
            Input::Media {
                participant,
                connected,
            } => {
                self.connect(now, participant, |presence| presence.media = connected);
            }
            Input::Presents {
                participant,
                is_active: true,
            } => self.idle_share.active(now, participant),
            Input::Presents { participant, .. } => self.idle_share.ended(participant),
            Input::AskedToUnmute { participant } => return self.ask_to_unmute(participant),
            Input::Submitted {
                connection,
                participant,
                submission,
            } => return self.submit(now, connection, participant, submission),
            Input::Kept(outcome) => return self.deliver(now, delivery::Input::Written(outcome)),
            Input::Group(kept) => self.deliver(now, delivery::Input::Restored(kept)),
            // No view changes by time alone but when somebody is shown no longer, or the meeting ends before long.
            Input::Timeout if self.next_view().is_none_or(|at| now < at) => {
                return self.deliver(now, delivery::Input::Timeout);
            }
            Input::Timeout => {}
        }
        self.refresh(now);
    }

    pub(super) fn poll_output(&mut self) -> Output {
        self.outputs
            .pop_front()
            .unwrap_or(Output::Wait(self.wake_at))
    }

    /// Somebody is connected.
    pub(super) fn attended(&self) -> bool {
        self.presence.values().any(|presence| presence.connected())
    }

    pub(super) fn ended(&self) -> bool {
        self.snapshot.ended.is_some()
    }

    fn replace(&mut self, snapshot: Snapshot) {
        if snapshot.revision < self.snapshot.revision {
            return;
        }
        let before = std::mem::replace(&mut self.snapshot, snapshot);
        let companions = before.people.iter().filter(|(_, it)| it.is_companion());
        for (companion, _) in companions {
            let now = self.snapshot.people.get(companion);
            if !now.is_some_and(Person::is_companion) {
                self.outputs.push_back(Output::SendOff(*companion));
            }
        }
    }

    fn attach(
        &mut self,
        now: Timestamp,
        connection: ConnectionId,
        participant: ParticipantId,
        after: Option<u64>,
    ) {
        if let Some(bye) = self.turns_away(now, participant) {
            self.outputs.push_back(Output::Close { connection, bye });
            return;
        }
        if let Some(replaced) = self
            .seats
            .get_mut(&participant)
            .and_then(|seat| seat.connection.take())
        {
            self.outputs.push_back(Output::Close {
                connection: replaced,
                bye: Bye::Replaced,
            });
            self.deliver(now, delivery::Input::Absent { participant });
        }
        self.connect(now, participant, |presence| presence.channel = true);
        self.refresh(now);
        self.greet(now, connection, participant, after);
    }

    fn turns_away(&self, now: Timestamp, participant: ParticipantId) -> Option<Bye> {
        let is_there = self
            .presence
            .get(&participant)
            .is_some_and(|presence| presence.connected());
        let shut = || self.snapshot.shuts_out(participant, now);
        self.snapshot
            .unwelcome(participant)
            .or_else(|| (!is_there).then(shut).flatten())
    }

    /// Brings a connection up to date, and keeps it so.
    fn greet(
        &mut self,
        now: Timestamp,
        connection: ConnectionId,
        participant: ParticipantId,
        after: Option<u64>,
    ) {
        let revision = self.snapshot.revision;
        let seat = match self.seats.remove(&participant) {
            Some(seat) => Some(seat),
            None => self.view(now, participant).map(|view| Seat {
                log: Log::starting_at(u64::try_from(now.as_micros()).unwrap_or(0)),
                view,
                connection: None,
            }),
        };
        let Some(mut seat) = seat else { return };
        seat.connection = Some(connection);
        let mls = self.delivery.state();
        let mut send = |message| {
            self.outputs.push_back(Output::Send {
                connection,
                message,
            })
        };
        let resumed = after.is_some_and(|after| seat.log.after(after).is_some());
        match after.and_then(|after| Some((after, seat.log.after(after)?))) {
            Some((after, missed)) => {
                send(Downstream::Resumed { after });
                missed.cloned().map(told).for_each(send);
            }
            None => send(Downstream::Welcome(Box::new(seat.view.welcome(
                seat.log.last(),
                revision,
                mls,
            )))),
        }
        let inside = seat.view.is_inside();
        self.seats.insert(participant, seat);
        if inside {
            let present = delivery::Input::Present {
                participant,
                resumed,
            };
            self.deliver(now, present);
        }
    }

    fn detach(&mut self, now: Timestamp, connection: ConnectionId, participant: ParticipantId) {
        let Some(seat) = self.seats.get_mut(&participant) else {
            return;
        };
        if seat.connection == Some(connection) {
            seat.connection = None;
            self.connect(now, participant, |presence| presence.channel = false);
            self.deliver(now, delivery::Input::Absent { participant });
        }
    }

    fn connect(
        &mut self,
        now: Timestamp,
        participant: ParticipantId,
        change: impl FnOnce(&mut Presence),
    ) {
        let presence = self.presence.entry(participant);
        let presence = presence.or_insert_with(|| Presence::unseen(now));
        let before = presence.connected();
        presence.set(now, change);
        let connected = presence.connected();
        if connected != before {
            self.outputs.push_back(Output::Remember {
                participant,
                connected,
            });
        }
    }

    /// Tells every seat how its view has changed, and computes when one changes by itself.
    fn refresh(&mut self, now: Timestamp) {
        for participant in self.snapshot.people.keys() {
            self.presence
                .entry(*participant)
                .or_insert_with(|| Presence::unseen(now));
        }
        self.look_at_the_time(now);
        let participants: Vec<_> = self.seats.keys().copied().collect();
        for participant in participants {
            self.tell(now, participant);
        }
        self.look_after_the_group(now);
    }

    fn tell(&mut self, now: Timestamp, participant: ParticipantId) {
        let revision = self.snapshot.revision;
        let farewell = self.snapshot.unwelcome(participant);
        let next = self.view(now, participant);
        let mls = self.delivery.state();
        let (Some(seat), Some(next)) = (self.seats.get_mut(&participant), next) else {
            return;
        };
        let mut send = |message| {
            if let Some(connection) = seat.connection {
                self.outputs.push_back(Output::Send {
                    connection,
                    message,
                });
            }
        };
        let anew = seat.view.needs_welcome(&next);
        if anew {
            if seat.view.admission != next.admission {
                let admission = next.admission;
                let event = Event::Admission { admission };
                send(told(seat.log.push(revision, event)));
            }
            seat.log.restart();
            let welcome = next.welcome(seat.log.last(), revision, mls);
            send(Downstream::Welcome(Box::new(welcome)));
        } else {
            for event in seat.view.changes(&next) {
                send(told(seat.log.push(revision, event)));
            }
        }
        seat.view = next;
        if anew && seat.connection.is_some() {
            let resumed = false;
            let present = delivery::Input::Present {
                participant,
                resumed,
            };
            self.deliver(now, present);
        }
        if let Some(bye) = farewell {
            self.part(now, participant, bye);
        }
    }

    fn ask_to_unmute(&mut self, participant: ParticipantId) {
        let revision = self.snapshot.revision;
        let Some(seat) = self.seats.get_mut(&participant) else {
            return;
        };
        if !seat.view.is_inside() {
            return;
        }
        let message = told(seat.log.push(revision, Event::UnmuteAsked));
        if let Some(connection) = seat.connection {
            self.outputs.push_back(Output::Send {
                connection,
                message,
            });
        }
    }

    fn part(&mut self, now: Timestamp, participant: ParticipantId, bye: Bye) {
        let seat = self.seats.remove(&participant);
        if let Some(connection) = seat.and_then(|seat| seat.connection) {
            self.outputs.push_back(Output::Close { connection, bye });
        }
        self.connect(now, participant, |presence| presence.channel = false);
        self.deliver(now, delivery::Input::Absent { participant });
    }

    fn view(&self, now: Timestamp, viewer: ParticipantId) -> Option<View> {
        View::of(&self.snapshot, self.course, viewer, |participant| {
            let presence = self
                .presence
                .get(&participant)
                .copied()
                .unwrap_or(Presence::unseen(now));
            Seen {
                connected: presence.connected(),
                shown: presence.shown(now, self.grace(participant)),
            }
        })
    }

    fn grace(&self, participant: ParticipantId) -> Duration {
        let person = self.snapshot.people.get(&participant);
        match person.map(|person| person.admission) {
            Some(Admission::Admitted) => ROSTER_GRACE,
            _ => LOBBY_GRACE,
        }
    }

    /// When a view changes by time alone.
    fn next_view(&self) -> Option<Timestamp> {
        let moments = [self.hides_at, self.looks_at];
        moments.into_iter().flatten().min()
    }

    fn next_hiding(&self, now: Timestamp) -> Option<Timestamp> {
        self.presence
            .iter()
            .filter_map(|(participant, presence)| presence.hides_at(self.grace(*participant)))
            .filter(|at| now < *at)
            .min()
    }
}

fn told(logged: Logged) -> Downstream {
    let Logged {
        seq,
        revision,
        event,
    } = logged;
    Downstream::Event {
        seq,
        revision,
        event,
    }
}

mod group;
mod time;

#[cfg(test)]
mod tests;
