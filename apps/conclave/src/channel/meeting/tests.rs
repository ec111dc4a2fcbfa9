//! Stories of one meeting's channels, and random histories against a client that keeps its own state.

use std::collections::BTreeMap;

use conclave_policy::delivery::{ExternalSender, Terms};
use conclave_policy::time_out::OwnTimeOuts;
use conclave_protocol::OrganisationId;
use conclave_protocol::channel::{LobbyEntry, MeetingFacts, PasscodeWanted, RosterEntry, Welcome};
use conclave_protocol::companion::CompanionOf;
use conclave_protocol::meeting::{DataMode, Ending, MeetingCode, ParticipantRole, Sharing};
use conclave_protocol::personal::{DisplayName, Title};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use super::*;
use crate::channel::view::leave_with_owners;

mod group;
mod time;

#[test]
fn a_waiting_guest_sees_their_own_standing_and_nothing_else() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Waiting);

    meeting.open(guest, None);
    meeting.join(Admission::Admitted);
    meeting.join(Admission::Waiting);

    let client = meeting.client(guest);
    assert_eq!(client.messages, ["welcome"]);
    assert!(client.roster.is_empty() && client.lobby.is_empty() && !client.knows_meeting);
}

#[test]
fn an_admitted_guest_is_told_so_and_given_the_whole_meeting() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Waiting);
    meeting.open(guest, None);

    meeting.stand(guest, Admission::Admitted);

    let client = meeting.client(guest);
    assert_eq!(client.messages, ["welcome", "admission", "welcome"]);
    assert_eq!(client.roster.len(), 2);
    assert!(client.lobby.is_empty());
}

#[test]
fn a_guest_who_lost_the_socket_at_admission_is_given_the_whole_meeting() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Waiting);
    meeting.open(guest, None);
    let last = meeting.client(guest).seq;
    meeting.close(guest);

    meeting.stand(guest, Admission::Admitted);

    for known in [last, last + 1] {
        meeting.open(guest, Some(known));
        assert_eq!(meeting.client(guest).messages, ["welcome"]);
    }
}

// Shows: REQ-AC-14.
#[test]
fn everybody_sees_whose_computer_it_is_and_who_may_use_it() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Admitted);
    let computer = meeting.bring(HOST);
    meeting.open(guest, None);

    meeting.change(|snapshot| {
        let person = snapshot.people.get_mut(&computer).unwrap();
        let companion = person.companion.as_mut().unwrap();
        (companion.controller, companion.turn) = (Some(guest), 1);
    });

    let entry = &meeting.client(guest).roster[&computer];
    assert_eq!(entry.role, ParticipantRole::Companion);
    let companion = entry.companion.unwrap();
    assert_eq!((companion.owner, companion.controller), (HOST, Some(guest)));
}

// Shows: REQ-AC-16.
#[test]
fn a_computer_goes_with_its_owner_and_its_media_with_it() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Admitted);
    let computer = meeting.bring(guest);
    meeting.open(computer, None);

    meeting.change(|snapshot| {
        snapshot.people.get_mut(&guest).unwrap().admission = Admission::Left;
        leave_with_owners(&mut snapshot.people);
    });

    assert_eq!(meeting.sent_off, [computer]);
    let told = &meeting.client(computer).messages;
    assert!(told.last().is_some_and(|last| last.starts_with("bye")));
}

#[test]
fn hosts_hear_who_knocks_and_others_do_not() {
    let mut meeting = Meeting::with_host();
    let colleague = meeting.join(Admission::Admitted);
    meeting.open(HOST, None);
    meeting.open(colleague, None);

    let guest = meeting.join(Admission::Waiting);

    assert!(meeting.client(HOST).lobby.contains_key(&guest));
    assert!(meeting.client(colleague).lobby.is_empty());
}

#[test]
fn a_denied_guest_is_told_and_closed() {
    let mut meeting = Meeting::with_host();
    meeting.open(HOST, None);
    let guest = meeting.join(Admission::Waiting);
    meeting.open(guest, None);

    meeting.stand(guest, Admission::Denied);

    assert_eq!(
        meeting.client(guest).messages,
        ["welcome", "admission", "bye Denied"]
    );
    assert!(meeting.client(HOST).lobby.is_empty());
    meeting.open(guest, None);
    assert_eq!(meeting.client(guest).messages, ["bye Denied"]);
}

