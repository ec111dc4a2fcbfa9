//! The server API: what an operator or an application asks of a room.

use std::time::Instant;

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::{Effect, Room};
use crate::card::{Change, LONGEST_METADATA, TooLong};
use crate::command::{ApiRefusal, ApiRequest, ApiResponse, CallId, Mute, Muted};
use crate::fact::EndReason;
use crate::leave;
use crate::participant::ParticipantKey;

type Reply = Result<ApiResponse, ApiRefusal>;

impl Room {
    pub(crate) fn handle_api(&mut self, now: Instant, call: CallId, request: ApiRequest) {
        let reply = self.answer_api(now, request);
        self.effects.push_back(Effect::Reply { call, reply });
    }

    fn answer_api(&mut self, now: Instant, request: ApiRequest) -> Reply {
        match request {
            ApiRequest::CreateRoom(_) => Ok(ApiResponse::Room(Box::new(self.info()))),
            ApiRequest::ListRooms(_) => Ok(ApiResponse::Rooms(vec![self.info()])),
            ApiRequest::DeleteRoom(_) => {
                self.end(now, EndReason::RoomDeleted);
                Ok(ApiResponse::Done)
            }
            ApiRequest::End(reason) => {
                self.end(now, reason);
                Ok(ApiResponse::Done)
            }
            ApiRequest::ListParticipants(_) => {
                let keys = self.roster.keys().into_iter();
                Ok(ApiResponse::Participants(
                    keys.filter_map(|key| self.info_of(key)).collect(),
                ))
            }
            ApiRequest::GetParticipant(request) => {
                let key = self.named(&request.identity)?;
                self.participant_reply(key)
            }
            ApiRequest::RemoveParticipant(request) => {
                let key = self.named(&request.identity)?;
                let reason = EndReason::ParticipantRemoved;
                self.remove(now, key, reason, Some(leave::disconnect(reason)));
                Ok(ApiResponse::Done)
            }
            ApiRequest::PutOut { identity } => {
                if let Some(key) = self.roster.by_identity(&identity) {
                    let reason = EndReason::ParticipantRemoved;
                    self.remove(now, key, reason, Some(leave::disconnect(reason)));
                }
                Ok(ApiResponse::Done)
            }
            ApiRequest::MutePublishedTrack(request) => self.mute_published(now, request),
            ApiRequest::Mute(mute) => {
                self.mute_all_of(now, &mute);
                Ok(ApiResponse::Done)
            }
            ApiRequest::Present(rule) => {
                self.set_rule(now, rule);
                Ok(ApiResponse::Done)
            }
            ApiRequest::Lead {
                identity,
                leads,
                revision,
            } => {
                let key = self.named(&identity)?;
                self.set_leads(now, key, (leads, revision));
                Ok(ApiResponse::Done)
            }
            ApiRequest::Permit {
                identity,
                permission,
                revision,
            } => {
                let key = self.named(&identity)?;
                self.permit(now, key, permission, revision);
                Ok(ApiResponse::Done)
            }
            ApiRequest::SetLine { identity, line } => {
                let key = self.named(&identity)?;
                self.set_line(now, key, line);
                Ok(ApiResponse::Done)
            }
            ApiRequest::StopScreen { identity } => {
                let key = self.named(&identity)?;
                self.stop_screen(now, key);
                Ok(ApiResponse::Done)
            }
            ApiRequest::UpdateParticipant(request) => self.update_participant(now, request),
            ApiRequest::UpdateSubscriptions(request) => {
                let key = self.named(&request.identity)?;
                let request = proto::UpdateSubscription {
                    track_sids: request.track_sids,
                    subscribe: request.subscribe,
                    participant_tracks: request.participant_tracks,
                };
                self.update_subscription(now, key, &request);
                Ok(ApiResponse::Done)
            }
            ApiRequest::SendData(request) => self.send_data(request),
            ApiRequest::UpdateRoomMetadata(request) => {
                if request.metadata.len() > LONGEST_METADATA {
                    return Err(ApiRefusal::Limit("metadata"));
                }
                self.settings.metadata = request.metadata;
                self.announce_room();
                Ok(ApiResponse::Room(Box::new(self.info())))
            }
        }
    }

    fn named(&self, identity: &str) -> Result<ParticipantKey, ApiRefusal> {
        self.roster
            .by_identity(identity)
            .ok_or(ApiRefusal::NoParticipant)
    }

