//! What time brings.

use std::time::Instant;

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::{Alarm, Room};
use crate::command::SessionId;
use crate::fact::EndReason;
use crate::leave;
use crate::negotiation::Negotiation;
use crate::participant::ParticipantKey;
use crate::presence::Verdict;

impl Room {
    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        for alarm in self.schedule.take_due(now) {
            match alarm {
                Alarm::Empty => self.end(now, EndReason::RoomClosed),
                Alarm::Presence(key) => self.judge_presence(now, key),
                Alarm::Answer(key) => self.answer_overdue(now, key),
                Alarm::Missing(key) => self.give_up_missing(now, key),
                Alarm::Allocate(key) => self.allocate(now, key),
                Alarm::Track(track) => self.track_due(now, track),
                Alarm::Records => self.report_records(now),
                Alarm::Quality => self.judge_quality(now),
                Alarm::Speakers => self.speakers_due(now),
                Alarm::Presenters => self.judge_presenters(now),
                Alarm::SimulatedSilence(key) => self.say_simulated(key, false),
            }
        }
    }

    /// A frame came on the session's WebSocket, whatever it said.
    pub(crate) fn heard(&mut self, now: Instant, session: SessionId) {
        if let Some(key) = self.roster.by_session(session)
            && let Some(participant) = self.roster.get_mut(key)
        {
            participant.presence.heard(now);
        }
    }

    /// The session's WebSocket is gone.
    pub(crate) fn signal_lost(&mut self, now: Instant, session: SessionId) {
        let Some(key) = self.roster.by_session(session) else {
            return;
        };
        self.roster.detach(session);
        self.lose_signal(now, key);
    }

    pub(super) fn lose_signal(&mut self, now: Instant, key: ParticipantKey) {
        if let Some(participant) = self.roster.get_mut(key) {
            participant.presence.signal_lost(now);
            self.schedule.set(Alarm::Presence(key), now);
        }
    }

    fn judge_presence(&mut self, now: Instant, key: ParticipantKey) {
        let Some(participant) = self.participant(key) else {
            return;
        };
        match participant.presence.judge(now) {
            Verdict::Until(at) => self.schedule.set(Alarm::Presence(key), at),
            Verdict::SignalDead => {
                self.break_signal(key);
                self.lose_signal(now, key);
            }
            Verdict::MediaDead => {
                self.tell(key, leave::resume(EndReason::MediaLost));
                self.break_signal(key);
                self.lose_signal(now, key);
            }
            Verdict::Remove(reason) => {
                self.remove(now, key, reason, Some(leave::disconnect(reason)));
            }
        }
    }

    /// A client that begins its session drops what it is told too early, so it is told again.
    /// One that is away can't answer; the clock starts again when it is back.
    fn answer_overdue(&mut self, now: Instant, key: ParticipantKey) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        if participant.presence.session().is_none() {
            return;
        }
        let dual = match &mut participant.negotiation {
            Negotiation::Dual(dual) => dual,
            Negotiation::Single(single) => {
                single.lose_request();
                self.negotiate(now, key);
                return;
            }
        };
        let Some(deadline) = dual.deadline() else {
            return;
        };
        if now >= deadline {
            let reason = EndReason::Failed;
            self.remove(now, key, reason, Some(leave::reconnect(reason)));
        } else if let Some((id, sdp)) = dual.repeat() {
            self.say_offer(now, key, id, sdp);
        } else {
            self.schedule.set(Alarm::Answer(key), deadline);
        }
    }

    fn give_up_missing(&mut self, now: Instant, key: ParticipantKey) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        for track_sid in participant.subscriptions.give_up(now) {
            self.tell(
                key,
                Message::SubscriptionResponse(proto::SubscriptionResponse {
                    track_sid,
                    err: proto::SubscriptionError::SeTrackNotfound as i32,
                }),
            );
        }
        self.schedule_missing(key);
    }

    pub(super) fn schedule_missing(&mut self, key: ParticipantKey) {
        let deadline = self
            .participant(key)
            .and_then(|p| p.subscriptions.deadline());
        match deadline {
            Some(at) => self.schedule.set(Alarm::Missing(key), at),
            None => self.schedule.clear(Alarm::Missing(key)),
        }
    }
}
