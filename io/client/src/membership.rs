//! A participant's part on the meeting channel as a value: fed what the server says and time, it says what to answer.
//!
//! It follows the meeting's events, and comes back to them after a lost connection; it carries the
//! words of the group between the server and the device's seat in the encryption.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Instant;

use conclave_e2ee::Seed;
use conclave_e2ee::device::DeviceKeys;
use conclave_e2ee::giver::SecretGiver;
use conclave_e2ee::identity::{AccountId, ParticipantId};
use conclave_e2ee::session::{self, Refused};
use conclave_protocol as protocol;
use conclave_protocol::channel::{Bye, Downstream, Event, RosterEntry, Welcome};
use conclave_protocol::companion::CompanionOf;
use conclave_protocol::meeting::ParticipantRole;
use conclave_protocol::mls::MlsState;

use crate::admission::Place;
use crate::encryption::{Encryption, Zero};
use crate::retry::Retry;

mod giving;
mod group;
mod news;
mod petition;
mod terms;
mod words;

pub use news::News;
pub use petition::{Means, NotGiven, Petition};
pub use words::Words;

/// Who takes part, and what they hold. Has no printable form.
pub struct Member {
    pub place: Place,
    pub display_name: String,
    /// Of the organisation that the meeting is of.
    pub account: Option<AccountId>,
    pub keys: DeviceKeys,
    pub means: Means,
}

/// Random bytes, each for one membership.
pub struct Seeds {
    pub seat: Seed,
    /// Of the names of tracks.
    pub names: [u8; 32],
}

/// One thing that happened outside.
pub enum Input {
    /// The WebSocket is open.
    Opened,
    Heard(Box<Downstream>),
    /// The WebSocket is gone, or did not open.
    Closed,
    /// The time that [`Output::Wait`] named has come; harmless at any other time.
    Timeout,
}

/// One thing the owner must do or know, or the news that nothing is left to do.
pub enum Output {
    /// Close the WebSocket, if there is one, and open another.
    Open,
    Say(Words),
    Close,
    News(News),
    /// Drained: call again after the next input, or at this time at the latest.
    Wait(Option<Instant>),
}

/// Drain [`Membership::poll_output`] to [`Output::Wait`] after each input and each command.
pub struct Membership {
    member: Member,
    zero: Zero,
    /// Used up when the server lets us in.
    seeds: Option<Seeds>,
    encryption: Option<Encryption>,
    link: Link,
    retry: Retry,
    /// The owner was told that the connection is lost.
    is_lost: bool,
    /// The last event that was applied.
    last: Option<u64>,
    unacknowledged: u32,
    /// Whether each is connected.
    people: BTreeMap<ParticipantId, bool>,
    /// Of them, who leads.
    hosts: BTreeSet<ParticipantId>,
    /// Of a host, for those who come by the code.
    giver: Option<SecretGiver>,
    /// Of a companion, by the server's word.
    companion: Option<CompanionOf>,
    /// What the owner was told of that last.
    told_of: Option<Option<CompanionOf>>,
    outputs: VecDeque<Output>,
    /// When the seat wants the time.
    seat_at: Option<Instant>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Opening,
    Open,
    Lost,
    Over,
}

/// Events between two acknowledgements: a fraction of what the server keeps.
const ACKNOWLEDGED_TOGETHER: u32 = 16;

impl Membership {
    /// Begins to connect with its first outputs.
    #[must_use]
    pub fn new(member: Member, seeds: Seeds, zero: Zero) -> Self {
        Self {
            member,
            zero,
            seeds: Some(seeds),
            encryption: None,
            link: Link::Opening,
            retry: Retry::default(),
            is_lost: false,
            last: None,
            unacknowledged: 0,
            people: BTreeMap::new(),
            hosts: BTreeSet::new(),
            giver: None,
            companion: None,
            told_of: None,
            outputs: VecDeque::from([Output::Open]),
            seat_at: None,
        }
    }

