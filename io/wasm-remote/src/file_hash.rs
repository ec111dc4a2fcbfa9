//! The hash of a file, piece by piece: browsers hash only what they hold as a whole.

use js_sys::Uint8Array;
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::copied;

/// SHA-256.
#[wasm_bindgen]
#[derive(Default)]
pub struct FileHash(Sha256);

#[wasm_bindgen]
impl FileHash {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Of all that came.
    pub fn finish(self) -> Uint8Array {
        let hash: [u8; 32] = self.0.finalize().into();
        copied(&hash)
    }
}
