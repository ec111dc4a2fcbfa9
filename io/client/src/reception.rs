//! What arrived of one track, and how well.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::rtp::RedDecoder;

use crate::assembly::{Assembly, Frame, Packet};
use crate::audio_source;
use crate::cover::Opening;
use crate::motion::{Motion, MotionReport};
use crate::playback::Playback;
use crate::playout::Playout;
use crate::stamp::{Stamp, Verdict};
use crate::units::Units;
use crate::vp8::Header;

/// One received track. Totals are since its subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackReport {
    pub track_sid: String,
    pub video: bool,
    pub packets: u64,
    /// Of RTP payload.
    pub bytes: u64,
    /// Packets that never came, not even again.
    pub lost: u64,
    /// Of VP8: shown, in order and decodable. Of other video: complete. Of audio: packets.
    pub frames: u64,
    pub key_frames: u64,
    /// Whole frames of video whose references were missing in their time.
    pub undecodable: u64,
    /// Frames that are not what was sent.
    pub corrupt: u64,
    /// Frames of other kinds of clients: they are not judged.
    pub foreign: u64,
    /// Sealed frames that nobody in the meeting sealed for this track, or for which there is no key.
    pub unopened: u64,
    /// Frames that the sender made for the shown layer, and that were not shown.
    pub missed: u64,
    /// Of the last shown frame: the sender's layer, 0 the smallest; and the last key frame's size.
    pub layer: Option<u8>,
    pub width: u16,
    pub height: u16,
    pub layer_switches: u32,
    pub key_frame_requests: u32,
    pub motion: MotionReport,
    /// From the sender's clock to showing; true between endpoints of one epoch.
    pub last_delay: Duration,
    pub longest_delay: Duration,
    pub average_delay: Duration,
    /// When the last frame was shown.
    pub last_frame: Option<Instant>,
}

/// What a payload type stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Opus,
    Red,
    Vp8,
    Vp9,
    Av1,
    H264,
    Other,
}

/// An RTP packet of the track.
pub(crate) struct Arrival {
    pub(crate) codec: Codec,
    /// Extended.
    pub(crate) sequence: u64,
    pub(crate) timestamp: u32,
    pub(crate) marker: bool,
    pub(crate) payload: Arc<[u8]>,
}

pub(crate) struct Reception {
    report: TrackReport,
    epoch: Instant,
    pub(crate) opening: Opening,
    span: Option<Span>,
    assembly: Assembly,
    units: Units,
    playback: Playback,
    playout: Playout,
    motion: Motion,
    last_number: Option<u32>,
    total_delay: Duration,
    /// Reasons why nothing is sent on purpose.
    muted: bool,
    paused: bool,
    most_kept: usize,
    kept: VecDeque<Vec<u8>>,
}

/// The sequence numbers of one RTP stream so far.
#[derive(Clone, Copy)]
struct Span {
    first: u64,
    last: u64,
    received: u64,
}

impl Reception {
    pub(crate) fn new(track_sid: String, video: bool, epoch: Instant, opening: Opening) -> Self {
        Self {
            report: TrackReport {
                track_sid,
                video,
                ..TrackReport::default()
            },
            epoch,
            opening,
            span: None,
            assembly: Assembly::default(),
            units: Units::default(),
            playback: Playback::default(),
            playout: Playout::default(),
            motion: Motion::default(),
            last_number: None,
            total_delay: Duration::ZERO,
            muted: false,
            paused: false,
            most_kept: 0,
            kept: VecDeque::new(),
        }
    }

    /// So many of the last frames stay.
    pub(crate) fn keeping(mut self, frames: usize) -> Self {
        self.most_kept = frames;
        self
    }

    /// Those that were shown or heard since the last call, as far as they were kept.
    pub(crate) fn take(&mut self) -> Vec<Vec<u8>> {
        self.kept.drain(..).collect()
    }

