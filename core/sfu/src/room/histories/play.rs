//! Clients who do this and that, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant, SystemTime};

use conclave_livekit::join::{Join, Resume, Topology};
use livekit_protocol as proto;
use prost::Message as _;
use proto::data_packet::Value;
use proto::signal_request::Message as Ask;
use proto::signal_response::Message;
use rand::Rng;
use rand::rngs::StdRng;

use super::client::{Client, Connection, MOST, Section, Track, Use};
use super::judge;
use crate::command::{Access, ApiRequest, CallId, Connect, RoomName, SessionId};
use crate::connection::{ConnectionId, Order, Report, Sendable, Side};
use crate::io::{Anchor, Config};
use crate::peer::{
    DataChannel, IceState, LocalOffer, MediaPacket, NegotiationError, OutgoingPacket, Security,
};
use crate::room::{Effect, Room, Settings};
use crate::sdp::{Codec, Kind, Mid};

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

    /// Everybody knows of everybody and of their tracks, and nothing is left of who went.
    fn judge_pictures(&self) {
        for client in self.clients.iter().filter(|c| c.is_in()) {
            let known: BTreeMap<String, BTreeSet<String>> = client
                .known
                .values()
                .filter(|info| info.sid != client.sid)
                .map(|info| {
                    let tracks = info.tracks.iter().map(|track| track.sid.clone());
                    (info.identity.clone(), tracks.collect())
                })
                .collect();
            let others = self.clients.iter().filter(|c| c.sid != client.sid);
            let visible = others.filter(|c| c.permission.as_ref().is_some_and(|p| !p.hidden));
            let true_ones: BTreeMap<String, BTreeSet<String>> = visible
                .map(|other| {
                    let published = other.tracks.values().filter(|t| t.mid.is_some());
                    let sids = published.map(|track| track.sid.clone());
                    (other.identity.clone(), sids.collect())
                })
                .collect();
            assert_eq!(known, true_ones, "what {} believes", client.identity);
        }
        let is_there = |id: &ConnectionId| self.room.roster.get(id.participant).is_some();
        assert!(
            self.open.iter().all(is_there),
            "a connection outlives its participant"
        );
    }

    /// Who has to receive which track, when all is settled.
    fn due(&self) -> BTreeSet<(String, String)> {
        let mut due = BTreeSet::new();
        for publisher in self.clients.iter().filter(|c| c.is_in()) {
            for track in publisher.tracks.values() {
                if track.sid.is_empty() || track.mid.is_none() {
                    continue;
                }
                for subscriber in self.clients.iter().filter(|c| c.is_in()) {
                    let enabled = !subscriber.disabled.contains(&track.sid);
                    if enabled && self.may_receive(subscriber, publisher, track) {
                        due.insert((subscriber.identity.clone(), track.sid.clone()));
                    }
                }
            }
        }
        due
    }

    /// The rules once more, written for this test.
    fn may_receive(&self, subscriber: &Client, publisher: &Client, track: &Track) -> bool {
        let (Some(may), Some(theirs)) = (&subscriber.permission, &publisher.permission) else {
            return false;
        };
        let admitted = publisher
            .audience
            .as_ref()
            .is_none_or(|audience| audience.contains(&subscriber.identity));
        subscriber.identity != publisher.identity
            && may.can_subscribe
            && theirs.can_publish
            && !theirs.hidden
            && admitted
            && !track.is_muted
            && subscriber.desires(&track.sid)
    }

    fn join(&mut self, at: usize) {
        let hidden = self.rng.random_bool(0.1);
        let with_offer = self.rng.random_bool(0.5);
        let session = self.new_session();
        let before = self.clients.remove(at);
        let mut client = Client::new(before.identity, before.topology, before.automatic);
        let permission = permission(true, hidden);
        client.permission = Some(permission.clone());
        client.session = Some(session);
        client.connections = before.connections;
        let single = client.topology == Topology::Single;
        if single {
            for kind in [Kind::Audio, Kind::Video, Kind::Video] {
                let mid = client.name();
                let use_ = Use::Receive;
                client.sections.push(Section { mid, kind, use_ });
            }
        }
        let offer = (single && with_offer).then(|| client.offer());
        let connect = Connect {
            session,
            room: RoomName("room".to_owned()),
            access: access(&client.identity, permission),
            join: join(&client, offer, None),
        };
        self.clients.insert(at, client);
        self.room.connect(self.now, connect);
    }

    fn resume(&mut self, at: usize) {
        let client = &self.clients[at];
        if !client.is_in() || client.session.is_some() {
            return;
        }
        let resume = Resume {
            participant_sid: client.sid.clone(),
            reason: 0,
            sync_state: None,
        };
        let connect = Connect {
            session: SessionId(self.sessions + 1),
            room: RoomName("room".to_owned()),
            access: access(&client.identity, permission(true, false)),
            join: join(client, None, Some(resume)),
        };
        let session = self.new_session();
        self.clients[at].session = Some(session);
        self.room.connect(self.now, connect);
    }

    fn lose_signal(&mut self, at: usize) {
        if let Some(session) = self.clients[at].session.take() {
            self.closed.insert(session);
            self.room.signal_lost(self.now, session);
            self.notice_removal();
        }
    }

    fn connect_media(&mut self, at: usize) {
        for side in self.clients[at].sides() {
            self.bring_up(at, side);
        }
    }

    fn bring_up(&mut self, at: usize, side: Side) {
        let Some(id) = self.connection_id(at, side) else {
            return;
        };
        let client = &mut self.clients[at];
        let downstream = client.downstream() == side;
        let Some(connection) = client.connections.get_mut(&side) else {
            return;
        };
        if connection.is_up {
            return;
        }
        connection.is_up = true;
        let security = Security {
            dtls: "DTLS 1.2",
            cipher: "cipher",
            srtp: "srtp",
        };
        self.reports.push_back((id, Report::Connected(security)));
        if downstream {
            for channel in DataChannel::ALL {
                self.reports.push_back((id, Report::ChannelOpen(channel)));
            }
        }
        self.drain();
    }

    fn change_path(&mut self, at: usize) {
        let side = self.clients[at].downstream();
        let Some(id) = self.connection_id(at, side) else {
            return;
        };
        let Some(connection) = self.clients[at].connections.get_mut(&side) else {
            return;
        };
        if connection.is_up {
            connection.is_up = false;
            let report = Report::Ice(IceState::Disconnected);
            self.reports.push_back((id, report));
        }
    }

    fn publish(&mut self, at: usize) {
        let announce_first = self.rng.random_bool(0.7);
        let kind = if self.rng.random_bool(0.5) {
            Kind::Audio
        } else {
            Kind::Video
        };
        let client = &mut self.clients[at];
        if client.session.is_none() {
            return;
        }
        let cid = client.name();
        let mid = client.name();
        client.sections.push(Section {
            mid: mid.clone(),
            kind,
            use_: Use::Send(cid.clone()),
        });
        client.tracks.insert(
            cid.clone(),
            Track {
                kind,
                sid: String::new(),
                mid: None,
                is_muted: false,
                packets: 0,
            },
        );
        let request = Ask::AddTrack(add_track(&cid, kind));
        if announce_first {
            self.ask(at, request);
            self.drain();
            self.offer(at);
        } else {
            self.offer(at);
            self.drain();
            self.ask(at, request);
        }
        self.drain();
        if let Some(track) = self.clients[at].tracks.get_mut(&cid) {
            track.mid = (!track.sid.is_empty()).then_some(mid);
        }
    }

    fn unpublish(&mut self, at: usize) {
        let Some(cid) = self.any_track(at) else {
            return;
        };
        let client = &mut self.clients[at];
        if client.session.is_none() {
            return;
        }
        for section in &mut client.sections {
            if section.use_ == Use::Send(cid.clone()) {
                section.use_ = Use::Stopped;
            }
        }
        client.tracks.remove(&cid);
        self.offer(at);
    }

    fn mute(&mut self, at: usize) {
        let Some(cid) = self.any_track(at) else {
            return;
        };
        let muted = self.rng.random_bool(0.5);
        let client = &mut self.clients[at];
        if client.session.is_none() {
            return;
        }
        let Some(track) = client.tracks.get_mut(&cid) else {
            return;
        };
        track.is_muted = muted;
        let sid = track.sid.clone();
        self.ask(at, Ask::Mute(proto::MuteTrackRequest { sid, muted }));
    }

    fn subscribe(&mut self, at: usize) {
        let other = self.rng.random_range(0..self.clients.len());
        let Some(sid) = self.any_sid(other) else {
            return;
        };
        let subscribe = self.rng.random_bool(0.5);
        let client = &mut self.clients[at];
        if client.session.is_none() {
            return;
        }
        if subscribe && client.desires.get(&sid) == Some(&false) {
            client.disabled.remove(&sid);
        }
        client.desires.insert(sid.clone(), subscribe);
        let request = proto::UpdateSubscription {
            track_sids: vec![sid],
            subscribe,
            ..Default::default()
        };
        self.ask(at, Ask::Subscription(request));
    }

    fn set_track(&mut self, at: usize) {
        let other = self.rng.random_range(0..self.clients.len());
        let Some(sid) = self.any_sid(other) else {
            return;
        };
        let disabled = self.rng.random_bool(0.5);
        let client = &mut self.clients[at];
        if client.session.is_none() {
            return;
        }
        if disabled {
            client.disabled.insert(sid.clone());
        } else {
            client.disabled.remove(&sid);
        }
        let setting = proto::UpdateTrackSettings {
            track_sids: vec![sid],
            disabled,
            quality: proto::VideoQuality::High as i32,
            ..Default::default()
        };
        self.ask(at, Ask::TrackSetting(setting));
    }

    fn set_audience(&mut self, at: usize) {
        if self.clients[at].session.is_none() {
            return;
        }
        let all = self.rng.random_bool(0.4);
        let named: BTreeSet<String> = (0..MOST)
            .filter(|_| self.rng.random_bool(0.5))
            .map(|index| format!("p{index}"))
            .collect();
        let permissions = named.iter().map(|identity| proto::TrackPermission {
            participant_identity: identity.clone(),
            all_tracks: true,
            ..Default::default()
        });
        let request = proto::SubscriptionPermission {
            all_participants: all,
            track_permissions: permissions.collect(),
        };
        self.clients[at].audience = (!all).then_some(named);
        self.ask(at, Ask::SubscriptionPermission(request));
    }

    fn set_permission(&mut self, at: usize) {
        let mut permission = permission(self.rng.random_bool(0.6), self.rng.random_bool(0.2));
        permission.can_subscribe = self.rng.random_bool(0.7);
        let client = &mut self.clients[at];
        if !client.is_in() {
            return;
        }
        client.permission = Some(permission.clone());
        if !permission.can_publish {
            client.stop_publishing();
        }
        let request = proto::UpdateParticipantRequest {
            identity: client.identity.clone(),
            permission: Some(permission),
            ..Default::default()
        };
        self.api(ApiRequest::UpdateParticipant(request));
    }

    fn remove(&mut self, at: usize) {
        let request = proto::RoomParticipantIdentity {
            identity: self.clients[at].identity.clone(),
            ..Default::default()
        };
        self.api(ApiRequest::RemoveParticipant(request));
    }

    fn mute_by_admin(&mut self, at: usize) {
        let Some(cid) = self.any_track(at) else {
            return;
        };
        let client = &mut self.clients[at];
        let Some(track) = client.tracks.get_mut(&cid) else {
            return;
        };
        if track.mid.is_none() {
            return;
        }
        track.is_muted = true;
        let request = proto::MuteRoomTrackRequest {
            identity: client.identity.clone(),
            track_sid: track.sid.clone(),
            muted: true,
            ..Default::default()
        };
        self.api(ApiRequest::MutePublishedTrack(request));
    }

    fn send_media(&mut self, at: usize) {
        if let Some(cid) = self.any_track(at) {
            let key = self.rng.random_bool(0.3);
            self.send_packet(at, &cid, key);
        }
    }

    fn send_packet(&mut self, at: usize, cid: &str, key: bool) {
        let Some(id) = self.connection_id(at, Side::Publisher) else {
            return;
        };
        let client = &mut self.clients[at];
        let Some(track) = client.tracks.get_mut(cid) else {
            return;
        };
        let Some(mid) = track.mid.as_deref().and_then(Mid::new) else {
            return;
        };
        track.packets += 1;
        let mut payload = match track.kind {
            Kind::Audio => Vec::new(),
            // A VP8 descriptor that starts a frame, and its first byte.
            Kind::Video => vec![0x10, u8::from(!key)],
        };
        payload.extend_from_slice(track.sid.as_bytes());
        let packet = MediaPacket {
            mid,
            rid: None,
            ssrc: 1,
            codec: match track.kind {
                Kind::Audio => Codec::Opus,
                Kind::Video => Codec::Vp8,
            },
            sequence: track.packets,
            timestamp: track.packets as u32 * 3_000,
            marker: true,
            audio_level: None,
            dependency_descriptor: None,
            rotation: None,
            capture_time: None,
            payload: payload.into(),
            arrival: self.now,
            sender_report: None,
        };
        self.reports.push_back((id, Report::Media(packet)));
    }

    fn send_data(&mut self, at: usize) {
        let Some(id) = self.connection_id(at, Side::Publisher) else {
            return;
        };
        let named: Vec<String> = (0..MOST)
            .filter(|_| self.rng.random_bool(0.3))
            .map(|index| format!("p{index}"))
            .collect();
        let client = &mut self.clients[at];
        let recipients = if named.is_empty() {
            "*".to_owned()
        } else {
            named.join(",")
        };
        client.last_data += 1;
        let inside = self.rng.random_bool(0.5);
        let (outer, inner) = if inside {
            (Vec::new(), named)
        } else {
            (named, Vec::new())
        };
        #[expect(deprecated, reason = "livekit-client addresses here")]
        let user = proto::UserPacket {
            payload: format!("{}>{recipients}", client.identity).into_bytes(),
            destination_identities: inner,
            participant_identity: "somebody else".to_owned(),
            ..Default::default()
        };
        let packet = proto::DataPacket {
            participant_identity: "somebody else".to_owned(),
            destination_identities: outer,
            sequence: client.last_data,
            value: Some(Value::User(user)),
            ..Default::default()
        };
        let report = Report::Data {
            channel: DataChannel::Reliable,
            bytes: packet.encode_to_vec(),
        };
        self.reports.push_back((id, report));
    }

    fn answer(&mut self, at: usize) {
        let client = &mut self.clients[at];
        if client.session.is_none() {
            return;
        }
        if let Some(id) = client.unanswered.take() {
            let answer = proto::SessionDescription {
                r#type: "answer".to_owned(),
                id,
                ..Default::default()
            };
            self.ask(at, Ask::Answer(answer));
        }
    }

    fn offer(&mut self, at: usize) {
        if self.clients[at].session.is_some() {
            let offer = self.clients[at].offer();
            self.ask(at, Ask::Offer(offer));
        }
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

    fn take(&mut self, effect: Effect) {
        match effect {
            Effect::Signal { session, message } => self.hear(session, *message),
            Effect::CloseSignal { session } => {
                assert!(self.closed.insert(session), "closed twice");
                for client in &mut self.clients {
                    if client.session == Some(session) {
                        client.session = None;
                    }
                }
            }
            Effect::Order(id, order) => self.obey(id, order),
            Effect::Reply { .. } | Effect::Fact(_) | Effect::Drop(_) => {}
        }
    }

    fn hear(&mut self, session: SessionId, message: Message) {
        assert!(!self.closed.contains(&session), "a word after the end");
        if self.opened.insert(session) {
            assert!(judge::opens_a_session(&message), "a word before `join`");
        }
        let hidden = self.hidden();
        let client = self.clients.iter_mut().find(|c| c.session == Some(session));
        let Some(client) = client else {
            // The last word to a session that another one of the same identity replaces.
            assert!(matches!(message, Message::Leave(_)), "a word for nobody");
            return;
        };
        match message {
            Message::Join(join) => {
                let own = join.participant.expect("who I am");
                client.sid = own.sid;
                for info in join.other_participants {
                    let is_hidden = hidden.present.contains(&info.sid);
                    assert!(!is_hidden, "a hidden participant in `join`");
                    client.known.insert(info.sid.clone(), info);
                }
            }
            Message::Update(update) => judge::judge_update(client, &update, &hidden),
            Message::Offer(offer) => {
                let again = client.unanswered == Some(offer.id);
                assert!(client.unanswered.is_none() || again, "two offers at a time");
                client.unanswered = Some(offer.id);
            }
            Message::MediaSectionsRequirement(extra) => {
                let (audios, videos) = client.asked.unwrap_or_default();
                client.asked = Some((audios + extra.num_audios, videos + extra.num_videos));
            }
            Message::TrackPublished(published) => {
                let info = published.track.expect("the track");
                if let Some(track) = client.tracks.get_mut(&published.cid) {
                    track.sid = info.sid;
                }
            }
            _ => {}
        }
    }

    fn obey(&mut self, id: ConnectionId, order: Order) {
        match order {
            Order::Open(_) => assert!(self.open.insert(id), "opened twice"),
            Order::Close => assert!(self.open.remove(&id), "closed twice"),
            _ => assert!(self.open.contains(&id), "an order for what is closed"),
        }
        let Some(at) = self.client_at(id) else {
            // Closing what a removed participant leaves behind.
            assert!(matches!(order, Order::Close), "an order after the end");
            return;
        };
        let client = &mut self.clients[at];
        match order {
            Order::Open(_) => {
                client.connections.insert(id.side, Connection::default());
            }
            Order::Close => {
                client.connections.remove(&id.side);
            }
            Order::AcceptOffer {
                id: offer, plan, ..
            } => {
                judge::judge_plan(client, &plan);
                let sendable = sendable(plan.send.keys());
                let result = Ok(("answer".to_owned(), sendable));
                let report = Report::Answer { id: offer, result };
                self.reports.push_back((id, report));
            }
            Order::CreateOffer(change) => {
                let connection = client
                    .connections
                    .get_mut(&id.side)
                    .expect("an open connection");
                assert!(connection.offered.is_none(), "two offers at a time");
                let is_empty = change.add.is_empty()
                    && change.reuse.is_empty()
                    && change.deactivate.is_empty()
                    && !change.ice_restart;
                if is_empty && connection.has_offered {
                    let report = Report::Offer(Err(NegotiationError::NothingToOffer));
                    self.reports.push_back((id, report));
                    return;
                }
                connection.has_offered = true;
                let first = connection.sections;
                connection.sections += change.add.len() as u32;
                let added = (first..connection.sections).map(mid).collect();
                connection.offered = Some(change);
                let offer = LocalOffer {
                    sdp: "offer".to_owned(),
                    added,
                };
                self.reports.push_back((id, Report::Offer(Ok(offer))));
            }
            Order::AcceptAnswer { sections, .. } => {
                let connection = client
                    .connections
                    .get_mut(&id.side)
                    .expect("an open connection");
                let change = connection.offered.take().expect("an offer to answer");
                let first = connection.sections - change.add.len() as u32;
                let added: Vec<Mid> = (first..connection.sections).map(mid).collect();
                judge::apply_offer(client, change, &added);
                let result = Ok(sendable(&sections));
                self.reports.push_back((id, Report::AnswerAccepted(result)));
            }
            Order::Send(packet) => self.judge_media(at, id.side, &packet),
            Order::SendData { bytes, .. } => {
                assert!(
                    client.connections.contains_key(&id.side),
                    "data after the end"
                );
                judge::judge_data(&client.identity, &bytes);
            }
            Order::AddCandidate(_) | Order::RequestKeyFrame { .. } | Order::SetBitrate { .. } => {}
        }
    }

    fn judge_media(&mut self, at: usize, side: Side, packet: &OutgoingPacket) {
        let skip = match packet.codec.kind() {
            Kind::Audio => 0,
            Kind::Video => 2,
        };
        let sid = String::from_utf8(packet.payload[skip..].to_vec()).expect("a sid");
        let (publisher, track) = self
            .clients
            .iter()
            .find_map(|client| {
                let track = client.tracks.values().find(|track| track.sid == sid)?;
                Some((client, track))
            })
            .expect("a track that is published");
        let may = self.may_receive(&self.clients[at], publisher, track);
        self.received
            .insert((self.clients[at].identity.clone(), sid.clone()));
        judge::judge_packet(&mut self.clients[at], side, packet, &sid, may);
    }

    /// Clients learn from the room's own list that their session is over.
    fn notice_removal(&mut self) {
        for client in &mut self.clients {
            let is_there = self
                .room
                .roster
                .by_identity(&client.identity)
                .and_then(|key| self.room.roster.get(key))
                .is_some_and(|p| p.card.sid == client.sid || client.sid.is_empty());
            if client.is_in() && !is_there {
                client.permission = None;
                client.tracks.clear();
                client.sections.clear();
                client.connections.clear();
                client.session = None;
                client.unanswered = None;
                client.asked = None;
            }
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

    fn hidden(&mut self) -> judge::Hidden {
        let hides = |client: &&Client| client.permission.as_ref().is_some_and(|p| p.hidden);
        let hidden = self.clients.iter().filter(hides);
        let present: BTreeSet<String> = hidden.map(|client| client.sid.clone()).collect();
        self.ever_hidden.extend(present.iter().cloned());
        judge::Hidden {
            present,
            ever: self.ever_hidden.clone(),
        }
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

impl Client {
    fn stop_publishing(&mut self) {
        self.tracks.clear();
        for section in &mut self.sections {
            if matches!(section.use_, Use::Send(_)) {
                section.use_ = Use::Stopped;
            }
        }
    }
}

fn sendable<'a>(sections: impl IntoIterator<Item = &'a Mid>) -> Sendable {
    let codecs = vec![Codec::Opus, Codec::Vp8];
    sections
        .into_iter()
        .map(|mid| (*mid, codecs.clone()))
        .collect()
}

fn mid(number: u32) -> Mid {
    Mid::new(&number.to_string()).expect("a number is a name")
}

fn add_track(cid: &str, kind: Kind) -> proto::AddTrackRequest {
    let (kind, source) = match kind {
        Kind::Audio => (proto::TrackType::Audio, proto::TrackSource::Microphone),
        Kind::Video => (proto::TrackType::Video, proto::TrackSource::Camera),
    };
    proto::AddTrackRequest {
        cid: cid.to_owned(),
        r#type: kind as i32,
        source: source as i32,
        ..Default::default()
    }
}

fn permission(can_publish: bool, hidden: bool) -> proto::ParticipantPermission {
    proto::ParticipantPermission {
        can_subscribe: true,
        can_publish,
        can_publish_data: true,
        hidden,
        ..Default::default()
    }
}

fn access(identity: &str, permission: proto::ParticipantPermission) -> Access {
    Access {
        identity: identity.to_owned(),
        name: String::new(),
        metadata: String::new(),
        attributes: BTreeMap::new(),
        kind: proto::participant_info::Kind::Standard,
        permission,
        may_create_room: true,
        must_encrypt: false,
        turns: None,
        line: None,
        room_configuration: None,
    }
}

fn join(client: &Client, offer: Option<proto::SessionDescription>, resume: Option<Resume>) -> Join {
    Join {
        topology: client.topology,
        client: proto::ClientInfo {
            protocol: 16,
            ..Default::default()
        },
        auto_subscribe: client.automatic,
        adaptive_stream: false,
        subscriber_allow_pause: None,
        disable_ice_lite: false,
        metadata: String::new(),
        attributes: BTreeMap::new(),
        add_track_requests: Vec::new(),
        publisher_offer: offer,
        resume,
    }
}