#[test]
fn the_end_closes_every_channel() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Waiting);
    meeting.open(HOST, None);
    meeting.open(guest, None);

    meeting.change(|snapshot| snapshot.ended = Some(EndCause::Administrator));

    for participant in [HOST, guest] {
        let messages = &meeting.client(participant).messages;
        assert_eq!(
            messages[messages.len() - 2..],
            ["ended Administrator", "bye MeetingEnded"]
        );
    }
    assert!(!meeting.channels.attended());
    assert!(!meeting.remembered[&guest]);
}

#[test]
fn a_second_channel_replaces_the_first() {
    let mut meeting = Meeting::with_host();
    let first = meeting.open(HOST, None);

    meeting.open(HOST, None);

    assert_eq!(meeting.closed.get(&first), Some(&Bye::Replaced));
    meeting.detach(first, HOST);
    assert!(meeting.client(HOST).roster[&HOST].connected);
}

#[test]
fn who_is_gone_too_long_is_not_shown_and_comes_back() {
    let mut meeting = Meeting::with_host();
    let colleague = meeting.join(Admission::Admitted);
    meeting.open(HOST, None);
    meeting.open(colleague, None);
    meeting.close(colleague);
    assert!(!meeting.client(HOST).roster[&colleague].connected);

    meeting.wait(ROSTER_GRACE);
    assert!(!meeting.client(HOST).roster.contains_key(&colleague));

    meeting.media(colleague, true);
    assert!(meeting.client(HOST).roster[&colleague].connected);
}

#[test]
fn an_older_state_changes_nothing() {
    let mut meeting = Meeting::with_host();
    meeting.open(HOST, None);
    let old = meeting.snapshot.clone();
    let colleague = meeting.join(Admission::Admitted);

    meeting.input(Input::Snapshot(Box::new(old)));

    assert!(meeting.client(HOST).roster.contains_key(&colleague));
}

#[test]
fn only_who_is_in_is_asked_to_speak_and_also_after_a_lost_connection() {
    let mut meeting = Meeting::with_host();
    let (guest, waiting) = (
        meeting.join(Admission::Admitted),
        meeting.join(Admission::Waiting),
    );
    meeting.open(waiting, None);
    meeting.open(guest, None);
    let known = meeting.client(guest).seq;
    meeting.close(guest);

    for participant in [guest, waiting] {
        meeting.input(Input::AskedToUnmute { participant });
    }
    meeting.open(guest, Some(known));

    assert_eq!(meeting.client(waiting).messages, ["welcome"]);
    let heard = &meeting.client(guest).messages;
    assert_eq!(heard[0], "resumed");
    assert!(heard.contains(&"asked to unmute".to_owned()));
}

#[test]
fn a_co_host_sees_the_lobby_at_once_and_no_longer_than_they_are_one() {
    let mut meeting = Meeting::with_host();
    let (colleague, waiting) = (
        meeting.join(Admission::Admitted),
        meeting.join(Admission::Waiting),
    );
    meeting.open(colleague, None);
    let be = |role| {
        move |snapshot: &mut Snapshot| snapshot.people.get_mut(&colleague).unwrap().role = role
    };

    meeting.change(be(ParticipantRole::CoHost));
    assert!(meeting.client(colleague).lobby.contains_key(&waiting));

    meeting.change(be(ParticipantRole::Participant));
    assert!(meeting.client(colleague).lobby.is_empty());
    meeting.join(Admission::Waiting);
    let heard = &meeting.client(colleague).messages;
    assert_eq!(heard, &["welcome", "welcome", "welcome"]);
}

#[test]
fn whoever_waits_knows_their_place_in_line() {
    let mut meeting = Meeting::with_host();
    let guests = [(); 3].map(|()| meeting.join(Admission::Waiting));
    for guest in guests {
        meeting.open(guest, None);
    }
    let places = |meeting: &Meeting| guests.map(|guest| meeting.client(guest).place);
    assert_eq!(places(&meeting), [Some(1), Some(2), Some(3)]);

    meeting.stand(guests[0], Admission::Admitted);
    assert_eq!(places(&meeting), [None, Some(1), Some(2)]);

    // Somebody who gave up is passed, and comes back to the place that they had.
    meeting.close(guests[1]);
    meeting.wait(LOBBY_GRACE);
    assert_eq!(meeting.client(guests[2]).place, Some(1));
    meeting.open(guests[1], None);
    assert_eq!(places(&meeting), [None, Some(1), Some(2)]);
    assert_eq!(meeting.client(guests[2]).messages.last().unwrap(), "place");
}