    pub(crate) fn handle(&mut self, now: Instant, arrival: Arrival) {
        self.report.packets += 1;
        self.report.bytes += arrival.payload.len() as u64;
        let span = self.span.get_or_insert(Span {
            first: arrival.sequence,
            last: arrival.sequence,
            received: 0,
        });
        span.first = span.first.min(arrival.sequence);
        span.last = span.last.max(arrival.sequence);
        span.received += 1;
        match arrival.codec {
            Codec::Vp8 => self.video(now, arrival),
            Codec::Opus => self.audio(now, &arrival.payload),
            Codec::Red => self.redundant(now, &arrival.payload),
            Codec::Vp9 | Codec::Av1 | Codec::H264 => self.unplayed(now, arrival),
            Codec::Other => self.report.foreign += 1,
        }
    }

    /// The track comes over another RTP stream from here on.
    pub(crate) fn rebind(&mut self) {
        self.report.lost += self.span.take().map_or(0, Span::lost);
        self.report.undecodable += self.playback.undecodable;
        self.assembly = Assembly::default();
        self.units = Units::default();
        self.playback = Playback::default();
        self.break_off();
    }

    /// Its publisher sends nothing.
    pub(crate) fn set_muted(&mut self, muted: bool) {
        self.muted = muted;
        if muted {
            self.break_off();
        }
    }

