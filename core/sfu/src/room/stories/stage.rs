//! A room, people in it, and a record of what they are told.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant, SystemTime};

use conclave_livekit::join::{Join, Resume, Topology};
use livekit_protocol as proto;
use proto::signal_request::Message as Ask;
use proto::signal_response::Message;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::command::{
    Access, ApiRefusal, ApiRequest, ApiResponse, CallId, Connect, RoomName, SessionId,
};
use crate::connection::{ConnectionId, Order, Report, Sendable, Side};
use crate::fact::{Fact, PublishRefusal};
use crate::io::{Anchor, Config};
use crate::peer::{DataChannel, LocalOffer, MediaPacket, OfferChange, OutgoingPacket, Security};
use crate::room::{Effect, Room, Settings};
use crate::sdp::{Codec, Mid};

pub(super) struct Stage {
    pub(super) room: Room,
    pub(super) now: Instant,
    sessions: u64,
    by_identity: BTreeMap<String, SessionId>,
    told: BTreeMap<SessionId, VecDeque<Message>>,
    closed: Vec<SessionId>,
    pub(super) sent: Vec<(String, OutgoingPacket)>,
    pub(super) data: Vec<(String, Vec<u8>)>,
    pub(super) key_frames: Vec<Mid>,
    pub(super) offers: Vec<OfferChange>,
    pub(super) facts: Vec<Fact>,
    replies: VecDeque<Result<ApiResponse, ApiRefusal>>,
    reports: VecDeque<(ConnectionId, Report)>,
    sections: u32,
}

pub(super) const BOTH: [Topology; 2] = [Topology::Single, Topology::Dual];

impl Stage {
    pub(super) fn new() -> Self {
        Self::with(Config::default())
    }

    pub(super) fn with(config: Config) -> Self {
        let now = crate::test_time::start();
        let mut stage = Self {
            room: empty_room(now, config),
            now,
            sessions: 0,
            by_identity: BTreeMap::new(),
            told: BTreeMap::new(),
            closed: Vec::new(),
            sent: Vec::new(),
            data: Vec::new(),
            key_frames: Vec::new(),
            offers: Vec::new(),
            facts: Vec::new(),
            replies: VecDeque::new(),
            reports: VecDeque::new(),
            sections: 0,
        };
        stage.drain();
        stage
    }

    /// Joins, with all rights.
    pub(super) fn enter(&mut self, identity: &str, topology: Topology) -> SessionId {
        self.enter_with(identity, topology, |_| {})
    }

    pub(super) fn enter_with(
        &mut self,
        identity: &str,
        topology: Topology,
        change: impl FnOnce(&mut Connect),
    ) -> SessionId {
        self.sessions += 1;
        let session = SessionId(self.sessions);
        let mut connect = Connect {
            session,
            room: RoomName("room".to_owned()),
            access: access(identity),
            join: join(topology),
        };
        change(&mut connect);
        self.by_identity.insert(identity.to_owned(), session);
        self.room.connect(self.now, connect);
        self.drain();
        session
    }

    /// Joins, and its connections come up.
    pub(super) fn meet(&mut self, identity: &str, topology: Topology) -> SessionId {
        let session = self.enter(identity, topology);
        self.bring_up(identity);
        session
    }

    /// Comes back on another WebSocket.
    pub(super) fn resume(&mut self, identity: &str, topology: Topology, sid: &str) -> SessionId {
        self.enter_with(identity, topology, |connect| {
            connect.join.resume = Some(Resume {
                participant_sid: sid.to_owned(),
                reason: 0,
                sync_state: None,
            });
        })
    }

    pub(super) fn bring_up(&mut self, identity: &str) {
        for side in [Side::Publisher, Side::Subscriber] {
            let Some(id) = self.connection(identity, side) else {
                continue;
            };
            let security = Security {
                dtls: "DTLS 1.2",
                cipher: "cipher",
                srtp: "srtp",
            };
            self.report(id, Report::Connected(security));
            for channel in [DataChannel::Reliable, DataChannel::Lossy] {
                self.report(id, Report::ChannelOpen(channel));
            }
        }
    }

    pub(super) fn ask(&mut self, identity: &str, request: Ask) {
        self.ask_on(self.by_identity[identity], request);
    }

    /// On a session that another one may have replaced.
    pub(super) fn ask_on(&mut self, session: SessionId, request: Ask) {
        self.room.handle_request(self.now, session, request);
        self.drain();
    }

    pub(super) fn api(&mut self, request: ApiRequest) -> Result<ApiResponse, ApiRefusal> {
        self.room.handle_api(self.now, CallId(1), request);
        self.drain();
        self.replies.pop_front().expect("each call is answered")
    }

    pub(super) fn report(&mut self, id: ConnectionId, report: Report) {
        self.reports.push_back((id, report));
        self.drain();
    }

    pub(super) fn publisher_reports(&mut self, identity: &str, report: Report) {
        let id = self.connection(identity, Side::Publisher);
        self.report(id.expect("an open connection"), report);
    }