    fn participant_reply(&self, key: ParticipantKey) -> Reply {
        let info = self.info_of(key).ok_or(ApiRefusal::NoParticipant)?;
        Ok(ApiResponse::Participant(Box::new(info)))
    }

    /// Nobody's microphone is opened by somebody else.
    fn mute_published(&mut self, now: Instant, request: proto::MuteRoomTrackRequest) -> Reply {
        let key = self.named(&request.identity)?;
        let track = self
            .tracks
            .own(key, &request.track_sid)
            .ok_or(ApiRefusal::NoTrack)?;
        let is_muted = self.tracks.get(track).is_some_and(|t| t.info.muted);
        if is_muted && !request.muted {
            return Err(ApiRefusal::RemoteUnmute);
        }
        if !is_muted && request.muted {
            self.mute_from_outside(now, key, &request.track_sid);
        }
        let info = self.tracks.get(track).map(|track| track.info.clone());
        Ok(ApiResponse::Track(Box::new(
            info.ok_or(ApiRefusal::NoTrack)?,
        )))
    }

    fn mute_all_of(&mut self, now: Instant, Mute { whom, what }: &Mute) {
        for key in self.roster.keys() {
            let is_meant = self
                .participant(key)
                .is_some_and(|participant| whom.includes(&participant.card.identity));
            if is_meant {
                for sid in self.heard_or_seen_of(key, *what) {
                    self.mute_from_outside(now, key, &sid);
                }
            }
        }
    }

    /// Also what is only announced: its media come already muted.
    fn heard_or_seen_of(&self, key: ParticipantKey, what: Muted) -> Vec<String> {
        let published = self.tracks.of(key).into_iter();
        let published = published.filter_map(|track| Some(&self.tracks.get(track)?.info));
        let announced = self
            .participant(key)
            .into_iter()
            .flat_map(|participant| participant.publishing.announced());
        published
            .chain(announced)
            .filter(|info| !info.muted && what.includes(info))
            .map(|info| info.sid.clone())
            .collect()
    }

    /// Told before it shows in what is said of them: to that alone their client would answer that it is not so, and open
    /// the track again. No packet comes in between.
    fn mute_from_outside(&mut self, now: Instant, key: ParticipantKey, sid: &str) {
        self.tell_muted(key, sid);
        self.set_muted(now, key, sid, true);
        if let Some(participant) = self.roster.get_mut(key) {
            participant.publishing.silence(sid);
        }
    }

    pub(super) fn tell_muted(&mut self, key: ParticipantKey, sid: &str) {
        let sid = sid.to_owned();
        self.tell(
            key,
            Message::Mute(proto::MuteTrackRequest { sid, muted: true }),
        );
    }

    fn update_participant(
        &mut self,
        now: Instant,
        request: proto::UpdateParticipantRequest,
    ) -> Reply {
        let key = self.named(&request.identity)?;
        let participant = self.roster.get_mut(key).ok_or(ApiRefusal::NoParticipant)?;
        participant
            .card
            .apply(Change {
                name: request.name,
                metadata: request.metadata,
                attributes: request.attributes.into_iter().collect(),
            })
            .map_err(|TooLong(what)| ApiRefusal::Limit(what))?;
        if let Some(permission) = request.permission {
            self.set_permission(now, key, permission);
        }
        self.card_changed(key);
        self.participant_reply(key)
    }

    /// Policy speaks of many at once: who may what they might before hears nothing.
    fn permit(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        permission: proto::ParticipantPermission,
        revision: u64,
    ) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let is_news = participant.card.takes_permission_of(revision);
        if is_news && participant.card.permission != permission {
            self.set_permission(now, key, permission);
            self.card_changed(key);
        }
    }

    /// Media stop before anybody is told.
    fn set_permission(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        permission: proto::ParticipantPermission,
    ) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let was_visible = participant.is_visible();
        participant.card.permission = permission;
        let is_visible = participant.is_visible();
        self.enforce_publishing(now, key);
        self.subscribe_to_all(now, key);
        self.negotiate(now, key);
        if was_visible != is_visible {
            self.visibility_changed(now, key, was_visible);
        }
    }

    /// A participant was hidden, or shows itself.
    fn visibility_changed(&mut self, now: Instant, key: ParticipantKey, was_visible: bool) {
        if was_visible && let Some(participant) = self.roster.get_mut(key) {
            let info = participant.card.disappear();
            self.announce_farewell(key, &info);
        }
        for track in self.tracks.of(key) {
            self.offer_track(now, track);
        }
    }
}
