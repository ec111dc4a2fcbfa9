//! What a client wants of others, or lets them have.

use std::collections::BTreeSet;

use livekit_protocol as proto;
use proto::signal_request::Message as Ask;
use rand::Rng;

use super::Play;
use crate::room::histories::client::MOST;

impl Play {
    pub(super) fn subscribe(&mut self, at: usize) {
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

    pub(super) fn set_track(&mut self, at: usize) {
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

    pub(super) fn set_audience(&mut self, at: usize) {
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
}
