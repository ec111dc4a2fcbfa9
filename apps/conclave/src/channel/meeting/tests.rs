//! One meeting with its clients, who keep what they are told.

mod client;
mod companions;
mod connections;
mod group;
mod histories;
mod standing;
mod time;

use std::collections::BTreeMap;

use conclave_policy::delivery::{ExternalSender, Terms};
use conclave_policy::time_out::OwnTimeOuts;
use conclave_protocol::OrganisationId;
use conclave_protocol::channel::{LobbyEntry, PasscodeWanted, RosterEntry};
use conclave_protocol::companion::CompanionOf;
use conclave_protocol::meeting::{DataMode, Ending, MeetingCode, ParticipantRole, Sharing};
use conclave_protocol::personal::{DisplayName, Title};
use uuid::Uuid;

use super::*;

const HOST: ParticipantId = ParticipantId(Uuid::from_u128(1));

/// A meeting, its clients, and the wires between them.
struct Meeting {
    now: Timestamp,
    snapshot: Snapshot,
    channels: MeetingChannels,
    clients: BTreeMap<ParticipantId, Client>,
    closed: BTreeMap<ConnectionId, Bye>,
    connections: u64,
    remembered: BTreeMap<ParticipantId, bool>,
    proposed: Vec<ParticipantId>,
    /// Whenever the meeting was to be ended by its time.
    over: Vec<EndCause>,
    /// Those whose screen was taken off.
    taken_off: Vec<ParticipantId>,
    /// Computers whose media ended.
    sent_off: Vec<ParticipantId>,
}

/// What a well-behaved client keeps.
#[derive(Default)]
struct Client {
    connection: Option<ConnectionId>,
    seq: u64,
    messages: Vec<String>,
    standing: Option<Admission>,
    knows_meeting: bool,
    knows_group: bool,
    roster: BTreeMap<ParticipantId, RosterEntry>,
    lobby: BTreeMap<ParticipantId, LobbyEntry>,
    place: Option<u32>,
    passcode: Option<PasscodeWanted>,
    ending: Option<Ending>,
    successor: Option<ParticipantId>,
    /// Whose screen is taken off before long.
    idles: Option<ParticipantId>,
    /// The socket is broken: nothing arrives, and the server has not noticed.
    broken: bool,
}

impl Meeting {
    fn with_host() -> Self {
        let now = Timestamp::from_micros(1_000_000_000);
        let snapshot = Snapshot {
            revision: 1,
            organisation: OrganisationId(Uuid::from_u128(9)),
            title: Title::parse("Visit").unwrap(),
            code: MeetingCode::from_number(1).unwrap(),
            started_at: None,
            ended: None,
            time_outs: OwnTimeOuts::default(),
            data_mode: DataMode::Conduit,
            link_admits: true,
            locked: false,
            guarded_until: None,
            repeats: false,
            needs_passcode: false,
            passcode_number: 0,
            sharing: Sharing::Everybody,
            presenter: None,
            people: BTreeMap::from([(
                HOST,
                person(ParticipantRole::Host, Admission::Admitted, now),
            )]),
        };
        Self {
            now,
            channels: MeetingChannels::new(now, snapshot.clone(), delivery(), TimeOuts::default()),
            snapshot,
            clients: BTreeMap::new(),
            closed: BTreeMap::new(),
            connections: 0,
            remembered: BTreeMap::new(),
            proposed: Vec::new(),
            over: Vec::new(),
            taken_off: Vec::new(),
            sent_off: Vec::new(),
        }
    }