/// Whoever is there, or is back soon, does not notice that the door is shut.
#[test]
fn to_a_locked_meeting_nobody_comes_back_who_is_long_gone() {
    let mut meeting = Meeting::with_host();
    let colleague = meeting.join(Admission::Admitted);
    meeting.open(HOST, None);
    let there = meeting.open(colleague, None);
    meeting.change(|snapshot| snapshot.locked = true);
    assert!(!meeting.closed.contains_key(&there));
    for (gone_for, let_in) in [(ROSTER_GRACE - SECOND, true), (ROSTER_GRACE, false)] {
        meeting.close(colleague);
        let gone_since = Some(meeting.now);
        meeting.change(|snapshot| {
            let person = snapshot.people.get_mut(&colleague).unwrap();
            person.gone_since = gone_since;
        });
        meeting.wait(gone_for);

        let back = meeting.open(colleague, None);

        let bye = (!let_in).then_some(Bye::MeetingLocked);
        assert_eq!(meeting.closed.get(&back).copied(), bye);
    }
    meeting.change(|snapshot| snapshot.locked = false);
    let back = meeting.open(colleague, None);
    assert!(!meeting.closed.contains_key(&back));
}

/// Clients that apply what they are told, through lost sockets and lost messages, know what the meeting is.
#[test]
fn random_histories_leave_every_client_with_the_truth() {
    for seed in 0..HISTORIES {
        let mut random = StdRng::seed_from_u64(seed);
        let mut meeting = Meeting::with_host();
        for _ in 0..STEPS {
            meeting.act(&mut random);
        }
        meeting.settle();
        meeting.check(seed);
    }
}

const SECOND: Duration = Duration::from_secs(1);
const HISTORIES: u64 = 300;
const STEPS: usize = 80;
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

    /// One random thing.
    fn act(&mut self, random: &mut StdRng) {
        self.now = self
            .now
            .plus(Duration::from_millis(random.random_range(0..4_000)));
        let people: Vec<_> = self.snapshot.people.keys().copied().collect();
        let somebody = people[random.random_range(0..people.len())];
        let standing = self.snapshot.people[&somebody].admission;
        match random.random_range(0..13) {
            0 if people.len() < 12 => drop(self.join(Admission::Waiting)),
            1 if people.len() < 12 => drop(self.join(Admission::HostAbsent)),
            2 | 3 if standing == Admission::Waiting => self.stand(somebody, Admission::Admitted),
            2 if standing == Admission::HostAbsent => self.stand(somebody, Admission::Admitted),
            4 if standing == Admission::Waiting => self.stand(somebody, Admission::Denied),
            5 if standing == Admission::Admitted && somebody != HOST => {
                self.stand(somebody, Admission::Left);
            }
            6 => self.media(somebody, random.random_bool(0.5)),
            7 => self.close(somebody),
            8 => {
                if let Some(client) = self.clients.get_mut(&somebody) {
                    client.broken = true;
                }
            }
            9 => {
                let seq = self.clients.get(&somebody).map_or(0, |client| client.seq);
                self.input(Input::Acknowledged {
                    participant: somebody,
                    seq,
                });
            }
            10 => self.input(Input::Timeout),
            11 => self.submit_at_random(random, somebody),
            _ => self.reconnect(somebody),
        }
    }

    fn reconnect(&mut self, participant: ParticipantId) {
        let after = self
            .clients
            .get(&participant)
            .filter(|client| client.standing.is_some())
            .map(|client| client.seq);
        self.open(participant, after);
    }

    /// Everybody has a working socket.
    fn settle(&mut self) {
        for participant in self.snapshot.people.keys().copied().collect::<Vec<_>>() {
            self.reconnect(participant);
        }
    }

    fn check(&self, seed: u64) {
        for (participant, person) in &self.snapshot.people {
            let client = self.client(*participant);
            let welcome = matches!(
                person.admission,
                Admission::Waiting | Admission::HostAbsent | Admission::Admitted
            );
            if !welcome {
                assert!(
                    client.messages.last().is_some_and(|m| m.starts_with("bye")),
                    "seed {seed}"
                );
                continue;
            }
            let truth = self.channels.view(self.now, *participant).unwrap();
            let truth = truth.welcome(0, 0, self.channels.delivery.state());
            assert_eq!(client.standing, Some(person.admission), "seed {seed}");
            assert!(
                client.roster.values().eq(&truth.roster),
                "seed {seed}: roster"
            );
            assert_eq!(client.lobby.len(), truth.lobby.len(), "seed {seed}: lobby");
            assert!(
                truth
                    .lobby
                    .iter()
                    .all(|entry| client.lobby.get(&entry.participant) == Some(entry)),
                "seed {seed}: lobby"
            );
            if person.admission == Admission::Waiting {
                assert_eq!(client.place, truth.place, "seed {seed}: place in line");
            }
            assert_eq!(client.knows_meeting, truth.meeting.is_some(), "seed {seed}");
            assert_eq!(client.knows_group, truth.mls.is_some(), "seed {seed}");
        }
    }
}

