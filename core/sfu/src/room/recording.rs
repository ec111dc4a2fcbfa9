//! The quality of everybody's media: for clients as a word, for the operator as figures.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::{Alarm, Room};
use crate::connection::ConnectionId;
use crate::connection_quality::{ConnectionLevel, INTERVAL};
use crate::fact::Fact;
use crate::io::Transport;
use crate::participant::ParticipantKey;
use crate::peer::{PeerStats, StreamStats};
use crate::record::StreamOf;
use crate::sdp::Kind;
use crate::track::Track;

/// Of the reports about each participant.
const RECORD_INTERVAL: Duration = Duration::from_secs(10);

impl Room {
    pub(super) fn measured(&mut self, now: Instant, from: ConnectionId, stats: &PeerStats) {
        let key = from.participant;
        let Some(participant) = self.roster.get(key) else {
            return;
        };
        let mut streams: Vec<(StreamStats, StreamOf)> = Vec::new();
        for stream in &stats.received {
            let bound = participant.publishing.bound_to(stream.mid);
            let track = bound.and_then(|bound| self.tracks.get(bound.track));
            if let Some((bound, track)) = bound.zip(track) {
                streams.push((stream.clone(), received(track, bound.codec, stream)));
            }
        }
        let is_downstream = participant.downstream() == from.side;
        if is_downstream {
            let carried = participant.negotiation.carried();
            for stream in &stats.sent {
                let track = carried
                    .get(&stream.mid)
                    .and_then(|track| self.tracks.get(*track));
                streams.extend(track.and_then(|track| Some((stream.clone(), sent(track, key)?))));
            }
        }
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let record = &mut participant.record;
        for (stream, of) in streams {
            record.add(now, from.side, &stream, of);
        }
        if let Some(path) = stats.path {
            record.path = match path {
                Transport::Udp => "udp",
                Transport::Tcp => "tcp",
            };
        }
        record.round_trip = stats.round_trip.or(record.round_trip);
        record.estimate = stats.estimate.or(record.estimate);
        if is_downstream
            && let Some(delivered) = record.delivery.take(now)
            && participant.downlink.delivered(delivered)
        {
            self.allocate_soon(now, key);
        }
    }

    pub(super) fn report_records(&mut self, now: Instant) {
        let mut facts = Vec::new();
        for (_, participant) in self.roster.iter() {
            if participant.presence.has_been_connected() {
                facts.push(Fact::Quality {
                    room: self.name.clone(),
                    identity: participant.card.identity.clone(),
                    quality: Box::new(participant.record.snapshot(now)),
                });
            }
        }
        for fact in facts {
            self.record(fact);
        }
        if !self.roster.is_empty() {
            self.schedule.set(Alarm::Records, now + RECORD_INTERVAL);
        }
    }

    /// Begins the periodic work of a room with somebody in it.
    pub(super) fn schedule_reports(&mut self, now: Instant) {
        self.schedule.set_by(Alarm::Records, now + RECORD_INTERVAL);
        self.schedule.set_by(Alarm::Quality, now + INTERVAL);
    }

    /// Judges everybody's connection, and tells each who sees it what is news.
    pub(super) fn judge_quality(&mut self, now: Instant) {
        for key in self.roster.keys() {
            let is_expected = self.is_expected_to_send(key);
            let Some(participant) = self.roster.get_mut(key) else {
                continue;
            };
            if !participant.presence.has_been_connected() {
                continue;
            }
            let mut sample = participant.record.take_sample();
            sample.sending_expected = is_expected;
            (sample.bitrate, sample.wanted_bitrate) = participant.downlink.flow();
            participant.quality.update(&sample);
        }
        self.say_qualities();
        if !self.roster.is_empty() {
            self.schedule.set(Alarm::Quality, now + INTERVAL);
        }
    }

    fn say_qualities(&mut self) {
        let judged = self.judged();
        for key in self.roster.keys() {
            let seen = self.audible(key).into_iter();
            let levels = seen.filter_map(|sid| Some((sid.clone(), judged.get(&sid)?.0)));
            let levels = levels.collect();
            let Some(participant) = self.roster.get_mut(key) else {
                continue;
            };
            if participant.presence.session().is_none() {
                continue;
            }
            let news = participant.told_qualities.news(levels).into_iter();
            let updates: Vec<proto::ConnectionQualityInfo> = news
                .filter_map(|sid| {
                    let (level, score) = *judged.get(&sid)?;
                    Some(quality_info(sid, level, score))
                })
                .collect();
            if !updates.is_empty() {
                let update = proto::ConnectionQualityUpdate { updates };
                self.tell(key, Message::ConnectionQuality(update));
            }
        }
    }

    /// Everybody of whom something is known, by sid.
    fn judged(&self) -> BTreeMap<String, (ConnectionLevel, f32)> {
        let participants = self.roster.iter().map(|(_, participant)| participant);
        let judged = participants.filter_map(|participant| {
            let quality = &participant.quality;
            let sid = participant.card.sid.clone();
            Some((sid, (quality.level()?, quality.score())))
        });
        judged.collect()
    }

    /// It publishes something that is not muted and that somebody is sent. A client that is
    /// told that it is lost gives up its connection, so in doubt it is not.
    fn is_expected_to_send(&self, key: ParticipantKey) -> bool {
        let sends = |track: &Track| {
            let is_watched = track.outlets.iter().any(|o| o.forwarder.target().is_some());
            let has_started = track.encodings.iter().any(|e| e.has_started);
            !track.info.muted && is_watched && has_started
        };
        let is_connected = self
            .participant(key)
            .is_some_and(|p| p.presence.is_connected());
        let mut tracks = self.tracks.values().filter(|track| track.publisher == key);
        is_connected && tracks.any(sends)
    }
}

fn quality_info(sid: String, level: ConnectionLevel, score: f32) -> proto::ConnectionQualityInfo {
    let quality = match level {
        ConnectionLevel::Lost => proto::ConnectionQuality::Lost,
        ConnectionLevel::Poor => proto::ConnectionQuality::Poor,
        ConnectionLevel::Good => proto::ConnectionQuality::Good,
        ConnectionLevel::Excellent => proto::ConnectionQuality::Excellent,
    };
    proto::ConnectionQualityInfo {
        participant_sid: sid,
        quality: quality as i32,
        score,
    }
}

fn received(track: &Track, index: usize, stream: &StreamStats) -> StreamOf {
    let encoding = track.encoding(index);
    let layer = encoding.map_or_else(String::new, |encoding| match track.kind {
        Kind::Audio => String::new(),
        Kind::Video => encoding.stream(stream.rid).to_string(),
    });
    stream_of(track, index, layer, true)
}

fn sent(track: &Track, subscriber: ParticipantKey) -> Option<StreamOf> {
    let outlet = track.outlet(subscriber)?;
    let layer = match (track.kind, outlet.forwarder.current()) {
        (Kind::Video, Some(layer)) => format!("{}.{}", layer.spatial, layer.temporal),
        _ => String::new(),
    };
    Some(stream_of(track, outlet.encoding, layer, false))
}

fn stream_of(track: &Track, index: usize, layer: String, published: bool) -> StreamOf {
    let codec = track.encoding(index).map(|encoding| encoding.codec);
    StreamOf {
        track_sid: track.info.sid.clone(),
        published,
        kind: match track.kind {
            Kind::Audio => "audio",
            Kind::Video => "video",
        },
        codec: codec.map_or("", |codec| codec.mime()),
        layer,
        clock_rate: codec.map_or(90_000, |codec| codec.clock_rate()),
    }
}
