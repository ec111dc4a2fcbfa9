//! A new participant: from the WebSocket to `join`, and until its media are up.

use std::collections::BTreeSet;
use std::time::Instant;

use conclave_livekit::join::{Join, Topology};
use conclave_livekit::sid;
use livekit_protocol as proto;
use proto::participant_info::State;
use proto::signal_response::Message;

use super::{Alarm, Room};
use crate::audience::Audience;
use crate::card::{Card, Change};
use crate::command::{Access, Connect, SessionId};
use crate::connection::{ConnectionId, Order, Side};
use crate::connection_quality::{ConnectionQuality, ToldQualities};
use crate::data::{DataSource, WaitingData};
use crate::downlink::Downlink;
use crate::fact::{EndReason, Fact};
use crate::leave;
use crate::negotiation::{Dual, Negotiation, Single};
use crate::participant::{Client, Participant, ParticipantKey};
use crate::paths::{Overall, Paths};
use crate::peer::{IceState, Role, Security};
use crate::presence::Presence;
use crate::publishing::Publishing;
use crate::record::Record;
use crate::sdp::Codec;
use crate::subscriptions::Subscriptions;

/// Of LiveKit's protocol, as the server speaks it.
const PROTOCOL: i32 = 16;
/// In seconds, as clients are told.
const PING_INTERVAL: i32 = 5;
const PING_TIMEOUT: i32 = 15;

impl Room {
    pub(crate) fn connect(&mut self, now: Instant, connect: Connect) {
        match &connect.join.resume {
            Some(_) => self.resume(now, connect),
            None => self.join(now, connect),
        }
    }

    fn join(&mut self, now: Instant, connect: Connect) {
        let Connect {
            session,
            access,
            mut join,
            ..
        } = connect;
        let turns = access.turns.clone();
        if let Some(old) = self.roster.by_identity(&access.identity) {
            let reason = EndReason::DuplicateIdentity;
            self.remove(now, old, reason, Some(leave::disconnect(reason)));
        }
        if self.is_over() || self.roster.len() >= self.most_participants() {
            self.refuse(session, leave::disconnect(EndReason::NeverConnected));
            return;
        }
        let add_tracks = std::mem::take(&mut join.add_track_requests);
        let offer = join.publisher_offer.take();
        let key = self.admit(now, session, access, join);
        self.take_turns(now, turns);
        self.subscribe_to_all(now, key);
        for request in add_tracks {
            self.add_track(now, key, request);
        }
        if let Some(offer) = offer {
            self.publisher_offer(now, key, offer);
        }
        self.negotiate(now, key);
    }

    /// Makes the participant, opens its connections and says `join`.
    fn admit(
        &mut self,
        now: Instant,
        session: SessionId,
        access: Access,
        join: Join,
    ) -> ParticipantKey {
        let participant = self.new_participant(now, session, access, join);
        let sides = participant.sides();
        let topology = participant.client.topology;
        let key = self.roster.insert(participant);
        self.lifetime.occupied();
        self.schedule.clear(Alarm::Empty);
        self.schedule.set(Alarm::Presence(key), now);
        self.schedule_reports(now);
        for side in sides {
            let id = ConnectionId {
                participant: key,
                side: *side,
            };
            self.order(id, Order::Open(role(topology, *side)));
        }
        if let Some(message) = self.join_response(key) {
            self.tell(key, message);
        }
        key
    }

    fn new_participant(
        &mut self,
        now: Instant,
        session: SessionId,
        access: Access,
        join: Join,
    ) -> Participant {
        let may_change = access.permission.can_update_metadata;
        let sid = sid::participant(&mut self.rng);
        let record_sid = sid.clone();
        let mut card = Card::new(sid, access, &join.client, self.wall(now));
        if may_change {
            // What is too long is not taken; the token's own stays.
            let _ = card.apply(Change {
                name: String::new(),
                metadata: join.metadata,
                attributes: join.attributes,
            });
        }
        let (negotiation, primary) = match join.topology {
            Topology::Dual => (Negotiation::Dual(Dual::default()), Side::Subscriber),
            Topology::Single => (Negotiation::Single(Single::default()), Side::Publisher),
        };
        Participant {
            card,
            client: Client {
                protocol: join.client.protocol,
                topology: join.topology,
                adaptive_stream: join.adaptive_stream,
                allow_pause: join.subscriber_allow_pause.unwrap_or(true),
            },
            presence: Presence::new(now, session, self.config.resume_grace),
            paths: Paths::new(primary),
            publishing: Publishing::default(),
            audience: Audience::default(),
            subscriptions: Subscriptions::new(join.auto_subscribe),
            negotiation,
            denied: BTreeSet::new(),
            unsupported: BTreeSet::new(),
            downlink: Downlink::default(),
            data: DataSource::default(),
            waiting: WaitingData::default(),
            channels: BTreeSet::new(),
            record: Record::new(record_sid),
            quality: ConnectionQuality::new(),
            told_qualities: ToldQualities::default(),
            publish_refusals: BTreeSet::new(),
            has_strayed: false,
            former: None,
            on_resume: None,
        }
    }

