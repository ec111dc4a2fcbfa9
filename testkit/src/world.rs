//! One shard and its participants on a network, in virtual time.
//!
//! The real router and real clients, with real cryptography between them; only sockets, clocks
//! and WebSockets are missing.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use conclave_client::{
    Endpoint, Event, Input as ToGuest, Options, Output as FromGuest, TrackReport, Upgrade,
};
use conclave_livekit::join::{Join, Topology};
use conclave_sfu::{
    Access, Anchor, Command, Config, Connect, Datagram, Fact, Input, Output, RoomName, SessionId,
    Shard, Transport,
};
use livekit_protocol::{self as proto, signal_request, signal_response};

use crate::network::{Conditions, Network, Way};

pub struct World {
    now: Instant,
    epoch: Instant,
    shard: Shard,
    shard_wake: Option<Instant>,
    network: Network,
    guests: Vec<Guest>,
    signals: BTreeMap<(Instant, u64), Signal>,
    signals_sent: u64,
    sessions: BTreeMap<SessionId, GuestId>,
    facts: VecDeque<Fact>,
}

/// One participant of the world, whichever sessions they have had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GuestId(usize);

struct Guest {
    identity: String,
    room: RoomName,
    endpoint: Endpoint,
    /// One per media connection.
    addresses: [SocketAddr; 2],
    wake: Option<Instant>,
    session: Option<SessionId>,
    events: VecDeque<Event>,
}

/// On its way over a WebSocket: late, but in order and never lost.
enum Signal {
    Connect(GuestId, SessionId, Box<Upgrade>),
    Opened(GuestId, SessionId),
    Request(SessionId, Box<signal_request::Message>),
    ClosedByGuest(SessionId),
    Response(GuestId, SessionId, Box<signal_response::Message>),
    ClosedByServer(GuestId, SessionId),
}

const SIGNAL_DELAY: Duration = Duration::from_millis(10);
const SERVER: ([u8; 4], u16) = ([10, 0, 0, 1], 7882);

impl World {
    pub fn new(seed: u64) -> Self {
        let now = Instant::now();
        let config = Config {
            udp: vec![SERVER.into()],
            ..Config::default()
        };
        let anchor = Anchor {
            instant: now,
            wall: SystemTime::now(),
        };
        Self {
            now,
            epoch: now,
            shard: Shard::new(config, anchor, seed),
            shard_wake: Some(now),
            network: Network::new(seed),
            guests: Vec::new(),
            signals: BTreeMap::new(),
            signals_sent: 0,
            sessions: BTreeMap::new(),
            facts: VecDeque::new(),
        }
    }

    pub fn now(&self) -> Instant {
        self.now
    }

    /// Somebody joins the room.
    pub fn enter(
        &mut self,
        room: &str,
        identity: &str,
        topology: Topology,
        options: impl FnOnce(&mut Options),
    ) -> GuestId {
        let id = GuestId(self.guests.len());
        let number = u8::try_from(id.0 + 1).expect("a world has fewer than 256 guests");
        let addresses = [50_000, 50_001].map(|port| SocketAddr::from(([10, 0, 1, number], port)));
        let mut chosen = Options::new("ws://world", identity, self.epoch);
        chosen.topology = topology;
        let [first, second] = addresses;
        chosen.addresses = vec![first];
        chosen.subscriber_addresses = vec![second];
        options(&mut chosen);
        let endpoint = Endpoint::new(chosen, self.now);
        self.guests.push(Guest {
            identity: identity.to_owned(),
            room: RoomName(room.to_owned()),
            endpoint,
            addresses,
            wake: Some(self.now),
            session: None,
            events: VecDeque::new(),
        });
        for way in [Way::Up, Way::Down] {
            self.set_line(id, way, Conditions::default());
        }
        self.drain_guest(id);
        id
    }

    /// Changes the guest's line in one direction; in the dual topology there are two such lines.
    pub fn set_line(&mut self, guest: GuestId, way: Way, conditions: Conditions) {
        for address in self.guest(guest).addresses {
            self.network.set(self.now, address, way, conditions);
        }
    }

    /// Gives a command to a guest.
    pub fn tell<R>(&mut self, guest: GuestId, tell: impl FnOnce(&mut Endpoint, Instant) -> R) -> R {
        let now = self.now;
        let result = tell(&mut self.guest_mut(guest).endpoint, now);
        self.drain_guest(guest);
        result
    }

