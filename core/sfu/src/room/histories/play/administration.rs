//! What the server's API does to a client.

use livekit_protocol as proto;
use rand::Rng;

use super::Play;
use super::session::permission;
use crate::command::ApiRequest;
use crate::room::histories::client::{Client, Use};

impl Play {
    pub(super) fn set_permission(&mut self, at: usize) {
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

    pub(super) fn remove(&mut self, at: usize) {
        let request = proto::RoomParticipantIdentity {
            identity: self.clients[at].identity.clone(),
            ..Default::default()
        };
        self.api(ApiRequest::RemoveParticipant(request));
    }

    pub(super) fn mute_by_admin(&mut self, at: usize) {
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