    /// Lets time pass; `alive` ping.
    pub(super) fn pass(&mut self, time: Duration, alive: &[&str]) {
        let end = self.now + time;
        while self.now < end {
            self.now = end.min(self.now + Duration::from_secs(1));
            for identity in alive {
                self.ask(identity, Ask::PingReq(proto::Ping::default()));
            }
            while self.room.deadline().is_some_and(|at| at <= self.now) {
                self.room.handle_timeout(self.now);
                self.drain();
            }
        }
    }

    /// Why somebody was not let publish something, as it was reported.
    pub(super) fn publish_refusals(&self, whose: &str) -> Vec<PublishRefusal> {
        let refusals = self.facts.iter().filter_map(|fact| match fact {
            Fact::PublishRefused {
                identity, refusal, ..
            } => (identity == whose).then_some(*refusal),
            _ => None,
        });
        refusals.collect()
    }

    pub(super) fn cut_signal(&mut self, identity: &str) {
        let session = self.by_identity[identity];
        self.room.signal_lost(self.now, session);
        self.drain();
    }

    /// What was said on a session since this was asked last.
    pub(super) fn told_on(&mut self, session: SessionId) -> Vec<Message> {
        self.told.remove(&session).unwrap_or_default().into()
    }

    pub(super) fn told(&mut self, identity: &str) -> Vec<Message> {
        self.told_on(self.by_identity[identity])
    }

    pub(super) fn is_closed(&self, session: SessionId) -> bool {
        self.closed.contains(&session)
    }

    pub(super) fn sid(&self, identity: &str) -> String {
        let key = self.room.roster.by_identity(identity).expect("is there");
        self.room
            .roster
            .get(key)
            .expect("is there")
            .card
            .sid
            .clone()
    }

    pub(super) fn is_there(&self, identity: &str) -> bool {
        self.room.roster.by_identity(identity).is_some()
    }

    /// Announces and offers one track; its sid.
    pub(super) fn publish(&mut self, identity: &str, kind: &str, cid: &str) -> String {
        self.ask(identity, Ask::AddTrack(add_track(kind, cid)));
        let sid = self
            .told(identity)
            .into_iter()
            .find_map(|message| match message {
                Message::TrackPublished(published) => published.track.map(|track| track.sid),
                _ => None,
            })
            .expect("the track is announced");
        self.ask(identity, Ask::Offer(offer(1, &[(kind, cid, Some(cid))])));
        sid
    }

    /// One packet of the track on the section that has the track's cid as its name.
    pub(super) fn packet(&mut self, identity: &str, kind: &str, cid: &str, sequence: u64) {
        let id = self.connection(identity, Side::Publisher);
        self.packet_on(id.expect("an open connection"), kind, cid, sequence);
    }

    /// On a connection that may be closed.
    pub(super) fn packet_on(&mut self, id: ConnectionId, kind: &str, cid: &str, sequence: u64) {
        let packet = MediaPacket {
            mid: Mid::new(cid).expect("a name"),
            rid: None,
            ssrc: 1,
            codec: if kind == "audio" {
                Codec::Opus
            } else {
                Codec::Vp8
            },
            sequence,
            timestamp: sequence as u32 * 3_000,
            marker: true,
            audio_level: None,
            dependency_descriptor: None,
            rotation: None,
            capture_time: None,
            // A VP8 key frame; to Opus anything is fine.
            payload: vec![0x10, 0, 1, 2, 3].into(),
            arrival: self.now,
            sender_report: None,
        };
        self.report(id, Report::Media(packet));
    }

    /// To whom media went since this was asked last.
    pub(super) fn receivers(&mut self) -> Vec<String> {
        let sent = std::mem::take(&mut self.sent);
        sent.into_iter().map(|(identity, _)| identity).collect()
    }

    fn connection(&self, identity: &str, side: Side) -> Option<ConnectionId> {
        let participant = self.room.roster.by_identity(identity)?;
        let sides = self.room.roster.get(participant)?.sides();
        sides
            .contains(&side)
            .then_some(ConnectionId { participant, side })
    }

    fn drain(&mut self) {
        loop {
            while let Some(effect) = self.room.poll_effect() {
                self.take(effect);
            }
            let Some((id, report)) = self.reports.pop_front() else {
                break;
            };
            self.room.handle_report(self.now, id, report);
        }
    }

    fn take(&mut self, effect: Effect) {
        match effect {
            Effect::Signal { session, message } => {
                self.told.entry(session).or_default().push_back(*message);
            }
            Effect::CloseSignal { session } => self.closed.push(session),
            Effect::Reply { reply, .. } => self.replies.push_back(reply),
            Effect::Fact(fact) => self.facts.push(fact),
            Effect::Drop(_) => {}
            Effect::Order(id, order) => self.obey(id, order),
        }
    }

