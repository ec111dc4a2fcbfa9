//! One participant session's quality of service, summed up from its connections' counters.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::connection::Side;
use crate::connection_quality::Sample;
use crate::delivery::Delivery;
use crate::fact::{Quality, TrackQuality};
use crate::peer::{Security, StreamStats};
use crate::sdp::{Mid, Rid};

pub(crate) struct Record {
    participant_sid: String,
    connected: Option<Instant>,
    security: Option<Security>,
    pub(crate) path: &'static str,
    pub(crate) round_trip: Option<Duration>,
    pub(crate) estimate: Option<u64>,
    tracks: BTreeMap<(String, bool), TrackRecord>,
    /// The streams' totals, as they were read last.
    streams: BTreeMap<Stream, Totals>,
    /// Since the last [`Record::take_sample`].
    sample: Sample,
    pub(crate) delivery: Delivery,
}

type Stream = (Side, bool, Mid, Option<Rid>);

#[derive(Clone, Copy, Default)]
struct Totals {
    packets: u64,
    bytes: u64,
    lost: u64,
    nacks: u64,
    key_frame_requests: u64,
}

struct TrackRecord {
    quality: TrackQuality,
    /// Bytes since the bitrate was computed last.
    fresh_bytes: u64,
    since: Instant,
}

/// Which track a stream belongs to, and what it is.
#[derive(Clone)]
pub(crate) struct StreamOf {
    pub(crate) track_sid: String,
    pub(crate) published: bool,
    pub(crate) kind: &'static str,
    pub(crate) codec: &'static str,
    pub(crate) layer: String,
    pub(crate) clock_rate: u32,
}

/// Tracks in one session's record; later ones are left out.
pub(crate) const MOST_TRACKS: usize = 1_000;
/// Shorter spans make a bitrate of chance.
const BITRATE_SPAN: Duration = Duration::from_secs(1);

impl Record {
    pub(crate) fn new(participant_sid: String) -> Self {
        Self {
            participant_sid,
            connected: None,
            security: None,
            path: "",
            round_trip: None,
            estimate: None,
            tracks: BTreeMap::new(),
            streams: BTreeMap::new(),
            sample: Sample::default(),
            delivery: Delivery::default(),
        }
    }

    pub(crate) fn secured(&mut self, now: Instant, security: &Security) {
        self.connected.get_or_insert(now);
        self.security = Some(security.clone());
    }

    /// Adds what one stream did since it was read last.
    pub(crate) fn add(&mut self, now: Instant, side: Side, stats: &StreamStats, of: StreamOf) {
        let totals = Totals {
            packets: stats.packets,
            bytes: stats.bytes,
            lost: stats.lost,
            nacks: stats.nacks,
            key_frame_requests: stats.key_frame_requests,
        };
        let stream = (side, of.published, stats.mid, stats.rid);
        let before = self.streams.insert(stream, totals).unwrap_or_default();
        let delta = totals.since(before);
        let jitter = seconds(stats.jitter, of.clock_rate);
        self.sample.expected += delta.packets + delta.lost;
        self.sample.lost += delta.lost;
        self.sample.jitter = self.sample.jitter.max(Some(jitter));
        if of.published {
            self.sample.received += delta.packets;
        } else {
            // Reports about audio come too seldom to be set against two seconds of packets.
            let loss = stats.loss.filter(|_| of.kind == "video");
            self.delivery.add(delta.packets, delta.bytes, loss);
        }
        let key = (of.track_sid.clone(), of.published);
        if self.tracks.len() >= MOST_TRACKS && !self.tracks.contains_key(&key) {
            return;
        }
        let track = self.tracks.entry(key).or_insert_with(|| TrackRecord {
            quality: TrackQuality::default(),
            fresh_bytes: 0,
            since: now,
        });
        track.add(now, delta, stats, jitter, of);
    }

    /// What happened since the last sample.
    pub(crate) fn take_sample(&mut self) -> Sample {
        let sample = std::mem::take(&mut self.sample);
        Sample {
            round_trip: self.round_trip,
            ..sample
        }
    }

    pub(crate) fn snapshot(&self, now: Instant) -> Quality {
        let security = self.security.as_ref();
        Quality {
            participant_sid: self.participant_sid.clone(),
            path: self.path.to_owned(),
            dtls: security.map_or_else(String::new, |s| s.dtls.to_owned()),
            srtp: security.map_or_else(String::new, |s| s.srtp.to_owned()),
            round_trip: self.round_trip,
            estimate: self.estimate,
            connected_for: self
                .connected
                .map_or(Duration::ZERO, |at| now.saturating_duration_since(at)),
            tracks: self.tracks.values().map(|t| t.quality.clone()).collect(),
        }
    }
}

