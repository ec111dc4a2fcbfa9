//! What this member sends.

use conclave_e2ee::frame;
use conclave_e2ee::frame::Context;
use js_sys::Uint8Array;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::codec::Codec;
use crate::data::{Channel, Label};
use crate::keys::{EpochKeys, leaf};
use crate::{copied, refused};

/// One for the time that this member has its leaf.
#[wasm_bindgen]
pub struct Sealer {
    sealer: frame::Sealer,
    out: Vec<u8>,
}

#[wasm_bindgen]
impl Sealer {
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(js_name = leaf)] index: u32) -> Result<Self, JsError> {
        Ok(Self {
            sealer: frame::Sealer::new(leaf(index)?),
            out: Vec::new(),
        })
    }

    pub fn switch(&mut self, keys: &EpochKeys) -> Result<(), JsError> {
        Ok(self.sealer.switch(&keys.0)?)
    }

    pub fn stop(&mut self) {
        self.sealer.stop();
    }

    #[wasm_bindgen(getter)]
    pub fn epoch(&self) -> Option<u64> {
        self.sealer.epoch()
    }

    /// The number of a track's stream.
    #[wasm_bindgen(js_name = addTrack)]
    pub fn add_track(&mut self) -> Result<u8, JsError> {
        let track = self.sealer.add_track();
        track
            .map(Context::number)
            .ok_or_else(|| refused("all streams are in use"))
    }

    #[wasm_bindgen(js_name = removeTrack)]
    pub fn remove_track(&mut self, track: u8) {
        if let Some(track) = Context::new(track) {
            self.sealer.remove_track(track);
        }
    }

    #[wasm_bindgen(js_name = sealFrame)]
    pub fn seal_frame(
        &mut self,
        track: u8,
        codec: Codec,
        frame: &[u8],
    ) -> Result<Uint8Array, JsError> {
        let track = Context::new(track).ok_or(frame::Unsealed::NoTrack)?;
        self.sealer
            .seal_frame(track, codec.into(), frame, &mut self.out)?;
        Ok(copied(&self.out))
    }

    /// `bound` is authenticated and not sent.
    #[wasm_bindgen(js_name = sealMessage)]
    pub fn seal_message(
        &mut self,
        label: Label,
        channel: Channel,
        bound: &[u8],
        message: &[u8],
    ) -> Result<Uint8Array, JsError> {
        self.sealer
            .seal_message(label.into(), channel.into(), bound, message, &mut self.out)?;
        Ok(copied(&self.out))
    }
}
