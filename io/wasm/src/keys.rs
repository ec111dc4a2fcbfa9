//! The keys of an epoch, and the members that they are of.

use conclave_e2ee::frame;
use conclave_e2ee::frame::{BaseKey, Leaf};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::refused;

/// There is no way back from it to bytes.
#[wasm_bindgen]
pub struct EpochKeys(pub(crate) frame::EpochKeys);

#[wasm_bindgen]
impl EpochKeys {
    /// `baseKey` is 32 bytes of the group's exporter (RFC 9605, section 5.2).
    #[wasm_bindgen(constructor)]
    pub fn new(
        epoch: u64,
        #[wasm_bindgen(js_name = baseKey)] base_key: &[u8],
    ) -> Result<Self, JsError> {
        let mut key = BaseKey::default();
        if base_key.len() != key.len() {
            return Err(refused("a base key has 32 bytes"));
        }
        key.copy_from_slice(base_key);
        Ok(Self(frame::EpochKeys::new(epoch, &key)))
    }

    #[wasm_bindgen(getter)]
    pub fn epoch(&self) -> u64 {
        self.0.epoch()
    }
}

pub(crate) fn leaf(index: u32) -> Result<Leaf, JsError> {
    Leaf::new(index).ok_or_else(|| refused("a leaf is below 65536"))
}