impl TrackRecord {
    fn add(
        &mut self,
        now: Instant,
        delta: Totals,
        stats: &StreamStats,
        jitter: Duration,
        of: StreamOf,
    ) {
        let quality = &mut self.quality;
        quality.track_sid = of.track_sid;
        quality.published = of.published;
        of.kind.clone_into(&mut quality.kind);
        of.codec.clone_into(&mut quality.codec);
        quality.layer = of.layer;
        quality.packets += delta.packets;
        quality.bytes += delta.bytes;
        quality.lost += delta.lost;
        quality.nacks += delta.nacks;
        quality.key_frame_requests += delta.key_frame_requests;
        quality.jitter = jitter;
        quality.round_trip = stats.round_trip.or(quality.round_trip);
        self.fresh_bytes += delta.bytes;
        let span = now.saturating_duration_since(self.since);
        if span >= BITRATE_SPAN {
            quality.bitrate = (self.fresh_bytes as f64 * 8.0 / span.as_secs_f64()) as u64;
            self.fresh_bytes = 0;
            self.since = now;
        }
    }
}

impl Totals {
    /// A stream that began anew counts from nothing.
    fn since(self, before: Self) -> Self {
        if self.packets < before.packets {
            return self;
        }
        Self {
            packets: self.packets - before.packets,
            bytes: self.bytes.saturating_sub(before.bytes),
            lost: self.lost.saturating_sub(before.lost),
            nacks: self.nacks.saturating_sub(before.nacks),
            key_frame_requests: self
                .key_frame_requests
                .saturating_sub(before.key_frame_requests),
        }
    }
}

fn seconds(ticks: u32, clock_rate: u32) -> Duration {
    Duration::from_secs_f64(f64::from(ticks) / f64::from(clock_rate.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_sums_up_what_a_section_carried_by_track() {
        let start = crate::test_time::start();
        let mut record = Record::new("PA_a".to_owned());
        record.add(start, Side::Publisher, &stats(100, 1_000, 2), of("TR_1"));
        // The same section carries another track from here on; its totals go on.
        let later = start + Duration::from_secs(2);
        record.add(later, Side::Publisher, &stats(150, 1_700, 2), of("TR_2"));

        let tracks = record.snapshot(later).tracks;

        let sums: Vec<(&str, u64, u64, u64)> = tracks
            .iter()
            .map(|t| (t.track_sid.as_str(), t.packets, t.bytes, t.lost))
            .collect();
        assert_eq!(sums, [("TR_1", 100, 1_000, 2), ("TR_2", 50, 700, 0)]);
    }

    #[test]
    fn a_stream_that_begins_anew_counts_from_nothing() {
        let start = crate::test_time::start();
        let mut record = Record::new("PA_a".to_owned());
        record.add(start, Side::Publisher, &stats(100, 1_000, 0), of("TR_1"));
        record.add(start, Side::Publisher, &stats(10, 90, 0), of("TR_1"));

        assert_eq!(record.snapshot(start).tracks[0].packets, 110);
    }

    #[test]
    fn a_bitrate_is_of_the_last_span() {
        let start = crate::test_time::start();
        let mut record = Record::new("PA_a".to_owned());
        record.add(start, Side::Publisher, &stats(1, 1_000, 0), of("TR_1"));
        let later = start + Duration::from_secs(2);
        record.add(later, Side::Publisher, &stats(2, 251_000, 0), of("TR_1"));

        assert_eq!(record.snapshot(later).tracks[0].bitrate, 251_000 * 8 / 2);
    }

    #[test]
    fn a_sample_is_taken_once() {
        let start = crate::test_time::start();
        let mut record = Record::new("PA_a".to_owned());
        record.add(start, Side::Publisher, &stats(98, 1_000, 2), of("TR_1"));

        let sample = record.take_sample();

        assert_eq!(
            (sample.expected, sample.lost, sample.received),
            (100, 2, 98)
        );
        assert_eq!(record.take_sample().expected, 0);
    }

    fn stats(packets: u64, bytes: u64, lost: u64) -> StreamStats {
        StreamStats {
            mid: Mid::new("0").unwrap(),
            rid: None,
            packets,
            bytes,
            lost,
            loss: None,
            jitter: 0,
            round_trip: None,
            nacks: 0,
            key_frame_requests: 0,
        }
    }

    fn of(track_sid: &str) -> StreamOf {
        StreamOf {
            track_sid: track_sid.to_owned(),
            published: true,
            kind: "video",
            codec: "video/VP8",
            layer: String::new(),
            clock_rate: 90_000,
        }
    }
}
