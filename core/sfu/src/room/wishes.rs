//! What a publisher is told of which layers anybody wants, so that it need not send the others.

use std::time::Instant;

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::{Alarm, Room};
use crate::layers::VideoQuality;
use crate::participant::ParticipantKey;
use crate::sdp::Kind;
use crate::track::TrackKey;

impl Room {
    /// Somebody wants more or less of the track, or nothing any more.
    pub(super) fn wishes_changed(&mut self, now: Instant, track_key: TrackKey) {
        self.schedule.set_by(Alarm::Track(track_key), now);
    }

    pub(super) fn track_due(&mut self, now: Instant, track_key: TrackKey) {
        self.refresh_key_frames(now, track_key);
        self.compare_wishes(now, track_key);
        self.tell_wanted_layers(now, track_key);
    }

    /// Compares what all subscribers want of a track with what its publisher was told.
    fn compare_wishes(&mut self, now: Instant, track_key: TrackKey) {
        let Some(track) = self.tracks.get_mut(track_key) else {
            return;
        };
        if track.kind == Kind::Audio {
            return;
        }
        for encoding in &mut track.encodings {
            let receivers = track
                .outlets
                .iter()
                .filter(|o| o.encoding == encoding.index);
            let most = receivers.filter_map(|outlet| outlet.wanted).max();
            let most = most.map(|layer| encoding.layers.quality_of_spatial(layer.spatial));
            encoding.dynacast.want(now, most);
        }
    }

    fn tell_wanted_layers(&mut self, now: Instant, track_key: TrackKey) {
        let Some(track) = self.tracks.get_mut(track_key) else {
            return;
        };
        let mut changed = false;
        for encoding in &mut track.encodings {
            changed |= encoding.dynacast.poll(now).is_some();
        }
        if let Some(at) = track.deadline() {
            self.schedule.set_by(Alarm::Track(track_key), at);
        }
        if changed {
            self.say_wanted_quality(track_key);
        }
    }

    /// Again, after a resume.
    pub(super) fn say_wanted_qualities(&mut self, publisher: ParticipantKey) {
        for track in self.tracks.of(publisher) {
            self.say_wanted_quality(track);
        }
    }

    pub(super) fn say_wanted_quality(&mut self, track_key: TrackKey) {
        let Some(track) = self.tracks.get(track_key) else {
            return;
        };
        let is_missed = self
            .roster
            .iter()
            .any(|(_, participant)| participant.unsupported.contains(&track_key));
        let codecs: Vec<proto::SubscribedCodec> = track
            .info
            .codecs
            .iter()
            .enumerate()
            .filter_map(|(index, codec)| {
                let most = match track.encoding(index) {
                    Some(encoding) => encoding.dynacast.told()?,
                    // A backup codec that is not published yet: wanted by whoever can't take
                    // the others.
                    None => is_missed.then_some(VideoQuality::High),
                };
                Some(proto::SubscribedCodec {
                    codec: bare_name(&codec.mime_type),
                    qualities: qualities(most),
                })
            })
            .collect();
        if codecs.is_empty() {
            return;
        }
        let first = codecs.first().map(|codec| codec.qualities.clone());
        let publisher = track.publisher;
        #[expect(deprecated, reason = "older clients read the first codec's there")]
        let message = Message::SubscribedQualityUpdate(proto::SubscribedQualityUpdate {
            track_sid: track.info.sid.clone(),
            subscribed_qualities: first.unwrap_or_default(),
            subscribed_codecs: codecs,
        });
        self.tell(publisher, message);
    }
}

fn bare_name(mime_type: &str) -> String {
    let name = mime_type.rsplit('/').next().unwrap_or(mime_type);
    name.to_ascii_lowercase()
}

fn qualities(most: Option<VideoQuality>) -> Vec<proto::SubscribedQuality> {
    let all = [
        (VideoQuality::Low, proto::VideoQuality::Low),
        (VideoQuality::Medium, proto::VideoQuality::Medium),
        (VideoQuality::High, proto::VideoQuality::High),
    ];
    all.into_iter()
        .map(|(quality, name)| proto::SubscribedQuality {
            quality: name as i32,
            enabled: most.is_some_and(|most| quality <= most),
        })
        .collect()
}
