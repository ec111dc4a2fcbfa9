//! What frames come from, and what became of those that didn't open.

use conclave_e2ee::frame::{self, Track};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::arguments;
use crate::codec::Codec;

/// What LiveKit's `TrackInfo.source` says.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum TrackKind {
    Microphone,
    Camera,
    Screen,
    ScreenAudio,
}

impl From<TrackKind> for frame::TrackKind {
    fn from(kind: TrackKind) -> Self {
        match kind {
            TrackKind::Microphone => Self::Microphone,
            TrackKind::Camera => Self::Camera,
            TrackKind::Screen => Self::Screen,
            TrackKind::ScreenAudio => Self::ScreenAudio,
        }
    }
}

/// One track of another participant; it stays with the stream of its first frame that was opened.
#[wasm_bindgen]
pub struct Source(pub(crate) frame::Source);

#[wasm_bindgen]
impl Source {
    #[wasm_bindgen(constructor)]
    pub fn new(
        participant: &[u8],
        kind: TrackKind,
        codec: Codec,
        name: &str,
    ) -> Result<Self, JsError> {
        let participant = arguments::participant(participant)?;
        let track = Track::new(kind.into(), codec.into(), name)?;
        Ok(Self(frame::Source::new(participant, track)))
    }
}

/// How many frames and messages were not opened, by the first check that they failed.
#[wasm_bindgen]
pub struct Drops {
    pub malformed: u64,
    pub misattributed: u64,
    pub keyless: u64,
    pub replayed: u64,
    pub forged: u64,
}

impl From<frame::Drops> for Drops {
    fn from(drops: frame::Drops) -> Self {
        Self {
            malformed: drops.malformed,
            misattributed: drops.misattributed,
            keyless: drops.keyless,
            replayed: drops.replayed,
            forged: drops.forged,
        }
    }
}