impl Client {
    fn apply(&mut self, message: Downstream) {
        match message {
            Downstream::Welcome(welcome) => self.take(*welcome),
            Downstream::Resumed { after } => {
                assert_eq!(after, self.seq);
                self.messages.push("resumed".to_owned());
            }
            Downstream::Event { seq, event, .. } => {
                assert_eq!(seq, self.seq + 1, "a gap or a repetition");
                self.seq = seq;
                self.apply_event(event);
            }
            Downstream::Pong => {}
            Downstream::MlsSlot(_) => self.messages.push("slot".to_owned()),
            Downstream::MlsRefused(refusal) => {
                self.messages.push(format!("refused {:?}", refusal.reason));
            }
            Downstream::MlsHeartbeat { .. } => self.messages.push("heartbeat".to_owned()),
            Downstream::MlsLetter { .. } => self.messages.push("letter".to_owned()),
            Downstream::Bye { reason } => self.messages.push(format!("bye {reason:?}")),
        }
    }

    fn take(&mut self, welcome: Welcome) {
        assert!(welcome.seq > self.seq || self.seq == 0 || welcome.seq == self.seq);
        self.seq = welcome.seq;
        self.standing = Some(welcome.admission);
        self.knows_meeting = welcome.meeting.is_some();
        self.course(welcome.meeting);
        self.knows_group = welcome.mls.is_some();
        self.place = welcome.place;
        self.passcode = welcome.passcode;
        let roster = welcome.roster.into_iter();
        self.roster = roster.map(|entry| (entry.participant, entry)).collect();
        let lobby = welcome.lobby.into_iter();
        self.lobby = lobby.map(|entry| (entry.participant, entry)).collect();
        self.messages.push("welcome".to_owned());
    }

    fn course(&mut self, facts: Option<MeetingFacts>) {
        self.ending = facts.as_ref().and_then(|facts| facts.ending);
        self.successor = facts.as_ref().and_then(|facts| facts.successor);
        let idles = facts.and_then(|facts| facts.idle_share);
        self.idles = idles.map(|idle_share| idle_share.presenter);
    }

    fn apply_event(&mut self, event: Event) {
        let admitted = self.standing == Some(Admission::Admitted);
        let name = match event {
            Event::Roster { entry } => {
                assert!(admitted, "a roster for somebody outside");
                self.roster.insert(entry.participant, entry);
                "roster"
            }
            Event::RosterLeft { participant } => {
                self.roster.remove(&participant);
                "roster left"
            }
            Event::Lobby { entry } => {
                assert!(admitted, "a lobby for somebody outside");
                self.lobby.insert(entry.participant, entry);
                "lobby"
            }
            Event::LobbyLeft { participant } => {
                self.lobby.remove(&participant);
                "lobby left"
            }
            Event::Place { place } => {
                assert!(!admitted, "a place in line for somebody inside");
                self.place = Some(place);
                "place"
            }
            Event::Passcode { wanted } => {
                assert!(!admitted, "asked for the passcode inside");
                self.passcode = wanted;
                "passcode"
            }
            Event::UnmuteAsked => {
                assert!(admitted, "a question to somebody outside");
                "asked to unmute"
            }
            Event::MeetingChanged { meeting } => {
                assert!(self.knows_meeting, "news of a meeting for somebody outside");
                self.course(Some(meeting));
                "meeting"
            }
            Event::Admission { admission } => {
                self.standing = Some(admission);
                "admission"
            }
            Event::MeetingEnded { cause } => {
                self.messages.push(format!("ended {cause:?}"));
                return;
            }
            Event::MlsCommit { .. } => "commit",
            Event::MlsRemoval { .. } => "removal",
            Event::MlsAllProcessed { .. } => "all processed",
            Event::MlsEnded { .. } => "group ended",
        };
        self.messages.push(name.to_owned());
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
