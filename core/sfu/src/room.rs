//! One meeting: who is there, who publishes, who receives what.
//!
//! A room decides and does nothing itself: it is told of requests ([`Room::handle_request`]),
//! of its connections ([`Room::handle_report`]) and of time, and says through
//! [`Room::poll_effect`] what follows.

mod activity;
mod announcing;
mod api;
mod data;
mod housekeeping;
mod joining;
mod leaving;
mod media;
mod negotiating;
mod presenting;
mod publishing;
mod receiving;
mod recording;
mod requests;
mod resuming;
mod settings;
mod speaking;
mod subscribing;
mod wishes;

use std::collections::VecDeque;
use std::time::{Instant, SystemTime};

use livekit_protocol as proto;
use proto::signal_response::Message;
use rand::Rng;
use rand::rngs::StdRng;

use crate::command::{ApiRefusal, ApiResponse, CallId, RoomName, SessionId};
use crate::connection::{ConnectionId, Order, Report};
use crate::drops::Drop;
use crate::fact::Fact;
use crate::io::{Anchor, Config};
use crate::lifetime::Lifetime;
use crate::participant::{Participant, ParticipantKey};
use crate::presenting::Rule;
use crate::roster::Roster;
use crate::schedule::Schedule;
use crate::speakers::Speakers;
use crate::track::TrackKey;
use crate::tracks::Tracks;

pub(crate) use settings::Settings;

pub(crate) struct Room {
    name: RoomName,
    sid: String,
    settings: Settings,
    config: Config,
    created: Instant,
    anchor: Anchor,
    rng: StdRng,
    /// Frames of ours would end with these; we inject none, and clients want to be told some.
    trailer: [u8; 16],
    lifetime: Lifetime,
    roster: Roster,
    tracks: Tracks,
    speakers: Speakers,
    /// Who may show a screen; absent where there is no rule.
    rule: Option<Rule>,
    presented: activity::Presented,
    schedule: Schedule<Alarm>,
    effects: VecDeque<Effect>,
}

/// One thing that follows from what a room was told.
pub(crate) enum Effect {
    Signal {
        session: SessionId,
        message: Box<Message>,
    },
    CloseSignal {
        session: SessionId,
    },
    Order(ConnectionId, Order),
    Reply {
        call: CallId,
        reply: Result<ApiResponse, ApiRefusal>,
    },
    Fact(Fact),
    Drop(Drop),
}

/// What a room does later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Alarm {
    /// The room ends if it is still empty.
    Empty,
    /// Judge whether a participant is still there.
    Presence(ParticipantKey),
    /// The client has not answered our offer.
    Answer(ParticipantKey),
    /// A wanted track has not come.
    Missing(ParticipantKey),
    /// Divide what the way to a participant carries.
    Allocate(ParticipantKey),
    /// Ask for key frames, or tell the publisher what is wanted.
    Track(TrackKey),
    /// Report every participant's quality of service.
    Records,
    /// Judge every participant's connection.
    Quality,
    /// Tell who speaks.
    Speakers,
    /// Judge whether who shows a screen does anything.
    Presenters,
    /// A simulated speech ends.
    SimulatedSilence(ParticipantKey),
}

impl Room {
    pub(crate) fn new(
        now: Instant,
        name: RoomName,
        sid: String,
        settings: Settings,
        config: Config,
        anchor: Anchor,
        mut rng: StdRng,
    ) -> Self {
        let empty = settings.empty_timeout.unwrap_or(config.empty_timeout);
        let departure = settings
            .departure_timeout
            .unwrap_or(config.departure_timeout);
        let mut room = Self {
            sid,
            settings,
            config,
            created: now,
            anchor,
            trailer: rng.random(),
            rng,
            lifetime: Lifetime::new(now, empty, departure),
            roster: Roster::new(),
            tracks: Tracks::new(),
            speakers: Speakers::new(),
            rule: None,
            presented: activity::Presented::new(),
            schedule: Schedule::new(),
            effects: VecDeque::new(),
            name,
        };
        room.schedule_end();
        let room_name = room.name.clone();
        room.record(Fact::RoomStarted { room: room_name });
        room
    }

