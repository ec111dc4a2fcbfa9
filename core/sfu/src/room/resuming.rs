//! A participant comes back on another WebSocket, and keeps its media.

use std::time::Instant;

use conclave_livekit::join::Resume;
use livekit_protocol as proto;
use proto::signal_response::Message;

use super::announcing::room_update;
use super::{Alarm, Room};
use crate::command::{Connect, SessionId};
use crate::fact::EndReason;
use crate::leave;
use crate::negotiation::Negotiation;
use crate::participant::{OnResume, ParticipantKey};

impl Room {
    pub(super) fn resume(&mut self, now: Instant, connect: Connect) {
        let Connect {
            session,
            access,
            mut join,
            ..
        } = connect;
        let Some(resume) = join.resume.take() else {
            return;
        };
        let Some(key) = self.resumable(&access.identity, &resume) else {
            self.refuse(session, leave::reconnect(EndReason::StateMismatch));
            return;
        };
        let departed = self.swap_session(now, key, session);
        if self.breaks(key, OnResume::BreakBeforeAnswer) {
            return;
        }
        self.say_reconnect(key);
        if self.breaks(key, OnResume::BreakAfterAnswer) {
            return;
        }
        self.say_silence(key);
        self.say_state(key, departed);
        if let Some(state) = resume.sync_state {
            self.sync_state(now, key, *state);
        }
        self.renegotiate(now, key);
        if let Some(offer) = join.publisher_offer {
            self.publisher_offer(now, key, offer);
        }
    }

    fn resumable(&self, identity: &str, resume: &Resume) -> Option<ParticipantKey> {
        let key = self.roster.by_identity(identity)?;
        let sid = &self.participant(key)?.card.sid;
        let same = resume.participant_sid.is_empty() || resume.participant_sid == *sid;
        same.then_some(key)
    }

    fn swap_session(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        session: SessionId,
    ) -> Vec<proto::ParticipantInfo> {
        let Some(participant) = self.roster.get_mut(key) else {
            return Vec::new();
        };
        let (replaced, departed) = participant.presence.resumed(now, session);
        participant.told_qualities.forget();
        if let Some(replaced) = replaced {
            self.close_session(replaced);
        }
        self.roster.attach(session, key);
        self.schedule.set(Alarm::Presence(key), now);
        departed
    }

    /// A test client asked for a resume that fails.
    fn breaks(&mut self, key: ParticipantKey, when: OnResume) -> bool {
        let Some(participant) = self.roster.get_mut(key) else {
            return true;
        };
        if participant.on_resume != Some(when) {
            return false;
        }
        participant.on_resume = None;
        self.break_signal(key);
        true
    }

    fn say_reconnect(&mut self, key: ParticipantKey) {
        let Some(participant) = self.participant(key) else {
            return;
        };
        let message = Message::Reconnect(proto::ReconnectResponse {
            client_configuration: Some(proto::ClientConfiguration::default()),
            server_info: Some(self.server_info()),
            last_message_seq: participant.data.last_sequence(),
            ..Default::default()
        });
        self.tell(key, message);
    }

    /// Nobody heard it whose connection was lost; and to what is said of them alone they would answer that it is not so.
    fn say_silence(&mut self, key: ParticipantKey) {
        let participant = self.participant(key).into_iter();
        let silenced = participant.flat_map(|participant| participant.publishing.silenced());
        let silenced: Vec<String> = silenced.map(str::to_owned).collect();
        for sid in silenced {
            self.tell_muted(key, &sid);
        }
    }

    fn say_state(&mut self, key: ParticipantKey, departed: Vec<proto::ParticipantInfo>) {
        let mut infos: Vec<proto::ParticipantInfo> = self.info_of(key).into_iter().collect();
        infos.extend(self.others(key));
        infos.extend(departed);
        self.tell_all_participants(key, infos);
        let room = self.info();
        self.tell(key, room_update(room));
        self.say_denials(key);
        self.say_wanted_qualities(key);
        self.say_active_speakers(key);
    }

    /// What was being negotiated may be lost; what carries media goes on.
    fn renegotiate(&mut self, now: Instant, key: ParticipantKey) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        match &mut participant.negotiation {
            Negotiation::Single(single) => single.forget_request(),
            Negotiation::Dual(dual) => {
                dual.request_ice_restart();
                dual.restart_clock(now);
                if let Some((id, sdp)) = dual.repeat() {
                    self.say_offer(now, key, id, sdp);
                }
            }
        }
        self.negotiate(now, key);
    }

    /// What the client believes: corrects the wishes, and ends the session where the two sides
    /// do not know the same tracks.
    pub(super) fn sync_state(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        state: proto::SyncState,
    ) {
        let unknown = state.publish_tracks.iter().any(|published| {
            let sid = published.track.as_ref().map(|track| track.sid.as_str());
            sid.is_some_and(|sid| !self.knows_track(key, sid))
        });
        if unknown {
            let reason = EndReason::StateMismatch;
            self.remove(now, key, reason, Some(leave::reconnect(reason)));
            return;
        }
        if let Some(participant) = self.roster.get_mut(key) {
            for sid in &state.track_sids_disabled {
                participant.subscriptions.disable(sid);
            }
        }
        if let Some(subscription) = state.subscription {
            self.update_subscription(now, key, &subscription);
        }
        self.settings_changed(now, key);
        self.replay_data(key, &state.datachannel_receive_states);
    }

    /// The participant published it, or announced it.
    fn knows_track(&mut self, key: ParticipantKey, sid: &str) -> bool {
        let published = self.tracks.own(key, sid).is_some();
        let participant = self.roster.get_mut(key);
        published || participant.is_some_and(|p| p.publishing.pending_mut(sid).is_some())
    }

    /// Closes the WebSocket without a word, as a network would.
    pub(super) fn break_signal(&mut self, key: ParticipantKey) {
        if let Some(session) = self.participant(key).and_then(|p| p.presence.session()) {
            self.close_session(session);
        }
    }
}