    fn join_response(&self, key: ParticipantKey) -> Option<Message> {
        let participant = self.participant(key)?;
        let info = self.info_of(key)?;
        let can_publish = participant.card.permission.can_publish;
        Some(Message::Join(proto::JoinResponse {
            room: Some(self.info()),
            participant: Some(info),
            other_participants: self.others(key),
            server_version: self.config.server_version.clone(),
            server_info: Some(self.server_info()),
            // A v1 client that is told otherwise waits for a connection that never comes.
            subscriber_primary: participant.client.topology == Topology::Dual,
            client_configuration: Some(proto::ClientConfiguration::default()),
            ping_interval: PING_INTERVAL,
            ping_timeout: PING_TIMEOUT,
            sif_trailer: self.trailer.to_vec(),
            enabled_publish_codecs: enabled_codecs(),
            fast_publish: can_publish,
            ..Default::default()
        }))
    }

    pub(super) fn server_info(&self) -> proto::ServerInfo {
        proto::ServerInfo {
            edition: proto::server_info::Edition::Standard as i32,
            version: self.config.server_version.clone(),
            protocol: PROTOCOL,
            node_id: self.config.node_id.clone(),
            ..Default::default()
        }
    }

    pub(super) fn refuse(&mut self, session: SessionId, message: Message) {
        self.tell_session(session, message);
        self.close_session(session);
    }

    fn most_participants(&self) -> usize {
        let server = self.config.max_participants_per_room;
        match self.settings.max_participants as usize {
            0 => server,
            room => room.min(server),
        }
    }

    pub(super) fn connected(&mut self, now: Instant, from: ConnectionId, security: &Security) {
        let Some(participant) = self.roster.get_mut(from.participant) else {
            return;
        };
        participant.paths.up(from.side);
        participant.record.secured(now, security);
        self.paths_changed(now, from.participant);
        self.receives_again(now, from);
    }

    pub(super) fn ice_changed(&mut self, now: Instant, from: ConnectionId, state: IceState) {
        let Some(participant) = self.roster.get_mut(from.participant) else {
            return;
        };
        match state {
            IceState::Checking => return,
            IceState::Connected => participant.paths.back(from.side),
            IceState::Disconnected => participant.paths.down(from.side),
        }
        self.paths_changed(now, from.participant);
        if state == IceState::Connected {
            self.receives_again(now, from);
        }
    }

    /// The client closed its connection, or it failed for good.
    pub(super) fn path_lost(&mut self, now: Instant, from: ConnectionId) {
        self.ice_changed(now, from, IceState::Disconnected);
    }

    fn paths_changed(&mut self, now: Instant, key: ParticipantKey) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let is_first = !participant.presence.has_been_connected();
        match participant.paths.overall() {
            Overall::Connecting => {}
            Overall::Down => participant.presence.media_down(now),
            Overall::Up => {
                participant.presence.media_up();
                if is_first {
                    self.activate(now, key);
                }
            }
        }
        self.schedule.set(Alarm::Presence(key), now);
    }

    /// Everybody may know of the participant from here on, and receive it.
    fn activate(&mut self, now: Instant, key: ParticipantKey) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        participant.card.state = State::Active;
        let fact = Fact::ParticipantActive {
            room: self.name.clone(),
            identity: participant.card.identity.clone(),
            sid: participant.card.sid.clone(),
        };
        self.record(fact);
        self.announce(key);
        for track in self.tracks.of(key) {
            self.offer_track(now, track);
        }
    }
}

fn role(topology: Topology, side: Side) -> Role {
    match (topology, side) {
        (Topology::Single, _) => Role::Single,
        (Topology::Dual, Side::Publisher) => Role::Publisher,
        (Topology::Dual, Side::Subscriber) => Role::Subscriber,
    }
}

pub(super) fn enabled_codecs() -> Vec<proto::Codec> {
    let forwarded = [
        Codec::Opus,
        Codec::Red,
        Codec::Vp8,
        Codec::H264,
        Codec::Vp9,
        Codec::Av1,
    ];
    forwarded
        .into_iter()
        .map(Codec::mime)
        .chain(["video/rtx"])
        .map(|mime| proto::Codec {
            mime: mime.to_owned(),
            fmtp_line: String::new(),
        })
        .collect()
}