    pub(crate) fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.schedule.next()
    }

    pub(crate) fn is_over(&self) -> bool {
        self.lifetime.has_ended()
    }

    pub(crate) fn handle_report(&mut self, now: Instant, from: ConnectionId, report: Report) {
        let key = from.participant;
        if self.roster.get(key).is_none() {
            return;
        }
        match report {
            Report::Media(packet) => self.forward(now, key, &packet),
            Report::Data { channel, bytes } => self.route_data(now, key, channel, &bytes),
            Report::KeyFrameRequest { mid } => self.key_frame_wanted(now, key, mid),
            Report::Answer { id, result } => self.answer_made(now, from, id, result),
            Report::Offer(result) => self.offer_made(now, key, result),
            Report::AnswerAccepted(result) => self.answer_accepted(now, key, result),
            Report::CandidateSkipped => self.drop_counted(Drop::Candidate),
            Report::ChannelOpen(channel) => self.channel_open(now, from, channel),
            Report::ChannelClosed(channel) => self.channel_closed(from, channel),
            Report::DataRefused { channel, error } => {
                self.data_refused(now, from, channel, error);
            }
            Report::BandwidthEstimate { bitrate } => self.bandwidth_estimated(now, key, bitrate),
            Report::Ice(state) => self.ice_changed(now, from, state),
            Report::Connected(security) => self.connected(now, from, &security),
            Report::Stats(stats) => self.measured(now, from, &stats),
            Report::Closed => self.path_lost(now, from),
            Report::Panicked => self.panicked(now, key),
        }
    }

    pub(crate) fn info(&self) -> proto::Room {
        let visible = self.roster.iter().filter(|(_, p)| !p.is_hidden());
        let publishers = self
            .roster
            .iter()
            .filter(|(key, _)| self.tracks.values().any(|track| track.publisher == *key));
        let created = self.wall(self.created);
        proto::Room {
            sid: self.sid.clone(),
            name: self.name.0.clone(),
            empty_timeout: self.lifetime.empty_timeout().as_secs() as u32,
            departure_timeout: self.lifetime.departure_timeout().as_secs() as u32,
            max_participants: self.settings.max_participants,
            creation_time: unix_millis(created) / 1_000,
            creation_time_ms: unix_millis(created),
            enabled_codecs: joining::enabled_codecs(),
            metadata: self.settings.metadata.clone(),
            num_participants: visible.count() as u32,
            num_publishers: publishers.count() as u32,
            ..Default::default()
        }
    }

    /// The wall-clock time of a moment.
    fn wall(&self, at: Instant) -> SystemTime {
        self.anchor.wall + at.saturating_duration_since(self.anchor.instant)
    }

    /// Says something to a participant, if there is a WebSocket to say it on.
    fn tell(&mut self, to: ParticipantKey, message: Message) {
        if let Some(session) = self.roster.get(to).and_then(|p| p.presence.session()) {
            self.tell_session(session, message);
        }
    }

    fn tell_session(&mut self, session: SessionId, message: Message) {
        self.effects.push_back(Effect::Signal {
            session,
            message: Box::new(message),
        });
    }

    fn close_session(&mut self, session: SessionId) {
        self.roster.detach(session);
        self.effects.push_back(Effect::CloseSignal { session });
    }

    fn order(&mut self, to: ConnectionId, order: Order) {
        self.effects.push_back(Effect::Order(to, order));
    }

    fn record(&mut self, fact: Fact) {
        self.effects.push_back(Effect::Fact(fact));
    }

    fn drop_counted(&mut self, drop: Drop) {
        self.effects.push_back(Effect::Drop(drop));
    }

    fn participant(&self, key: ParticipantKey) -> Option<&Participant> {
        self.roster.get(key)
    }
}

fn unix_millis(time: SystemTime) -> i64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64)
}

#[cfg(test)]
mod histories;
#[cfg(test)]
mod stories;