    /// The server sends nothing, because we or the path want it so.
    pub(crate) fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
        if paused {
            self.break_off();
        }
    }

    /// What follows is no gap.
    fn break_off(&mut self) {
        self.motion.pause();
        self.playout = Playout::default();
        self.playback.pause();
        self.last_number = None;
    }

    pub(crate) fn needs_key_frame(&mut self, now: Instant) -> bool {
        let needed = self.report.video && self.playback.needs_key_frame(now);
        self.report.key_frame_requests += u32::from(needed);
        needed
    }

    pub(crate) fn wake(&self) -> Option<Instant> {
        self.playback.key_frame_due().filter(|_| self.report.video)
    }

    /// `subscribed`: if not, nothing is awaited.
    pub(crate) fn report(&self, now: Instant, subscribed: bool) -> TrackReport {
        let mut report = self.report.clone();
        report.lost += self.span.map_or(0, Span::lost);
        report.undecodable += self.playback.undecodable;
        let until = if subscribed {
            now
        } else {
            report.last_frame.unwrap_or(now)
        };
        report.motion = self.motion.report(until);
        let judged = u32::try_from(report.frames).unwrap_or(u32::MAX);
        report.average_delay = self.total_delay.checked_div(judged).unwrap_or_default();
        report
    }

    fn video(&mut self, now: Instant, arrival: Arrival) {
        self.playback.note_packet(now);
        let packet = Packet {
            timestamp: arrival.timestamp,
            marker: arrival.marker,
            payload: arrival.payload,
        };
        if let Some(frame) = self.assembly.insert(arrival.sequence, packet) {
            self.whole(now, frame);
        }
        while let Some(frame) = self.playback.next() {
            self.show(now, frame.timestamp, &frame.data);
        }
        self.assembly.forget_before(self.playback.horizon());
    }

    /// What we open and don't play.
    fn unplayed(&mut self, now: Instant, arrival: Arrival) {
        let packet = Packet {
            timestamp: arrival.timestamp,
            marker: arrival.marker,
            payload: arrival.payload,
        };
        for frame in (self.units).insert(arrival.codec, arrival.sequence, packet) {
            match self.opening.open(now, &frame) {
                Some(frame) => {
                    self.keep(&frame);
                    self.report.frames += 1;
                    self.report.foreign += 1;
                    self.report.last_frame = Some(now);
                }
                None => self.report.unopened += 1,
            }
        }
    }

    fn whole(&mut self, now: Instant, mut frame: Frame) {
        match self.opening.open(now, &frame.data) {
            Some(data) => {
                frame.data = data.into_owned();
                self.playback.push(frame);
            }
            None => self.report.unopened += 1,
        }
    }

    fn keep(&mut self, frame: &[u8]) {
        if self.most_kept == 0 {
            return;
        }
        if self.kept.len() >= self.most_kept {
            self.kept.pop_front();
        }
        self.kept.push_back(frame.to_vec());
    }

    fn show(&mut self, now: Instant, timestamp: u32, data: &[u8]) {
        self.keep(data);
        let body = match Header::read(data) {
            Some((Header::Key { width, height }, body)) => {
                self.report.key_frames += 1;
                self.report.width = width;
                self.report.height = height;
                body
            }
            Some((Header::Delta, body)) => body,
            None => &[],
        };
        let rendered = self.playout.rendered(now, timestamp);
        self.judge(now, rendered, body);
    }

    fn redundant(&mut self, now: Instant, payload: &[u8]) {
        match RedDecoder::decode(payload) {
            Ok(blocks) => {
                let primary = blocks.iter().find(|block| block.is_primary);
                self.audio(now, primary.map_or(&[], |block| block.payload));
            }
            Err(_) => self.report.corrupt += 1,
        }
    }

    fn audio(&mut self, now: Instant, packet: &[u8]) {
        match self.opening.open(now, packet) {
            Some(opus) => {
                self.keep(&opus);
                self.judge(now, now, audio_source::body(&opus));
            }
            None => self.report.unopened += 1,
        }
    }

    fn judge(&mut self, now: Instant, rendered: Instant, body: &[u8]) {
        match Stamp::read(body) {
            Verdict::Intact(stamp) => self.follow(now, stamp),
            Verdict::Corrupt => self.report.corrupt += 1,
            Verdict::Foreign => self.report.foreign += 1,
        }
        self.report.frames += 1;
        self.report.last_frame = Some(now);
        self.motion.shown(now, rendered);
        if self.muted || self.paused {
            // On its way when the pause began.
            self.break_off();
        }
    }

    fn follow(&mut self, now: Instant, stamp: Stamp) {
        if self.report.layer == Some(stamp.layer) {
            let skipped = |last: u32| stamp.number.wrapping_sub(last).wrapping_sub(1);
            // Reordered audio counts as nothing.
            let missed = self
                .last_number
                .map(skipped)
                .filter(|missed| *missed < u32::MAX / 2);
            self.report.missed += u64::from(missed.unwrap_or_default());
        } else if self.report.layer.replace(stamp.layer).is_some() {
            self.report.layer_switches += 1;
        }
        self.last_number = Some(stamp.number);
        let delay = now
            .saturating_duration_since(self.epoch)
            .saturating_sub(stamp.sent);
        self.report.last_delay = delay;
        self.report.longest_delay = self.report.longest_delay.max(delay);
        self.total_delay += delay;
    }
}

impl Span {
    fn lost(self) -> u64 {
        (self.last - self.first + 1).saturating_sub(self.received)
    }
}

#[cfg(test)]
mod tests {
    use conclave_e2ee::frame::TrackKind;

    use super::*;
    use crate::audio_source::AudioSource;
    use crate::cover::{Cover, Kind};
    use crate::encryption::tests::{announced, outsider, pair};
    use crate::publication::{AudioOptions, VideoOptions};
    use crate::video_source::{self, VideoSource};

    const DELAY: Duration = Duration::from_millis(30);

    #[test]
    fn a_whole_stream_is_judged_whole() {
        let mut stream = Stream::new(VideoOptions::small_camera());
        for _ in 0..100 {
            stream.frame(0, |_| true);
        }

        let report = stream.report();

        assert_eq!((report.frames, report.key_frames, report.lost), (100, 1, 0));
        assert_eq!((report.corrupt, report.foreign, report.missed), (0, 0, 0));
        assert_eq!(
            (report.layer, report.width, report.height),
            (Some(0), 640, 360)
        );
        assert_eq!(report.motion.longest_gap, Duration::from_millis(40));
        assert_eq!((report.average_delay, report.longest_delay), (DELAY, DELAY));
    }

