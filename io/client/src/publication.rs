//! What we publish, and what the server calls it.

use std::time::Instant;

use conclave_e2ee::frame::codec::Codec;
use livekit_protocol as proto;
use str0m::media::{MediaKind, Mid};

use crate::Encryption;
use crate::audio_source::AudioSource;
use crate::cover::{Cover, Kind};
use crate::live_source::LiveSource;
use crate::recording::Recording;
use crate::video_source::VideoSource;

/// The client's own name of a track, unique in its endpoint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cid(pub String);

/// Opus with 20 ms per packet.
#[derive(Clone, Debug)]
pub struct AudioOptions {
    pub name: String,
    pub source: proto::TrackSource,
    /// Bits per second, of Opus.
    pub bitrate: u32,
    /// Below full scale, in dB (RFC 6464): 127 is silence.
    pub attenuation: u8,
    pub muted: bool,
    /// Sent instead of what is made up.
    pub recording: Option<Recording>,
}

/// VP8, one layer or simulcast.
#[derive(Clone, Debug)]
pub struct VideoOptions {
    pub name: String,
    pub source: proto::TrackSource,
    pub frames_per_second: u32,
    /// 1 to 3.
    pub temporal_layers: u8,
    /// From the smallest to the largest, at most three; one is sent without a rid.
    pub layers: Vec<VideoLayer>,
    pub muted: bool,
    /// Sent in each layer instead of what is made up. Begins with a key frame; has one temporal layer.
    pub recording: Option<Recording>,
}

/// VP9 in one layer, whose frames are handed over one by one ([`crate::Endpoint::send_frame`]).
#[derive(Clone, Debug)]
pub struct LiveOptions {
    pub name: String,
    pub source: proto::TrackSource,
    pub layer: VideoLayer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VideoLayer {
    pub width: u16,
    pub height: u16,
    /// Bits per second.
    pub bitrate: u32,
}

impl Default for AudioOptions {
    fn default() -> Self {
        Self {
            name: "microphone".to_owned(),
            source: proto::TrackSource::Microphone,
            bitrate: 32_000,
            attenuation: 20,
            muted: false,
            recording: None,
        }
    }
}

impl VideoOptions {
    /// A camera at 25 frames per second that sends these layers.
    pub fn camera(layers: impl Into<Vec<VideoLayer>>) -> Self {
        Self {
            name: "camera".to_owned(),
            source: proto::TrackSource::Camera,
            frames_per_second: 25,
            temporal_layers: 1,
            layers: layers.into(),
            muted: false,
            recording: None,
        }
    }

    /// 640x360 with 500 kbit/s.
    pub fn small_camera() -> Self {
        Self::camera([VideoLayer::new(640, 360, 500_000)])
    }

    /// What LiveKit's clients send from a 720p camera: q, h and f.
    pub fn simulcast_camera() -> Self {
        Self::camera([
            VideoLayer::new(320, 180, 160_000),
            VideoLayer::new(640, 360, 450_000),
            VideoLayer::new(1280, 720, 1_700_000),
        ])
    }
}

impl VideoLayer {
    pub const fn new(width: u16, height: u16, bitrate: u32) -> Self {
        Self {
            width,
            height,
            bitrate,
        }
    }
}

/// LiveKit's names of simulcast layers, ascending.
pub(crate) const RIDS: [&str; 3] = ["q", "h", "f"];

/// One published track.
pub(crate) struct Publication {
    pub(crate) request: proto::AddTrackRequest,
    pub(crate) source: Source,
    pub(crate) cover: Cover,
    /// `None` before the server has said it.
    pub(crate) info: Option<proto::TrackInfo>,
    /// The media section that the answer accepted.
    pub(crate) section: Option<Mid>,
    pub(crate) muted: bool,
    /// Frames are being made.
    running: bool,
}

/// Where its frames come from.
pub(crate) enum Source {
    Audio(Box<AudioSource>),
    Video(Box<VideoSource>),
    Live(LiveSource),
}

impl Publication {
    pub(crate) fn audio(cid: &Cid, options: &AudioOptions, red: bool, epoch: Instant) -> Self {
        let request = proto::AddTrackRequest {
            cid: cid.0.clone(),
            name: options.name.clone(),
            r#type: proto::TrackType::Audio as i32,
            source: options.source as i32,
            muted: options.muted,
            disable_red: !red,
            ..Default::default()
        };
        let source = AudioSource::new(options, epoch);
        Self::new(request, Source::Audio(Box::new(source)), options.muted)
    }

    pub(crate) fn video(cid: &Cid, options: &VideoOptions, epoch: Instant) -> Self {
        let largest = options.layers.last();
        let layers: Vec<_> = layers(options).collect();
        let request = proto::AddTrackRequest {
            cid: cid.0.clone(),
            name: options.name.clone(),
            r#type: proto::TrackType::Video as i32,
            source: options.source as i32,
            muted: options.muted,
            width: largest.map_or(0, |layer| layer.width.into()),
            height: largest.map_or(0, |layer| layer.height.into()),
            layers: layers.clone(),
            simulcast_codecs: vec![proto::SimulcastCodec {
                codec: "vp8".to_owned(),
                cid: cid.0.clone(),
                layers,
                ..Default::default()
            }],
            ..Default::default()
        };
        let source = VideoSource::new(options, epoch);
        Self::new(request, Source::Video(Box::new(source)), options.muted)
    }

