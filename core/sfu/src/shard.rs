//! The rooms of one owner thread: routes what comes in, hands out what they want.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::time::Instant;

use conclave_livekit::sid;
use livekit_protocol as proto;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::command::{
    ApiRefusal, ApiRequest, ApiResponse, CallId, Command, Connect, RoomName, SessionId,
};
use crate::connection::{ConnectionId, Report};
use crate::connections::{Connections, Surfaced};
use crate::demux::Demux;
use crate::departed::Departed;
use crate::drops::{Drop, Drops};
use crate::fact::EndReason;
use crate::io::{Anchor, Config, Datagram, Input, Output};
use crate::leave;
use crate::room::{Effect, Room, Settings};
use crate::schedule::Schedule;
use crate::slab::{Key, Slab};

/// All rooms of one owner thread, with the connections of everybody in them.
///
/// Drain [`Shard::poll_output`] to [`Output::Wait`] after each [`Shard::handle_input`].
pub struct Shard {
    config: Config,
    anchor: Anchor,
    rng: StdRng,
    halls: Slab<Hall>,
    by_name: BTreeMap<RoomName, HallKey>,
    by_session: BTreeMap<SessionId, HallKey>,
    demux: Demux<LinkKey>,
    departed: Departed,
    /// When rooms want to be told the time.
    rooms: Schedule<HallKey>,
    /// When connections do. A wake-up that came too early is put back.
    links: BinaryHeap<Reverse<(Instant, LinkKey)>>,
    drops: Drops,
    outputs: VecDeque<Output>,
}

/// A room with its connections.
struct Hall {
    room: Room,
    connections: Connections,
    /// What connections told while the room was busy; empty between inputs.
    reports: VecDeque<(ConnectionId, Report)>,
    /// What the room's place in the schedule says.
    wake: Option<Instant>,
}

type HallKey = Key<Hall>;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct LinkKey {
    hall: HallKey,
    id: ConnectionId,
}

/// A participant has a few; beyond are strangers'.
const MOST_ADDRESSES: usize = 65_536;

