//! What frames come from, and what became of those that didn't open.

use conclave_e2ee::frame;
use conclave_e2ee::seat;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::arguments;
use crate::codec::Codec;

/// One track of another participant; it stays with the stream of its first frame that was opened.
#[wasm_bindgen]
pub struct Source(pub(crate) seat::Source);

#[wasm_bindgen]
impl Source {
    #[wasm_bindgen(constructor)]
    pub fn new(participant: &[u8], codec: Codec) -> Result<Self, JsError> {
        let participant = arguments::participant(participant)?;
        Ok(Self(seat::Source::new(participant, codec.into())))
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