    pub(crate) fn live(cid: &Cid, options: &LiveOptions, epoch: Instant) -> Self {
        let VideoLayer {
            width,
            height,
            bitrate,
        } = options.layer;
        let layers = vec![proto::VideoLayer {
            quality: proto::VideoQuality::High as i32,
            width: width.into(),
            height: height.into(),
            bitrate,
            ..Default::default()
        }];
        let request = proto::AddTrackRequest {
            cid: cid.0.clone(),
            name: options.name.clone(),
            r#type: proto::TrackType::Video as i32,
            source: options.source as i32,
            width: width.into(),
            height: height.into(),
            layers: layers.clone(),
            simulcast_codecs: vec![proto::SimulcastCodec {
                codec: "vp9".to_owned(),
                cid: cid.0.clone(),
                layers,
                // Its packets name no layers.
                video_layer_mode: proto::video_layer::Mode::OneSpatialLayerPerStream as i32,
            }],
            ..Default::default()
        };
        Self::new(request, Source::Live(LiveSource::new(epoch)), false)
    }

    fn new(request: proto::AddTrackRequest, source: Source, muted: bool) -> Self {
        Self {
            request,
            source,
            cover: Cover::Clear,
            info: None,
            section: None,
            muted,
            running: false,
        }
    }

    /// From here on its frames go out sealed, under a name that no other track had. False: there are too many tracks.
    pub(crate) fn seal(&mut self, encryption: &Encryption) -> bool {
        self.unseal();
        let Some((track, name)) = encryption.add_track(self.announced_kind()) else {
            return false;
        };
        self.request.name = name;
        self.request.encryption = proto::encryption::Type::Gcm as i32;
        let encryption = encryption.clone();
        self.cover = Cover::Sealed { encryption, track };
        true
    }

    /// The track is over.
    pub(crate) fn unseal(&self) {
        if let Cover::Sealed { encryption, track } = &self.cover {
            encryption.remove_track(*track);
        }
    }

    fn announced_kind(&self) -> Kind {
        let codec = match self.source {
            Source::Audio(_) => Codec::Opus,
            Source::Video(_) => Codec::Vp8,
            Source::Live(_) => Codec::Vp9,
        };
        Kind::new(self.request.source(), codec)
    }

    /// Starts or stops making frames. True: they can come from its owner from here on.
    pub(crate) fn run(&mut self, now: Instant, runs: bool) -> bool {
        let starts = runs && !self.running;
        if starts {
            match &mut self.source {
                Source::Audio(audio) => audio.start(now),
                Source::Video(video) => video.start(now),
                Source::Live(_) => {}
            }
        }
        self.running = runs;
        starts && matches!(self.source, Source::Live(_))
    }

    /// The section that its frames go out on. What its owner encodes waits until the server has announced it: before that
    /// nobody sees it.
    pub(crate) fn way(&self) -> Option<Mid> {
        let waits = matches!(self.source, Source::Live(_)) && self.info.is_none();
        self.section.filter(|_| !self.muted && !waits)
    }

    /// When the next frame is due.
    pub(crate) fn wake(&self) -> Option<Instant> {
        match &self.source {
            Source::Audio(audio) => audio.wake(),
            Source::Video(video) => video.wake(),
            Source::Live(_) => None,
        }
        .filter(|_| self.running)
    }

    pub(crate) fn kind(&self) -> MediaKind {
        match self.source {
            Source::Audio(_) => MediaKind::Audio,
            Source::Video(_) | Source::Live(_) => MediaKind::Video,
        }
    }

    pub(crate) fn sid(&self) -> Option<&str> {
        self.info.as_ref().map(|info| info.sid.as_str())
    }

    /// The rids to offer; one layer has none.
    pub(crate) fn rids(&self) -> &'static [&'static str] {
        match &self.source {
            Source::Video(video) if video.layer_count() > 1 => {
                RIDS.get(..video.layer_count()).unwrap_or(&RIDS)
            }
            _ => &[],
        }
    }

    /// Another session begins: the server knows nothing of it.
    pub(crate) fn forget_session(&mut self) {
        self.info = None;
        self.section = None;
        self.running = false;
        self.request.muted = self.muted;
        if let Source::Video(video) = &mut self.source {
            video.want_all();
            video.request_key_frames();
        }
    }
}

fn layers(options: &VideoOptions) -> impl Iterator<Item = proto::VideoLayer> + '_ {
    let count = options.layers.len();
    options
        .layers
        .iter()
        .zip(RIDS)
        .enumerate()
        .map(move |(index, (layer, rid))| {
            // With one layer, LiveKit's clients call it the highest quality.
            let quality = if count == 1 { 2 } else { index as i32 };
            proto::VideoLayer {
                quality,
                width: layer.width.into(),
                height: layer.height.into(),
                bitrate: layer.bitrate,
                rid: if count == 1 {
                    String::new()
                } else {
                    rid.to_owned()
                },
                ..Default::default()
            }
        })
}
