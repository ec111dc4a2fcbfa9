//! What a client asks for on its WebSocket, in the order of arrival.

use std::time::Instant;

use livekit_protocol as proto;
use proto::request_response::{Reason, Request};
use proto::signal_request::Message as Asked;
use proto::signal_response::Message;
use proto::simulate_scenario::Scenario;

use super::{Room, unix_millis};
use crate::audience::Audience;
use crate::card::Change;
use crate::command::SessionId;
use crate::drops::Drop;
use crate::fact::{EndReason, Fact};
use crate::leave;
use crate::participant::{OnResume, ParticipantKey};

/// The first protocol version whose clients understand a response that says OK.
const OK_RESPONSES: i32 = 15;

impl Room {
    pub(crate) fn handle_request(&mut self, now: Instant, session: SessionId, request: Asked) {
        self.heard(now, session);
        let Some(key) = self.roster.by_session(session) else {
            return;
        };
        #[expect(deprecated, reason = "clients of the field's older versions send them")]
        match request {
            Asked::Offer(offer) => self.publisher_offer(now, key, offer),
            Asked::Answer(answer) => self.subscriber_answer(key, answer),
            Asked::Trickle(trickle) => self.trickle(key, &trickle),
            Asked::AddTrack(request) => self.add_track(now, key, request),
            Asked::Mute(request) => self.mute(now, key, request),
            Asked::Subscription(request) => self.update_subscription(now, key, &request),
            Asked::TrackSetting(setting) => self.track_setting(now, key, setting),
            Asked::Leave(_) => self.leave(now, key),
            Asked::SubscriptionPermission(permission) => {
                self.subscription_permission(now, key, permission);
            }
            Asked::SyncState(state) => {
                self.sync_state(now, key, state);
                self.negotiate(now, key);
            }
            Asked::Simulate(scenario) => self.simulate(now, key, scenario),
            Asked::UpdateMetadata(request) => self.update_metadata(key, request),
            Asked::UpdateAudioTrack(request) => self.update_audio_track(key, request),
            Asked::UpdateVideoTrack(request) => self.update_video_track(now, key, request),
            Asked::Ping(timestamp) => self.tell(key, Message::Pong(timestamp)),
            Asked::PingReq(ping) => self.pong(now, key, ping),
            Asked::UpdateLayers(_) => {}
            Asked::PublishDataTrackRequest(_)
            | Asked::UnpublishDataTrackRequest(_)
            | Asked::UpdateDataSubscription(_)
            | Asked::StoreDataBlobRequest(_)
            | Asked::GetDataBlobRequest(_) => {
                let text = "data tracks and blobs are not served";
                self.respond(key, 0, Reason::UnsupportedType, text, None);
            }
        }
    }

    /// Says how a request went. The echo tells clients which, where it has no number.
    pub(super) fn respond(
        &mut self,
        key: ParticipantKey,
        request_id: u32,
        reason: Reason,
        message: &str,
        request: Option<Request>,
    ) {
        let understands_ok = self
            .participant(key)
            .is_some_and(|p| p.client.protocol >= OK_RESPONSES);
        if reason == Reason::Ok && !understands_ok {
            return;
        }
        self.tell(
            key,
            Message::RequestResponse(proto::RequestResponse {
                request_id,
                reason: reason as i32,
                message: message.to_owned(),
                request,
            }),
        );
    }

    fn mute(&mut self, now: Instant, key: ParticipantKey, request: proto::MuteTrackRequest) {
        if let Some(participant) = self.roster.get_mut(key) {
            participant.publishing.speak_of(&request.sid);
        }
        if !self.set_muted(now, key, &request.sid, request.muted) {
            let echo = Request::Mute(request);
            self.respond(
                key,
                0,
                Reason::NotFound,
                "there is no such track",
                Some(echo),
            );
        }
    }

    fn leave(&mut self, now: Instant, key: ParticipantKey) {
        self.remove(now, key, EndReason::ClientLeft, None);
    }

    fn subscription_permission(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        permission: proto::SubscriptionPermission,
    ) {
        let Some(audience) = Audience::read(permission) else {
            self.respond(key, 0, Reason::LimitExceeded, "too many permissions", None);
            return;
        };
        if let Some(participant) = self.roster.get_mut(key) {
            participant.audience = audience;
            self.audience_changed(now, key);
        }
    }