    fn obey(&mut self, id: ConnectionId, order: Order) {
        let identity = self
            .room
            .roster
            .get(id.participant)
            .map(|participant| participant.card.identity.clone());
        let report = match order {
            Order::AcceptOffer { id, plan, .. } => Report::Answer {
                id,
                result: Ok(("answer".to_owned(), sendable(plan.send.keys()))),
            },
            Order::CreateOffer(change) => {
                let first = self.sections;
                self.sections += change.add.len() as u32;
                let added = (first..self.sections)
                    .map(|n| Mid::new(&n.to_string()).expect("a name"))
                    .collect();
                self.offers.push(change);
                Report::Offer(Ok(LocalOffer {
                    sdp: "offer".to_owned(),
                    added,
                }))
            }
            Order::AcceptAnswer { sections, .. } => Report::AnswerAccepted(Ok(sendable(&sections))),
            Order::Send(packet) => {
                let identity = identity.expect("whoever is sent to is there");
                self.sent.push((identity, packet));
                return;
            }
            Order::SendData { bytes, .. } => {
                self.data
                    .extend(identity.map(|identity| (identity, bytes.to_vec())));
                return;
            }
            Order::RequestKeyFrame { mid, .. } => {
                self.key_frames.push(mid);
                return;
            }
            Order::Open(_)
            | Order::Close
            | Order::AddCandidate(_)
            | Order::SetBitrate { .. }
            | Order::EstimateAnew { .. } => {
                return;
            }
        };
        self.reports.push_back((id, report));
    }
}

fn empty_room(now: Instant, config: Config) -> Room {
    let anchor = Anchor {
        instant: now,
        wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_000),
    };
    Room::new(
        now,
        RoomName("room".to_owned()),
        "RM_x".to_owned(),
        Settings::default(),
        config,
        anchor,
        StdRng::seed_from_u64(1),
    )
}

pub(super) fn access(identity: &str) -> Access {
    Access {
        identity: identity.to_owned(),
        name: String::new(),
        metadata: String::new(),
        attributes: BTreeMap::new(),
        kind: proto::participant_info::Kind::Standard,
        permission: all_rights(),
        may_create_room: true,
        must_encrypt: false,
        turns: None,
        line: None,
        room_configuration: None,
    }
}

pub(super) fn all_rights() -> proto::ParticipantPermission {
    proto::ParticipantPermission {
        can_subscribe: true,
        can_publish: true,
        can_publish_data: true,
        can_update_metadata: true,
        ..Default::default()
    }
}

/// A v1 client offers two sections to receive on with its join.
fn join(topology: Topology) -> Join {
    let single = topology == Topology::Single;
    Join {
        topology,
        client: proto::ClientInfo {
            protocol: 16,
            ..Default::default()
        },
        auto_subscribe: true,
        adaptive_stream: false,
        subscriber_allow_pause: None,
        disable_ice_lite: false,
        metadata: String::new(),
        attributes: BTreeMap::new(),
        add_track_requests: Vec::new(),
        publisher_offer: single.then(|| receiving_offer(1)),
        resume: None,
    }
}

pub(super) fn receiving_offer(id: u32) -> proto::SessionDescription {
    offer(id, &[("audio", "ra", None), ("video", "rv", None)])
}

/// Sections by kind, name and the cid that they send; without one they receive.
pub(super) fn offer(id: u32, sections: &[(&str, &str, Option<&str>)]) -> proto::SessionDescription {
    let mut sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n".to_owned();
    for (kind, mid, cid) in sections {
        let (payload_type, codec) = match *kind {
            "audio" => (111, "opus/48000/2"),
            _ => (96, "VP8/90000"),
        };
        sdp += &format!("m={kind} 9 UDP/TLS/RTP/SAVPF {payload_type}\r\na=mid:{mid}\r\n");
        sdp += &format!("a=rtpmap:{payload_type} {codec}\r\n");
        sdp += &match cid {
            Some(cid) => format!("a=sendonly\r\na=msid:- {cid}\r\n"),
            None => "a=recvonly\r\n".to_owned(),
        };
    }
    proto::SessionDescription {
        r#type: "offer".to_owned(),
        sdp,
        id,
        ..Default::default()
    }
}

pub(super) fn answer(id: u32) -> Ask {
    Ask::Answer(proto::SessionDescription {
        r#type: "answer".to_owned(),
        id,
        ..Default::default()
    })
}

pub(super) fn add_track(kind: &str, cid: &str) -> proto::AddTrackRequest {
    let (kind, source) = match kind {
        "audio" => (proto::TrackType::Audio, proto::TrackSource::Microphone),
        _ => (proto::TrackType::Video, proto::TrackSource::Camera),
    };
    proto::AddTrackRequest {
        cid: cid.to_owned(),
        r#type: kind as i32,
        source: source as i32,
        ..Default::default()
    }
}

fn sendable<'a>(sections: impl IntoIterator<Item = &'a Mid>) -> Sendable {
    let codecs = vec![Codec::Opus, Codec::Vp8, Codec::Vp9];
    sections
        .into_iter()
        .map(|mid| (*mid, codecs.clone()))
        .collect()
}