    #[test]
    fn a_lost_packet_stops_the_picture_until_a_key_frame() {
        let mut stream = Stream::new(VideoOptions::small_camera());
        for _ in 0..10 {
            stream.frame(0, |_| true);
        }
        stream.frame(0, |packet| packet != 1);
        for _ in 0..20 {
            stream.frame(0, |_| true);
        }
        assert_eq!(stream.report().frames, 10);
        assert!(stream.reception.needs_key_frame(stream.now));

        stream.source.request_key_frames();
        stream.frame(0, |_| true);

        let report = stream.report();
        assert_eq!((report.frames, report.key_frames, report.lost), (11, 2, 1));
        assert_eq!(
            (report.undecodable, report.missed, report.motion.freezes),
            (20, 21, 1)
        );
        assert_eq!(report.key_frame_requests, 1);
    }

    #[test]
    fn the_last_frames_are_kept_where_that_is_wanted() {
        let mut stream = Stream::new(VideoOptions::small_camera());
        stream.frame(0, |_| true);
        assert!(stream.reception.take().is_empty());
        stream.reception = stream.reception.keeping(2);
        for _ in 0..3 {
            stream.frame(0, |_| true);
        }

        let kept = stream.reception.take();

        assert_eq!(kept.len(), 2);
        assert_eq!(Header::read(&kept[0]).unwrap().0, Header::Delta);
        assert!(stream.reception.take().is_empty());
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let mut stream = Stream::new(VideoOptions::small_camera());
        stream.corrupts = true;
        stream.frame(0, |_| true);

        assert_eq!(stream.report().corrupt, 1);
    }

    #[test]
    fn a_switch_of_layers_is_seen_at_its_key_frame() {
        let mut stream = Stream::new(VideoOptions::simulcast_camera());
        stream.frame(0, |_| true);

        stream.source.request_key_frames();
        stream.frame(2, |_| true);

        let report = stream.report();
        assert_eq!(
            (report.layer, report.width, report.layer_switches),
            (Some(2), 1280, 1)
        );
    }

    #[test]
    fn plain_and_redundant_audio_are_judged_alike() {
        for red in [None, Some(111)] {
            let now = Instant::now();
            let mut source = AudioSource::new(&AudioOptions::default(), now);
            source.start(now);
            let mut reception = Reception::new("TR_a".to_owned(), false, now, Opening::Clear);
            for sequence in 0..50_u32 {
                let at = now + Duration::from_millis(20) * sequence;
                let frame = source.poll(at, red).unwrap();
                let arrival = Arrival {
                    codec: if red.is_some() {
                        Codec::Red
                    } else {
                        Codec::Opus
                    },
                    sequence: sequence.into(),
                    timestamp: frame.timestamp,
                    marker: false,
                    payload: frame.payload.into(),
                };
                reception.handle(at + DELAY, arrival);
            }

            let report = reception.report(now, true);

            assert_eq!((report.frames, report.corrupt, report.missed), (50, 0, 0));
            assert_eq!(report.average_delay, DELAY);
        }
    }

    #[test]
    fn strangers_payloads_are_no_frames_of_ours() {
        let now = Instant::now();
        let mut reception = Reception::new("TR_a".to_owned(), false, now, Opening::Clear);
        for (codec, payload) in [
            (Codec::Opus, vec![]),
            (Codec::Red, vec![0x80]),
            (Codec::Other, vec![1]),
        ] {
            let arrival = Arrival {
                codec,
                sequence: 1,
                timestamp: 0,
                marker: false,
                payload: payload.into(),
            };
            reception.handle(now, arrival);
        }

        let report = reception.report(now, true);

        assert_eq!((report.corrupt, report.foreign), (1, 2));
    }

