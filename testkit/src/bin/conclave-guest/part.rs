//! What a story tells its guest.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

/// The first line.
#[derive(Deserialize)]
pub(crate) struct Part {
    pub(crate) server: SocketAddr,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) camera: Option<Camera>,
    /// A recording of Opus with 20 ms a packet.
    pub(crate) microphone: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Has this link.
    Member(String),
    /// Has the code of this link alone, and guesses the secret.
    Stranger(String),
    /// As before; takes all that the server forwards as it is.
    Tap(String),
    /// In this room of a developer's, without encryption.
    Developer(String),
}

/// A recording of VP8, which begins with a key frame.
#[derive(Deserialize)]
pub(crate) struct Camera {
    pub(crate) recording: PathBuf,
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) frames_per_second: u32,
}

/// Each line that follows.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cue {
    Say {
        topic: String,
        text: String,
    },
    /// Of a received track, LiveKit's: 0 low, 1 medium, 2 high.
    Quality {
        track: String,
        quality: i32,
    },
    /// Writes the last frames of a received track as a recording.
    Write {
        track: String,
        recording: PathBuf,
    },
}
