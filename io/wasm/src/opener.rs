//! What the other members send.

use conclave_e2ee::frame;
use js_sys::Uint8Array;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::codec::Codec;
use crate::copied;
use crate::data::Label;
use crate::keys::{EpochKeys, leaf};

#[wasm_bindgen]
#[derive(Default)]
pub struct Opener {
    opener: frame::Opener,
    out: Vec<u8>,
}

#[wasm_bindgen]
impl Opener {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn install(&mut self, keys: &EpochKeys) -> Result<(), JsError> {
        Ok(self.opener.install(&keys.0)?)
    }

    /// Gives up the keys of this epoch and all before it.
    pub fn retire(&mut self, epoch: u64) {
        self.opener.retire(epoch);
    }

    /// `undefined` where the bytes were not opened.
    #[wasm_bindgen(js_name = openFrame)]
    pub fn open_frame(
        &mut self,
        source: &mut Source,
        codec: Codec,
        bytes: &[u8],
    ) -> Option<Uint8Array> {
        let opened = self
            .opener
            .open_frame(source.0, codec.into(), bytes, &mut self.out);
        source.0.context = Some(opened.ok()?);
        Some(copied(&self.out))
    }

    /// `undefined` where the bytes were not opened.
    #[wasm_bindgen(js_name = openMessage)]
    pub fn open_message(
        &mut self,
        #[wasm_bindgen(js_name = leaf)] index: u32,
        label: Label,
        bound: &[u8],
        bytes: &[u8],
    ) -> Result<Option<Uint8Array>, JsError> {
        let opened =
            self.opener
                .open_message(leaf(index)?, label.into(), bound, bytes, &mut self.out);
        Ok(opened.ok().map(|()| copied(&self.out)))
    }

    #[wasm_bindgen(getter)]
    pub fn drops(&self) -> Drops {
        let drops = self.opener.drops();
        Drops {
            malformed: drops.malformed,
            misattributed: drops.misattributed,
            keyless: drops.keyless,
            replayed: drops.replayed,
            forged: drops.forged,
        }
    }
}

/// One track of another member; it stays with the stream of its first frame that was opened.
#[wasm_bindgen]
pub struct Source(frame::Source);

#[wasm_bindgen]
impl Source {
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(js_name = leaf)] index: u32) -> Result<Self, JsError> {
        let context = None;
        Ok(Self(frame::Source {
            leaf: leaf(index)?,
            context,
        }))
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
