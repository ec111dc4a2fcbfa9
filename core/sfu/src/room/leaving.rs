//! The end of a participant session, and of the room.

use std::time::Instant;

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::{Alarm, Room};
use crate::connection::{ConnectionId, Order};
use crate::fact::{EndReason, Fact};
use crate::leave;
use crate::participant::ParticipantKey;

impl Room {
    /// Ends a session at once. `last_word` goes to its own WebSocket, which is then closed.
    pub(super) fn remove(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        reason: EndReason,
        last_word: Option<Message>,
    ) {
        if let Some(session) = self.participant(key).and_then(|p| p.presence.session()) {
            if let Some(message) = last_word {
                self.tell_session(session, message);
            }
            self.close_session(session);
        }
        self.falls_silent(key);
        let abandoned = self.abandon_tracks(now, key);
        self.leave_audience(now, key);
        self.close_connections(key);
        self.clear_alarms(key);
        let Some(mut participant) = self.roster.remove(key) else {
            return;
        };
        let was_visible = participant.is_visible();
        let quality = participant.record.snapshot(now);
        let info = participant.card.farewell(reason);
        self.record(Fact::ParticipantLeft {
            room: self.name.clone(),
            identity: info.identity.clone(),
            sid: info.sid.clone(),
            reason,
            quality: Box::new(quality),
        });
        if was_visible {
            self.announce_farewell(key, &info);
        }
        for subscriber in abandoned {
            self.negotiate(now, subscriber);
        }
        if self.roster.is_empty() {
            self.lifetime.emptied(now);
            self.schedule_end();
        }
    }

    /// Unpublishes everything of a participant who goes; who has to be offered less.
    fn abandon_tracks(&mut self, now: Instant, publisher: ParticipantKey) -> Vec<ParticipantKey> {
        let mut subscribers = Vec::new();
        for track in self.tracks.of(publisher) {
            subscribers.extend(self.end_track(now, track));
        }
        subscribers.sort();
        subscribers.dedup();
        subscribers
    }

    fn close_connections(&mut self, key: ParticipantKey) {
        let sides = self.participant(key).map_or(&[][..], |p| p.sides());
        for side in sides {
            let id = ConnectionId {
                participant: key,
                side: *side,
            };
            self.order(id, Order::Close);
        }
    }

    fn clear_alarms(&mut self, key: ParticipantKey) {
        for alarm in [
            Alarm::Presence(key),
            Alarm::Answer(key),
            Alarm::Missing(key),
            Alarm::Allocate(key),
            Alarm::SimulatedSilence(key),
        ] {
            self.schedule.clear(alarm);
        }
    }

    /// The engine failed on one of the participant's connections.
    pub(super) fn panicked(&mut self, now: Instant, key: ParticipantKey) {
        self.record(Fact::PeerPanicked {
            room: self.name.clone(),
        });
        let reason = EndReason::Failed;
        self.remove(now, key, reason, Some(leave::reconnect(reason)));
    }

    /// Ends the room for everybody.
    pub(crate) fn end(&mut self, now: Instant, reason: EndReason) {
        if self.is_over() {
            return;
        }
        self.lifetime.end();
        for key in self.roster.keys() {
            let last_word = match reason {
                // It may be a restart: clients try to come back for a while.
                EndReason::ServerShutdown => leave::reconnect(reason),
                _ => leave::disconnect(reason),
            };
            self.remove(now, key, reason, Some(last_word));
        }
        self.record(Fact::RoomEnded {
            room: self.name.clone(),
        });
    }

    pub(super) fn schedule_end(&mut self) {
        if let Some(at) = self.lifetime.deadline() {
            self.schedule.set(Alarm::Empty, at);
        }
    }
}
