//! Clients who do this or that at random, in one room.

mod administration;
mod effects;
mod expectation;
mod publication;
mod sending;
mod session;
mod subscription;
mod transport;

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant, SystemTime};

use conclave_livekit::join::Topology;
use livekit_protocol as proto;
use proto::signal_request::Message as Ask;
use rand::Rng;
use rand::rngs::StdRng;

use super::client::{Client, MOST};
use crate::command::{ApiRequest, CallId, RoomName, SessionId};
use crate::connection::{ConnectionId, Report, Side};
use crate::io::{Anchor, Config};
use crate::room::{Room, Settings};

pub(super) struct Play {
    room: Room,
    rng: StdRng,
    now: Instant,
    clients: Vec<Client>,
    reports: VecDeque<(ConnectionId, Report)>,
    /// Who heard their first message.
    opened: BTreeSet<SessionId>,
    closed: BTreeSet<SessionId>,
    open: BTreeSet<ConnectionId>,
    sessions: u64,
    /// The sids of those who hid at some time.
    ever_hidden: BTreeSet<String>,
    /// Who received what, while a test looks.
    received: BTreeSet<(String, String)>,
}

impl Play {
    pub(super) fn new(rng: StdRng) -> Self {
        let now = crate::test_time::start();
        let anchor = Anchor {
            instant: now,
            wall: SystemTime::UNIX_EPOCH,
        };
        let config = Config {
            max_tracks_per_participant: 4,
            ..Config::default()
        };
        let settings = Settings {
            empty_timeout: Some(Duration::from_secs(1_000_000)),
            departure_timeout: Some(Duration::from_secs(1_000_000)),
            ..Settings::default()
        };
        let name = RoomName("room".to_owned());
        let room = Room::new(
            now,
            name,
            "RM_x".to_owned(),
            settings,
            config,
            anchor,
            rng.clone(),
        );
        let mut play = Self {
            room,
            rng,
            now,
            clients: Vec::new(),
            reports: VecDeque::new(),
            opened: BTreeSet::new(),
            closed: BTreeSet::new(),
            open: BTreeSet::new(),
            sessions: 0,
            ever_hidden: BTreeSet::new(),
            received: BTreeSet::new(),
        };
        for index in 0..MOST {
            let topology = if index % 2 == 0 {
                Topology::Single
            } else {
                Topology::Dual
            };
            let automatic = play.rng.random_bool(0.8);
            let client = Client::new(format!("p{index}"), topology, automatic);
            play.clients.push(client);
        }
        play
    }

    pub(super) fn step(&mut self) {
        let at = self.rng.random_range(0..self.clients.len());
        match self.rng.random_range(0..100) {
            0..10 => self.join(at),
            10..12 => self.ask(at, Ask::Leave(proto::LeaveRequest::default())),
            12..15 => self.lose_signal(at),
            15..20 => self.resume(at),
            20..30 => self.connect_media(at),
            30..38 => self.publish(at),
            38..40 => self.unpublish(at),
            40..44 => self.mute(at),
            44..50 => self.subscribe(at),
            50..53 => self.set_track(at),
            53..56 => self.set_audience(at),
            56..58 => self.set_permission(at),
            58..59 => self.remove(at),
            59..61 => self.mute_by_admin(at),
            61..76 => self.send_media(at),
            76..82 => self.send_data(at),
            82..84 => self.change_path(at),
            84..90 => self.answer(at),
            90..94 => self.offer(at),
            _ => self.wait(),
        }
        self.drain();
    }

    /// Lets everybody do what they owe, and checks that all get what they may.
    pub(super) fn settle(&mut self) {
        for _ in 0..12 {
            for at in 0..self.clients.len() {
                self.resume(at);
                self.drain();
                for side in self.clients[at].sides() {
                    self.bring_up(at, side);
                }
                self.answer(at);
                self.drain();
                let client = &self.clients[at];
                let begins = client.topology == Topology::Single && client.last_offer == 0;
                if client.asked.is_some() || begins {
                    self.offer(at);
                }
                self.drain();
            }
            self.pass(Duration::from_secs(1));
        }
        self.judge_pictures();
        self.received.clear();
        for at in 0..self.clients.len() {
            let cids: Vec<String> = self.clients[at].tracks.keys().cloned().collect();
            for cid in cids {
                self.send_packet(at, &cid, true);
                self.drain();
            }
        }
        let due = self.due();
        assert_eq!(self.received, due, "who receives what, and who should");
    }

    fn wait(&mut self) {
        let time = Duration::from_millis(self.rng.random_range(0..3_000));
        self.pass(time);
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(at) = self.room.deadline().filter(|at| *at <= end) {
            self.now = at.max(self.now);
            self.room.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
        for at in 0..self.clients.len() {
            self.ask(at, Ask::PingReq(proto::Ping::default()));
        }
        self.drain();
    }

    fn ask(&mut self, at: usize, request: Ask) {
        if let Some(session) = self.clients[at].session {
            self.room.handle_request(self.now, session, request);
        }
    }

    fn api(&mut self, request: ApiRequest) {
        self.room.handle_api(self.now, CallId(1), request);
    }

    fn drain(&mut self) {
        loop {
            while let Some(effect) = self.room.poll_effect() {
                self.take(effect);
            }
            self.notice_removal();
            let Some((id, report)) = self.reports.pop_front() else {
                break;
            };
            self.room.handle_report(self.now, id, report);
        }
    }

    fn client_at(&self, id: ConnectionId) -> Option<usize> {
        let identity = &self.room.roster.get(id.participant)?.card.identity;
        self.clients.iter().position(|c| c.identity == *identity)
    }

    fn connection_id(&self, at: usize, side: Side) -> Option<ConnectionId> {
        let client = &self.clients[at];
        let participant = self.room.roster.by_identity(&client.identity)?;
        client
            .connections
            .contains_key(&side)
            .then_some(ConnectionId { participant, side })
    }

    fn any_track(&mut self, at: usize) -> Option<String> {
        let cids: Vec<&String> = self.clients[at].tracks.keys().collect();
        let count = cids.len();
        (count > 0).then(|| cids[self.rng.random_range(0..count)].clone())
    }

    fn any_sid(&mut self, at: usize) -> Option<String> {
        let cid = self.any_track(at)?;
        let sid = &self.clients[at].tracks.get(&cid)?.sid;
        (!sid.is_empty()).then(|| sid.clone())
    }

    fn new_session(&mut self) -> SessionId {
        self.sessions += 1;
        SessionId(self.sessions)
    }
}