    #[test]
    fn sealed_video_is_judged_whole_by_members_and_not_at_all_by_others() {
        let ([ann, bo], now) = pair();
        let (track, name) = ann.add_track(CAMERA).unwrap();
        let cover = Cover::Sealed {
            encryption: ann,
            track,
        };
        let (from, announced) = announced(0, &name, false);
        for (receiver, opens) in [(bo, true), (outsider(), false)] {
            let mut stream = Stream::at(now, VideoOptions::small_camera());
            stream.reception.opening = Opening::new(Some(receiver));
            stream.reception.opening.expect(&from, &announced);
            for _ in 0..20 {
                stream.sealed_frame(&cover);
            }

            let report = stream.report();
            let expected = if opens { (20, 0) } else { (0, 20) };
            assert_eq!((report.frames, report.unopened), expected);
            assert_eq!((report.corrupt, report.foreign), (0, 0));
        }
    }

    #[test]
    fn what_is_not_sealed_is_not_shown_where_everything_is() {
        let ([_, bo], now) = pair();
        let mut stream = Stream::at(now, VideoOptions::small_camera());
        stream.reception.opening = Opening::new(Some(bo));
        let (from, announced) = announced(0, "", false);
        stream.reception.opening.expect(&from, &announced);
        stream.frame(0, |_| true);

        let report = stream.report();
        assert_eq!((report.frames, report.unopened), (0, 1));
        assert!(
            stream
                .reception
                .needs_key_frame(stream.now + Duration::from_secs(1))
        );
    }

    const CAMERA: Kind = Kind {
        source: TrackKind::Camera,
        codec: conclave_e2ee::frame::codec::Codec::Vp8,
    };

    /// A sender and a receiver with nothing between them.
    struct Stream {
        source: VideoSource,
        reception: Reception,
        now: Instant,
        sequence: u64,
        corrupts: bool,
    }

    impl Stream {
        fn new(options: VideoOptions) -> Self {
            Self::at(Instant::now(), options)
        }

        fn at(now: Instant, options: VideoOptions) -> Self {
            let mut source = VideoSource::new(&options, now);
            source.start(now);
            Self {
                source,
                reception: Reception::new("TR_v".to_owned(), true, now, Opening::Clear),
                now,
                sequence: 100,
                corrupts: false,
            }
        }

        /// One frame of the layer, without the packets that `arrives` denies.
        fn frame(&mut self, layer: usize, arrives: impl Fn(usize) -> bool) {
            self.now = self.source.wake().unwrap();
            let frames = self.source.poll(self.now);
            let frame = frames
                .into_iter()
                .find(|frame| frame.layer == layer)
                .unwrap();
            self.deliver(&frame, arrives);
        }

        fn deliver(&mut self, frame: &video_source::Frame, arrives: impl Fn(usize) -> bool) {
            let packets = frame.packets();
            let count = packets.len();
            for (index, mut payload) in packets.into_iter().enumerate() {
                if self.corrupts {
                    *payload.last_mut().unwrap() ^= 1;
                }
                let arrival = Arrival {
                    codec: Codec::Vp8,
                    sequence: self.sequence,
                    timestamp: frame.timestamp,
                    marker: index + 1 == count,
                    payload: payload.into(),
                };
                self.sequence += 1;
                if arrives(index) {
                    self.reception.handle(self.now + DELAY, arrival);
                }
            }
        }

        /// One frame of the only layer, as its sender covers it.
        fn sealed_frame(&mut self, cover: &Cover) {
            self.now = self.source.wake().unwrap();
            let mut frame = self.source.poll(self.now).remove(0);
            frame.data = cover.seal(self.now, frame.data.clone()).unwrap();
            self.deliver(&frame, |_| true);
        }

        fn report(&self) -> TrackReport {
            self.reception.report(self.now + DELAY, true)
        }
    }
}
