//! What a track's frames wear on the wire: nothing in a developer's room, the seal of their sender in a meeting.

use std::borrow::Cow;
use std::time::Instant;

use conclave_e2ee::frame::codec::Codec;
use conclave_e2ee::frame::{Context, Source, Track, TrackKind};
use conclave_e2ee::identity::ParticipantId;
use livekit_protocol as proto;
use uuid::Uuid;

use crate::encryption::Encryption;

/// How frames go out.
pub(crate) enum Cover {
    Clear,
    Sealed {
        encryption: Encryption,
        track: Context,
    },
}

/// How frames come in.
pub(crate) enum Opening {
    Clear,
    Sealed {
        encryption: Encryption,
        /// Whose frames they have to be; without anybody's name, nothing opens.
        source: Option<Source>,
    },
}

/// What a track is, as it is authenticated beside its name.
#[derive(Clone, Copy)]
pub struct Kind {
    pub source: TrackKind,
    pub codec: Codec,
}

impl Cover {
    /// What goes out for the frame. `None`: nothing does.
    pub(crate) fn seal(&self, now: Instant, frame: Vec<u8>) -> Option<Vec<u8>> {
        match self {
            Self::Clear => Some(frame),
            Self::Sealed { encryption, track } => encryption.seal(now, *track, &frame).ok(),
        }
    }
}

impl Opening {
    pub(crate) fn new(encryption: Option<Encryption>) -> Self {
        encryption.map_or(Self::Clear, |encryption| Self::Sealed {
            encryption,
            source: None,
        })
    }

    /// The frame that came in these bytes. `None`: it counts as never sent.
    pub(crate) fn open<'a>(&mut self, now: Instant, bytes: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        match self {
            Self::Clear => Some(Cow::Borrowed(bytes)),
            Self::Sealed { encryption, source } => {
                let opened = encryption.open(now, source.as_mut()?, bytes);
                opened.ok().map(Cow::Owned)
            }
        }
    }

    /// The server says whose track it is; its first word counts.
    pub(crate) fn expect(&mut self, from: &str, track: &proto::TrackInfo) {
        if let Self::Sealed {
            source: source @ None,
            ..
        } = self
        {
            *source = announced(from, track);
        }
    }
}

impl Kind {
    pub(crate) fn new(source: proto::TrackSource, codec: Codec) -> Self {
        let is_audio = codec == Codec::Opus;
        let source = match source {
            proto::TrackSource::Microphone => TrackKind::Microphone,
            proto::TrackSource::Camera => TrackKind::Camera,
            proto::TrackSource::ScreenShare => TrackKind::Screen,
            proto::TrackSource::ScreenShareAudio => TrackKind::ScreenAudio,
            proto::TrackSource::Unknown if is_audio => TrackKind::Microphone,
            proto::TrackSource::Unknown => TrackKind::Camera,
        };
        Self { source, codec }
    }
}

/// `None`: nobody of the meeting sends such a track.
fn announced(from: &str, track: &proto::TrackInfo) -> Option<Source> {
    let participant = participant(from)?;
    let kind = Kind::new(track.source(), codec(track)?);
    let track = Track::new(kind.source, kind.codec, &track.name).ok()?;
    Some(Source::new(participant, track))
}

/// The identity on LiveKit's wire.
pub(crate) fn participant(identity: &str) -> Option<ParticipantId> {
    let id: Uuid = identity.parse().ok()?;
    Some(ParticipantId(id.into_bytes()))
}

fn codec(track: &proto::TrackInfo) -> Option<Codec> {
    let is_audio = track.r#type() == proto::TrackType::Audio;
    match track.mime_type.to_ascii_lowercase().as_str() {
        "audio/opus" | "audio/red" => Some(Codec::Opus),
        "video/vp8" => Some(Codec::Vp8),
        "video/vp9" => Some(Codec::Vp9),
        "video/av1" => Some(Codec::Av1),
        "video/h264" => Some(Codec::H264),
        // What each of our clients can send.
        "" if is_audio => Some(Codec::Opus),
        "" => Some(Codec::Vp8),
        _ => None,
    }
}
