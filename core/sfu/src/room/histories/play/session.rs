//! How sessions begin and end.

use std::collections::BTreeMap;

use conclave_livekit::join::{Join, Resume, Topology};
use livekit_protocol as proto;
use rand::Rng;

use super::Play;
use crate::command::{Access, Connect, RoomName, SessionId};
use crate::room::histories::client::{Client, Section, Use};
use crate::sdp::Kind;

impl Play {
    pub(super) fn join(&mut self, at: usize) {
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

    pub(super) fn resume(&mut self, at: usize) {
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

    pub(super) fn lose_signal(&mut self, at: usize) {
        if let Some(session) = self.clients[at].session.take() {
            self.closed.insert(session);
            self.room.signal_lost(self.now, session);
            self.notice_removal();
        }
    }

    /// Clients learn from the room's own list that their session is over.
    pub(super) fn notice_removal(&mut self) {
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
}

pub(super) fn permission(can_publish: bool, hidden: bool) -> proto::ParticipantPermission {
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