    pub fn handle_input(&mut self, now: Instant, input: Input) {
        match input {
            Input::Opened => self.opened(),
            Input::Heard(message) => self.heard(now, *message),
            Input::Closed => self.closed(now),
            Input::Timeout => self.timeout(now),
        }
        self.ask_hosts(now);
        self.settle();
    }

    pub fn poll_output(&mut self) -> Output {
        let moments = [self.retry.wake(), self.seat_at, self.asks_at()];
        let wake = || moments.into_iter().flatten().min();
        let wait = Output::Wait(wake().filter(|_| self.link != Link::Over));
        self.outputs.pop_front().unwrap_or(wait)
    }

    /// The device's seat; `None` before the server let us in.
    #[must_use]
    pub fn encryption(&self) -> Option<&Encryption> {
        self.encryption.as_ref()
    }

    #[must_use]
    pub fn meeting(&self) -> protocol::MeetingId {
        self.member.place.meeting
    }

    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.link == Link::Over
    }

    /// The person at this device, a host, lets somebody in.
    pub fn admit(&mut self, now: Instant, participant: protocol::ParticipantId) {
        self.seat(now, session::Input::Admitted(id(participant)));
        self.settle();
    }

    /// A host puts out whoever has this signature key.
    pub fn expel(&mut self, now: Instant, signature_key: &[u8]) {
        self.seat(now, session::Input::Expel(signature_key));
        self.settle();
    }

    /// Forgets all keys, and says nothing any more. That the participant has left is told by
    /// [`crate::Guest::leave`].
    pub fn leave(&mut self, now: Instant) {
        self.seat(now, session::Input::Leave);
        self.end(None);
        self.settle();
    }

    fn opened(&mut self) {
        if self.link == Link::Opening {
            self.link = Link::Open;
            let hello = Words::hello(&self.member.place.credential, self.last);
            self.outputs.push_back(Output::Say(hello));
        }
    }

    fn closed(&mut self, now: Instant) {
        if matches!(self.link, Link::Over | Link::Lost) {
            return;
        }
        self.link = Link::Lost;
        self.is_lost = true;
        self.tell(News::Lost);
        if !self.retry.plan(now) {
            self.end(None);
        }
    }

    fn timeout(&mut self, now: Instant) {
        if self.link == Link::Lost && self.retry.is_due(now) {
            self.link = Link::Opening;
            self.outputs.push_back(Output::Open);
        }
        if self.seat_at.is_some_and(|at| at <= now) {
            self.seat(now, session::Input::Timeout);
        }
    }

    fn end(&mut self, bye: Option<Bye>) {
        if self.link != Link::Over {
            self.link = Link::Over;
            self.outputs.push_back(Output::Close);
            self.outputs.push_back(Output::News(News::Ended(bye)));
        }
    }

    fn heard(&mut self, now: Instant, message: Downstream) {
        if self.link != Link::Open {
            return;
        }
        match message {
            Downstream::Welcome(welcome) => self.welcomed(now, *welcome),
            Downstream::Resumed { .. } => self.resumed(now),
            Downstream::Event { seq, event, .. } => {
                self.last = Some(seq);
                self.acknowledge(seq);
                self.happened(now, event);
            }
            Downstream::Bye { reason } => self.dismissed(now, reason),
            Downstream::Pong => {}
            message => self.hear_of_group(now, message),
        }
    }

    fn acknowledge(&mut self, seq: u64) {
        self.unacknowledged += 1;
        if self.unacknowledged >= ACKNOWLEDGED_TOGETHER {
            self.unacknowledged = 0;
            self.outputs.push_back(Output::Say(Words::ack(seq)));
        }
    }

    fn welcomed(&mut self, now: Instant, welcome: Welcome) {
        self.restored();
        self.last = Some(welcome.seq);
        self.people = (welcome.roster.iter())
            .map(|entry| (id(entry.participant), entry.connected))
            .collect();
        self.hosts = leading(&welcome.roster);
        self.companion = welcome.you.companion;
        for entry in welcome.lobby {
            self.tell(News::Knocks(entry.participant));
        }
        let (Some(facts), Some(mls)) = (welcome.meeting, welcome.mls) else {
            self.follow_door(now, welcome.passcode);
            return self.tell(News::Waits(welcome.admission));
        };
        match self.encryption {
            None => self.let_in(now, facts, mls),
            Some(_) => self.come_back(now, &mls),
        }
        self.look_at_companion();
        self.present(now);
    }

    /// The first time that the server lets us in.
    fn enter(&mut self, now: Instant, facts: &protocol::channel::MeetingFacts, mls: &MlsState) {
        let Some(seeds) = self.seeds.take() else {
            return;
        };
        let Some(config) = terms::config(&self.member, facts, mls) else {
            return self.end(None);
        };
        let encryption = Encryption::new(config, seeds.seat, seeds.names, self.zero);
        self.encryption = Some(encryption.clone());
        self.tell(News::Admitted(encryption));
        self.present(now);
        self.seat(now, session::Input::Enter);
    }

    /// What was asked for over the connection before is forgotten by the server.
    fn resumed(&mut self, now: Instant) {
        self.restored();
        if self.standing().is_none() {
            self.take_from_server(now, session::FromServer::Refused(Refused::Stale));
        }
    }

    fn restored(&mut self) {
        self.retry.succeeded();
        if std::mem::take(&mut self.is_lost) {
            self.tell(News::Restored);
        }
    }

    fn happened(&mut self, now: Instant, event: Event) {
        match event {
            Event::Roster { entry } => {
                self.people.insert(id(entry.participant), entry.connected);
                if entry.participant == self.member.place.participant {
                    self.companion = entry.companion;
                }
                self.look_at_companion();
                match leads(&entry) {
                    true => self.hosts.insert(id(entry.participant)),
                    false => self.hosts.remove(&id(entry.participant)),
                };
                self.follow_hosts(now);
                self.present(now);
            }
            Event::RosterLeft { participant } => {
                self.people.remove(&id(participant));
                self.look_at_companion();
                self.hosts.remove(&id(participant));
                self.follow_hosts(now);
                self.present(now);
            }
            Event::Lobby { entry } => self.tell(News::Knocks(entry.participant)),
            Event::Passcode { wanted } => self.follow_door(now, wanted),
            Event::LobbyLeft { .. }
            | Event::Place { .. }
            | Event::UnmuteAsked
            | Event::MeetingChanged { .. } => {}
            Event::Admission { admission } => self.tell(News::Waits(admission)),
            Event::MeetingEnded { .. } => self.end(Some(Bye::MeetingEnded)),
            event => self.happened_to_group(now, event),
        }
    }

    fn dismissed(&mut self, now: Instant, reason: Bye) {
        match reason {
            Bye::TooSlow | Bye::ServerStopping => self.closed(now),
            Bye::NotAuthenticated
            | Bye::Malformed
            | Bye::Replaced
            | Bye::MeetingEnded
            | Bye::Denied
            | Bye::Expelled
            | Bye::MeetingLocked => {
                self.seat(now, session::Input::Leave);
                self.end(Some(reason));
            }
        }
    }

    /// A companion whose owner is not among the people has nobody to be there for.
    fn look_at_companion(&mut self) {
        let Some(companion) = self.companion else {
            return;
        };
        let is_owned = self.people.contains_key(&id(companion.owner));
        let seen = is_owned.then_some(companion);
        if self.told_of != Some(seen) {
            self.told_of = Some(seen);
            self.tell(News::Companion(seen));
        }
    }

    fn tell(&mut self, news: News) {
        self.outputs.push_back(Output::News(news));
    }
}

fn leading(roster: &[RosterEntry]) -> BTreeSet<ParticipantId> {
    let leading = roster.iter().filter(|entry| leads(entry));
    leading.map(|entry| id(entry.participant)).collect()
}

fn leads(entry: &RosterEntry) -> bool {
    matches!(entry.role, ParticipantRole::Host | ParticipantRole::CoHost)
}

fn id(participant: protocol::ParticipantId) -> ParticipantId {
    ParticipantId(participant.0.into_bytes())
}

#[cfg(test)]
pub(crate) mod tests;