impl Shard {
    /// `seed` makes identifiers; two shards of one server must not share it.
    pub fn new(config: Config, anchor: Anchor, seed: u64) -> Self {
        Self {
            config,
            anchor,
            rng: StdRng::seed_from_u64(seed),
            halls: Slab::new(),
            by_name: BTreeMap::new(),
            by_session: BTreeMap::new(),
            demux: Demux::new(MOST_ADDRESSES),
            departed: Departed::new(),
            rooms: Schedule::new(),
            links: BinaryHeap::new(),
            drops: Drops::new(anchor.instant),
            outputs: VecDeque::new(),
        }
    }

    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        match input {
            Input::Datagram(datagram) => self.handle_datagram(now, datagram),
            Input::StreamClosed { remote } => {
                self.demux.forget(crate::io::Transport::Tcp, remote);
            }
            Input::Command(command) => self.handle_command(now, command),
            Input::Timeout => self.handle_timeout(now),
        }
        self.outputs
            .extend(self.drops.report(now).into_iter().map(Output::Fact));
    }

    pub fn poll_output(&mut self) -> Output {
        self.outputs
            .pop_front()
            .unwrap_or_else(|| Output::Wait(self.deadline()))
    }

    fn deadline(&self) -> Option<Instant> {
        let link = self.links.peek().map(|Reverse((at, _))| *at);
        [link, self.rooms.next(), self.drops.deadline()]
            .into_iter()
            .flatten()
            .min()
    }

    fn handle_datagram(&mut self, now: Instant, datagram: Datagram<'_>) {
        let Some(link) = self.demux.owner(now, &datagram) else {
            self.drops.count(Drop::Unclaimed);
            return;
        };
        let Some(hall) = self.halls.get_mut(link.hall) else {
            return;
        };
        if !hall.connections.handle_datagram(now, link.id, datagram) {
            self.drops.count(Drop::Datagram);
        }
        self.settle(now, link.hall);
    }

    fn handle_timeout(&mut self, now: Instant) {
        for (at, link) in self.due_links(now) {
            if let Some(hall) = self.halls.get_mut(link.hall) {
                hall.connections.wake(now, link.id, at);
                self.settle(now, link.hall);
            }
        }
        for key in self.rooms.take_due(now) {
            if let Some(hall) = self.halls.get_mut(key) {
                hall.wake = None;
                hall.room.handle_timeout(now);
                self.settle(now, key);
            }
        }
    }

    /// Taken all at once, so that a connection that asks for 'at once' again and again does not
    /// hold up the others.
    fn due_links(&mut self, now: Instant) -> Vec<(Instant, LinkKey)> {
        let mut due = Vec::new();
        while let Some(Reverse((at, link))) = self.links.peek().copied()
            && at <= now
        {
            self.links.pop();
            due.push((at, link));
        }
        due
    }

    fn handle_command(&mut self, now: Instant, command: Command) {
        match command {
            Command::Connect(connect) => self.connect(now, *connect),
            Command::Request { session, request } => {
                self.in_session(now, session, |room| {
                    room.handle_request(now, session, *request)
                });
            }
            Command::Malformed { session } => {
                self.drops.count(Drop::Frame);
                self.in_session(now, session, |room| room.heard(now, session));
            }
            Command::Disconnected { session } => {
                self.in_session(now, session, |room| room.signal_lost(now, session));
                self.by_session.remove(&session);
            }
            Command::Api {
                call,
                room,
                request,
            } => self.handle_api(now, call, &room, *request),
            Command::Shutdown => {
                for key in self.halls.keys() {
                    self.in_hall(now, key, |room| room.end(now, EndReason::ServerShutdown));
                }
            }
        }
    }

    fn connect(&mut self, now: Instant, connect: Connect) {
        let session = connect.session;
        if let Some(reason) = self
            .departed
            .refuses(now, &connect.room, &connect.access.identity)
        {
            self.send_away(session, leave::disconnect(reason));
            return;
        }
        let key = match self.by_name.get(&connect.room) {
            Some(key) => Some(*key),
            None => self.open_for(now, &connect),
        };
        let Some(key) = key else {
            let is_resume = connect.join.resume.is_some();
            self.refuse(session, is_resume);
            return;
        };
        self.by_session.insert(session, key);
        self.in_hall(now, key, |room| room.connect(now, connect));
    }

    /// A room is made by whoever may, but not by a resume: there is nothing to resume in it.
    fn open_for(&mut self, now: Instant, connect: &Connect) -> Option<HallKey> {
        if !connect.access.may_create_room || connect.join.resume.is_some() {
            return None;
        }
        let settings = connect
            .access
            .room_configuration
            .as_deref()
            .map(Settings::of_configuration)
            .unwrap_or_default();
        self.open(now, connect.room.clone(), settings).ok()
    }

    fn open(
        &mut self,
        now: Instant,
        name: RoomName,
        settings: Settings,
    ) -> Result<HallKey, ApiRefusal> {
        if self.halls.len() >= self.config.max_rooms {
            return Err(ApiRefusal::Limit("rooms"));
        }
        let sid = sid::room(&mut self.rng);
        let rng = StdRng::from_rng(&mut self.rng);
        let room = Room::new(
            now,
            name.clone(),
            sid,
            settings,
            self.config.clone(),
            self.anchor,
            rng,
        );
        let key = self.halls.insert_with(|_| Hall {
            room,
            connections: Connections::default(),
            reports: VecDeque::new(),
            wake: None,
        });
        self.by_name.insert(name, key);
        self.settle(now, key);
        Ok(key)
    }

    fn refuse(&mut self, session: SessionId, is_resume: bool) {
        let message = if is_resume {
            leave::reconnect(EndReason::StateMismatch)
        } else {
            leave::disconnect(EndReason::NeverConnected)
        };
        self.send_away(session, message);
    }

    fn send_away(&mut self, session: SessionId, message: proto::signal_response::Message) {
        self.outputs.push_back(Output::Signal {
            session,
            message: Box::new(message),
        });
        self.outputs.push_back(Output::CloseSignal { session });
    }

    fn handle_api(&mut self, now: Instant, call: CallId, name: &RoomName, request: ApiRequest) {
        self.departed.note(now, name, &request);
        let reply = match request {
            ApiRequest::ListRooms(request) => Ok(ApiResponse::Rooms(self.list(&request.names))),
            ApiRequest::CreateRoom(request) => self.create(now, name, &request),
            request => match self.by_name.get(name).copied() {
                None => Err(ApiRefusal::NoRoom),
                Some(key) => {
                    self.in_hall(now, key, |room| room.handle_api(now, call, request));
                    return;
                }
            },
        };
        self.outputs.push_back(Output::Reply { call, reply });
    }

    fn create(
        &mut self,
        now: Instant,
        name: &RoomName,
        request: &proto::CreateRoomRequest,
    ) -> Result<ApiResponse, ApiRefusal> {
        let key = match self.by_name.get(name) {
            Some(key) => *key,
            None => self.open(now, name.clone(), Settings::of_request(request)?)?,
        };
        let hall = self.halls.get(key).ok_or(ApiRefusal::NoRoom)?;
        Ok(ApiResponse::Room(Box::new(hall.room.info())))
    }

    fn list(&self, names: &[String]) -> Vec<proto::Room> {
        self.halls
            .values()
            .map(|hall| hall.room.info())
            .filter(|room| names.is_empty() || names.contains(&room.name))
            .collect()
    }

    fn in_session(&mut self, now: Instant, session: SessionId, act: impl FnOnce(&mut Room)) {
        if let Some(key) = self.by_session.get(&session).copied() {
            self.in_hall(now, key, act);
        }
    }

    fn in_hall(&mut self, now: Instant, key: HallKey, act: impl FnOnce(&mut Room)) {
        if let Some(hall) = self.halls.get_mut(key) {
            act(&mut hall.room);
            self.settle(now, key);
        }
    }

    /// Lets orders and reports go back and forth until neither the room nor its connections
    /// have anything to say.
    fn settle(&mut self, now: Instant, key: HallKey) {
        let Some(hall) = self.halls.get_mut(key) else {
            return;
        };
        loop {
            while let Some(effect) = hall.room.poll_effect() {
                let output = match effect {
                    Effect::Order(id, order) => {
                        let report = |report| hall.reports.push_back((id, report));
                        hall.connections
                            .carry_out(now, &self.config, id, order, report);
                        continue;
                    }
                    Effect::Drop(drop) => {
                        self.drops.count(drop);
                        continue;
                    }
                    Effect::Signal { session, message } => Output::Signal { session, message },
                    Effect::CloseSignal { session } => {
                        self.by_session.remove(&session);
                        Output::CloseSignal { session }
                    }
                    Effect::Reply { call, reply } => Output::Reply { call, reply },
                    Effect::Fact(fact) => Output::Fact(fact),
                };
                self.outputs.push_back(output);
            }
            hall.connections.drain(|surfaced| match surfaced {
                Surfaced::Transmit(transmit) => self.outputs.push_back(Output::Transmit(transmit)),
                Surfaced::Claim { ufrag, id } => {
                    self.demux.claim(ufrag.clone(), LinkKey { hall: key, id });
                    self.outputs.push_back(Output::Claim { ufrag });
                }
                Surfaced::Release { ufrag } => {
                    self.demux.release(&ufrag);
                    self.outputs.push_back(Output::Release { ufrag });
                }
                Surfaced::Report(id, report) => hall.reports.push_back((id, report)),
                Surfaced::Wake(id, at) => self.links.push(Reverse((at, LinkKey { hall: key, id }))),
            });
            if hall.reports.is_empty() {
                break;
            }
            for (id, report) in hall.reports.drain(..) {
                hall.room.handle_report(now, id, report);
            }
        }
        if hall.room.is_over() {
            self.close(key);
            return;
        }
        let wake = hall.room.deadline();
        // Most packets change nothing about it.
        if hall.wake != wake {
            hall.wake = wake;
            match wake {
                Some(at) => self.rooms.set(key, at),
                None => self.rooms.clear(key),
            }
        }
    }

    fn close(&mut self, key: HallKey) {
        self.rooms.clear(key);
        self.by_name.retain(|_, hall| *hall != key);
        self.by_session.retain(|_, hall| *hall != key);
        self.halls.remove(key);
    }
}