    fn update_metadata(&mut self, key: ParticipantKey, request: proto::UpdateParticipantMetadata) {
        let id = request.request_id;
        let echo = Some(Request::UpdateMetadata(request.clone()));
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        if !participant.card.permission.can_update_metadata {
            let text = "the token does not allow it";
            self.respond(key, id, Reason::NotAllowed, text, echo);
            return;
        }
        let change = Change {
            name: request.name,
            metadata: request.metadata,
            attributes: request.attributes.into_iter().collect(),
        };
        match participant.card.apply(change) {
            Err(error) => self.respond(key, id, Reason::LimitExceeded, &error.to_string(), echo),
            Ok(()) => {
                self.respond(key, id, Reason::Ok, "", echo);
                self.card_changed(key);
            }
        }
    }

    /// Everybody is told, and the shell renews the token.
    pub(super) fn card_changed(&mut self, key: ParticipantKey) {
        self.announce(key);
        if let Some(info) = self.info_of(key) {
            self.record(Fact::ParticipantChanged {
                room: self.name.clone(),
                identity: info.identity.clone(),
                info: Box::new(info),
            });
        }
    }

    fn update_audio_track(&mut self, key: ParticipantKey, request: proto::UpdateLocalAudioTrack) {
        let track = self.tracks.own(key, &request.track_sid);
        let Some(track) = track.and_then(|track| self.tracks.get_mut(track)) else {
            let echo = Request::UpdateAudioTrack(request);
            self.respond(
                key,
                0,
                Reason::NotFound,
                "there is no such track",
                Some(echo),
            );
            return;
        };
        let known = |feature: &i32| proto::AudioTrackFeature::try_from(*feature).is_ok();
        let mut features: Vec<i32> = request.features.into_iter().filter(known).collect();
        features.sort_unstable();
        features.dedup();
        track.info.audio_features = features;
        self.announce(key);
    }

    fn update_video_track(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        request: proto::UpdateLocalVideoTrack,
    ) {
        let track_key = self.tracks.own(key, &request.track_sid);
        let Some(track) = track_key.and_then(|track| self.tracks.get_mut(track)) else {
            let echo = Request::UpdateVideoTrack(request);
            self.respond(
                key,
                0,
                Reason::NotFound,
                "there is no such track",
                Some(echo),
            );
            return;
        };
        track.info.width = request.width;
        track.info.height = request.height;
        self.announce(key);
        if let Some(track_key) = track_key {
            self.track_changed(now, track_key);
        }
    }

    fn pong(&mut self, now: Instant, key: ParticipantKey, ping: proto::Ping) {
        let timestamp = unix_millis(self.wall(now));
        self.tell(
            key,
            Message::PongResp(proto::Pong {
                last_ping_timestamp: ping.timestamp,
                timestamp,
            }),
        );
    }

    /// Faults on demand, which clients' own test suites ask for. Each hurts the asker alone.
    fn simulate(&mut self, now: Instant, key: ParticipantKey, request: proto::SimulateScenario) {
        let reason = EndReason::Failed;
        let on_resume = |room: &mut Self, when| {
            if let Some(participant) = room.roster.get_mut(key) {
                participant.on_resume = Some(when);
            }
        };
        match request.scenario {
            Some(Scenario::NodeFailure(_) | Scenario::Migration(_)) => {
                self.remove(now, key, reason, None);
            }
            Some(Scenario::ServerLeave(_)) => {
                let reason = EndReason::ServerShutdown;
                self.remove(now, key, reason, Some(leave::disconnect(reason)));
            }
            Some(Scenario::LeaveRequestFullReconnect(_)) => {
                self.remove(now, key, reason, Some(leave::reconnect(reason)));
            }
            Some(Scenario::DisconnectSignalOnResume(_)) => {
                on_resume(self, OnResume::BreakAfterAnswer);
            }
            Some(Scenario::DisconnectSignalOnResumeNoMessages(_)) => {
                on_resume(self, OnResume::BreakBeforeAnswer);
            }
            Some(Scenario::SpeakerUpdate(seconds)) => self.simulate_speaker(now, key, seconds),
            Some(Scenario::SubscriberBandwidth(bitrate)) => {
                self.simulate_bandwidth(now, key, bitrate);
            }
            Some(Scenario::SwitchCandidateProtocol(_)) | None => self.drop_counted(Drop::Request),
        }
    }
}