    fn input(&mut self, input: Input) {
        self.channels.handle_input(self.now, input);
        loop {
            match self.channels.poll_output() {
                Output::Send {
                    connection,
                    message,
                } => self.deliver(connection, message),
                Output::Close { connection, bye } => {
                    self.deliver(connection, Downstream::Bye { reason: bye });
                    assert_eq!(self.closed.insert(connection, bye), None, "closed twice");
                }
                Output::Remember {
                    participant,
                    connected,
                } => {
                    let before = self.remembered.insert(participant, connected);
                    assert_ne!(before, Some(connected), "remembered twice");
                }
                Output::Pass {
                    connection,
                    message,
                } => self.deliver(connection, message),
                Output::NotPassed(_) => {}
                Output::Keep(_) => {
                    let kept = Input::Kept(Outcome::Done);
                    self.channels.handle_input(self.now, kept);
                }
                Output::Record {
                    what: Note::Removal,
                    participants,
                    ..
                } => self.proposed.extend(participants),
                Output::Record { .. } => {}
                Output::ReadGroup => panic!("nobody else writes"),
                Output::StopShare(presenter) => self.taken_off.push(presenter),
                Output::SendOff(companion) => self.sent_off.push(companion),
                Output::End(cause) => self.over.push(cause),
                Output::Wait(_) => break,
            }
        }
    }

    fn deliver(&mut self, connection: ConnectionId, message: Downstream) {
        assert!(!self.closed.contains_key(&connection), "sent after the end");
        let client = self
            .clients
            .values_mut()
            .find(|client| client.connection == Some(connection) && !client.broken);
        if let Some(client) = client {
            client.apply(message);
        }
    }

    fn join(&mut self, admission: Admission) -> ParticipantId {
        let id = ParticipantId(Uuid::from_u128(self.snapshot.people.len() as u128 + 1));
        let role = if admission == Admission::Admitted {
            ParticipantRole::Participant
        } else {
            ParticipantRole::Guest
        };
        let person = person(role, admission, self.now);
        self.change(|snapshot| {
            snapshot.people.insert(id, person);
        });
        id
    }

    /// The computer of somebody who is in.
    fn bring(&mut self, owner: ParticipantId) -> ParticipantId {
        let id = self.join(Admission::Admitted);
        self.change(|snapshot| {
            let person = snapshot.people.get_mut(&id).unwrap();
            person.role = ParticipantRole::Companion;
            person.companion = Some(CompanionOf {
                owner,
                controller: None,
                turn: 0,
            });
        });
        id
    }

    fn stand(&mut self, participant: ParticipantId, admission: Admission) {
        self.change(|snapshot| {
            if let Some(person) = snapshot.people.get_mut(&participant) {
                person.admission = admission;
            }
        });
    }

    fn change(&mut self, change: impl FnOnce(&mut Snapshot)) {
        change(&mut self.snapshot);
        self.snapshot.revision += 1;
        self.input(Input::Snapshot(Box::new(self.snapshot.clone())));
    }

    fn open(&mut self, participant: ParticipantId, after: Option<u64>) -> ConnectionId {
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        let client = self.clients.entry(participant).or_default();
        client.connection = Some(connection);
        client.broken = false;
        client.messages.clear();
        self.input(Input::Attached {
            connection,
            participant,
            after,
        });
        connection
    }

    fn close(&mut self, participant: ParticipantId) {
        let connection = self
            .clients
            .get_mut(&participant)
            .and_then(|client| client.connection.take());
        if let Some(connection) = connection {
            self.detach(connection, participant);
        }
    }

    fn detach(&mut self, connection: ConnectionId, participant: ParticipantId) {
        self.input(Input::Detached {
            connection,
            participant,
        });
    }

    fn media(&mut self, participant: ParticipantId, connected: bool) {
        self.input(Input::Media {
            participant,
            connected,
        });
    }

    fn wait(&mut self, time: Duration) {
        self.now = self.now.plus(time);
        self.input(Input::Timeout);
    }

    fn client(&self, participant: ParticipantId) -> &Client {
        &self.clients[&participant]
    }
}

/// Of a meeting without a group.
fn delivery() -> Delivery {
    let external_sender = ExternalSender::new([0x9b; 32], |_| [0x51; 64]);
    let terms = Terms {
        external_sender,
        required: true,
    };
    Delivery::new(terms, None)
}

fn person(role: ParticipantRole, admission: Admission, since: Timestamp) -> Person {
    Person {
        display_name: DisplayName::parse("Amy").unwrap(),
        role,
        signed_in: false,
        admission,
        since,
        gone_since: None,
        serves_since: None,
        by_emergency: false,
        proven: false,
        companion: None,
    }
}