    /// What has arrived at the guest, per track.
    pub fn reports(&self, guest: GuestId) -> Vec<TrackReport> {
        self.guest(guest).endpoint.track_reports(self.now)
    }

    pub fn endpoint(&self, guest: GuestId) -> &Endpoint {
        &self.guest(guest).endpoint
    }

    /// What the guest reported since this was asked last.
    pub fn events(&mut self, guest: GuestId) -> Vec<Event> {
        self.guest_mut(guest).events.drain(..).collect()
    }

    /// What the shard reported since this was asked last.
    pub fn facts(&mut self) -> Vec<Fact> {
        self.facts.drain(..).collect()
    }

    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Both ends of the guest's WebSocket see it break.
    pub fn cut_signal(&mut self, guest: GuestId) {
        if let Some(session) = self.guest_mut(guest).session.take() {
            self.sessions.remove(&session);
            let now = self.now;
            self.guest_mut(guest)
                .endpoint
                .handle_input(now, ToGuest::SignalClosed);
            self.drain_guest(guest);
            self.command(Command::Disconnected { session });
        }
    }

    /// Lets time pass.
    pub fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(next) = self.next().filter(|next| *next <= end) {
            // Somebody who asks for 'at once' again and again must not stop the world.
            self.now = next.max(self.now);
            self.turn();
        }
        self.now = end;
    }

    /// Lets time pass until `done`.
    ///
    /// # Panics
    ///
    /// When it is not done after `most`.
    pub fn run_until(
        &mut self,
        what: &str,
        most: Duration,
        mut done: impl FnMut(&mut Self) -> bool,
    ) {
        let end = self.now + most;
        while !done(self) {
            assert!(self.now < end, "not within {most:?}: {what}");
            self.run(STEP);
        }
    }

    fn next(&self) -> Option<Instant> {
        let guests = self.guests.iter().filter_map(|guest| guest.wake);
        guests
            .chain(self.shard_wake)
            .chain(self.network.next())
            .chain(self.signals.keys().next().map(|(at, _)| *at))
            .min()
    }

    fn turn(&mut self) {
        let now = self.now;
        while let Some(delivery) = self.network.deliver(now) {
            if delivery.to == SERVER.into() {
                let datagram = Datagram {
                    transport: Transport::Udp,
                    remote: delivery.from,
                    local: delivery.to,
                    bytes: &delivery.bytes,
                };
                self.shard.handle_input(now, Input::Datagram(datagram));
                self.drain_shard();
            } else if let Some(id) = self.guest_at(delivery.to) {
                let input = ToGuest::Datagram {
                    local: delivery.to,
                    remote: delivery.from,
                    bytes: &delivery.bytes,
                };
                self.guest_mut(id).endpoint.handle_input(now, input);
                self.drain_guest(id);
            }
        }
        while let Some(first) = self.signals.first_entry().filter(|s| s.key().0 <= now) {
            let signal = first.remove();
            self.signal(signal);
        }
        for id in (0..self.guests.len()).map(GuestId) {
            if self.guest(id).wake.is_some_and(|wake| wake <= now) {
                let endpoint = &mut self.guest_mut(id).endpoint;
                endpoint.handle_input(now, ToGuest::Timeout);
                self.drain_guest(id);
            }
        }
        if self.shard_wake.is_some_and(|wake| wake <= now) {
            self.shard.handle_input(now, Input::Timeout);
            self.drain_shard();
        }
    }

    fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Connect(id, session, upgrade) => self.connect(id, session, &upgrade),
            Signal::Opened(id, session) => self.hand_over(id, session, ToGuest::SignalOpen),
            Signal::Request(session, request) => {
                if self.sessions.contains_key(&session) {
                    self.command(Command::Request { session, request });
                }
            }
            Signal::ClosedByGuest(session) => {
                if self.sessions.remove(&session).is_some() {
                    self.command(Command::Disconnected { session });
                }
            }
            Signal::Response(id, session, message) => {
                self.hand_over(id, session, ToGuest::Signal(message));
            }
            Signal::ClosedByServer(id, session) => {
                self.sessions.remove(&session);
                self.hand_over(id, session, ToGuest::SignalClosed);
                if self.guest(id).session == Some(session) {
                    self.guest_mut(id).session = None;
                }
            }
        }
    }

    fn connect(&mut self, id: GuestId, session: SessionId, upgrade: &Upgrade) {
        let join = match upgrade.topology {
            Topology::Dual => Join::from_query(upgrade.query.iter().map(|(k, v)| (k, v))),
            Topology::Single => {
                let request = upgrade
                    .query
                    .iter()
                    .find(|(name, _)| name == "join_request");
                Join::from_join_request(request.map_or("", |(_, value)| value))
            }
        };
        let join = join.expect("a client's own join is understood");
        let guest = self.guest(id);
        let connect = Connect {
            session,
            room: guest.room.clone(),
            access: access(&guest.identity),
            join,
        };
        self.sessions.insert(session, id);
        self.post(Signal::Opened(id, session));
        self.command(Command::Connect(Box::new(connect)));
    }

    fn hand_over(&mut self, id: GuestId, session: SessionId, input: ToGuest<'_>) {
        let now = self.now;
        if self.guest(id).session == Some(session) {
            self.guest_mut(id).endpoint.handle_input(now, input);
            self.drain_guest(id);
        }
    }

    fn command(&mut self, command: Command) {
        self.shard.handle_input(self.now, Input::Command(command));
        self.drain_shard();
    }

    fn drain_shard(&mut self) {
        loop {
            match self.shard.poll_output() {
                Output::Transmit(t) => self.network.send(self.now, t.local, t.remote, t.bytes),
                Output::Signal { session, message } => {
                    if let Some(id) = self.sessions.get(&session).copied() {
                        self.post(Signal::Response(id, session, message));
                    }
                }
                Output::CloseSignal { session } => {
                    if let Some(id) = self.sessions.get(&session).copied() {
                        self.post(Signal::ClosedByServer(id, session));
                    }
                }
                Output::Fact(fact) => self.facts.push_back(fact),
                Output::Claim { .. } | Output::Release { .. } | Output::Reply { .. } => {}
                Output::Wait(wake) => {
                    self.shard_wake = wake;
                    return;
                }
            }
        }
    }

    fn drain_guest(&mut self, id: GuestId) {
        loop {
            match self.guest_mut(id).endpoint.poll_output() {
                FromGuest::Connect(upgrade) => {
                    let session = SessionId(self.signals_sent);
                    self.guest_mut(id).session = Some(session);
                    self.post(Signal::Connect(id, session, Box::new(upgrade)));
                }
                FromGuest::Signal(message) => {
                    if let Some(session) = self.guest(id).session {
                        self.post(Signal::Request(session, message));
                    }
                }
                FromGuest::CloseSignal => {
                    if let Some(session) = self.guest_mut(id).session.take() {
                        self.post(Signal::ClosedByGuest(session));
                    }
                }
                FromGuest::Transmit {
                    local,
                    remote,
                    bytes,
                } => self.network.send(self.now, local, remote, bytes),
                FromGuest::Event(event) => self.guest_mut(id).events.push_back(event),
                FromGuest::Wait(wake) => {
                    self.guest_mut(id).wake = wake;
                    return;
                }
            }
        }
    }

    fn post(&mut self, signal: Signal) {
        self.signals_sent += 1;
        let at = self.now + SIGNAL_DELAY;
        self.signals.insert((at, self.signals_sent), signal);
    }

    fn guest_at(&self, address: SocketAddr) -> Option<GuestId> {
        let at = self
            .guests
            .iter()
            .position(|g| g.addresses.contains(&address))?;
        Some(GuestId(at))
    }

    fn guest(&self, id: GuestId) -> &Guest {
        self.guests.get(id.0).expect("a world keeps its guests")
    }

    fn guest_mut(&mut self, id: GuestId) -> &mut Guest {
        self.guests.get_mut(id.0).expect("a world keeps its guests")
    }
}

const STEP: Duration = Duration::from_millis(20);

/// Everything that a participant may do.
fn access(identity: &str) -> Access {
    Access {
        identity: identity.to_owned(),
        name: identity.to_owned(),
        metadata: String::new(),
        attributes: BTreeMap::new(),
        kind: proto::participant_info::Kind::Standard,
        permission: proto::ParticipantPermission {
            can_subscribe: true,
            can_publish: true,
            can_publish_data: true,
            can_update_metadata: true,
            ..Default::default()
        },
        may_create_room: true,
        must_encrypt: false,
        turns: None,
        line: None,
        room_configuration: None,
    }
}
