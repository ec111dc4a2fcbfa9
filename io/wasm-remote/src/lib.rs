//! `conclave-remote` for the technician's page: its messages and its pictures. Bindings, and no thought of their own.
//!
//! A module apart from the one for encryption, which everybody in a meeting loads: whoever is helped, and every patient,
//! loads nothing of this. What comes and is no message is `undefined`, since the other side can send anything; what the
//! page itself wants to say and can't be said throws.
#![deny(unsafe_code)]

mod file_hash;
mod from_agent;
mod from_technician;
mod name;
mod object;
mod pointer;
mod recording;
mod said;
mod tiles;

pub use file_hash::FileHash;
pub use from_agent::decode_agent;
pub use from_technician::encode_technician;
pub use recording::read_moments;
pub use tiles::{TileDecoder, encode_resync, encode_video_answer};

use js_sys::Uint8Array;

/// The browser's own copy.
fn copied(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

/// What fits is exact: sizes and places in a file are below 2⁵³.
fn number(number: u64) -> wasm_bindgen::JsValue {
    (number as f64).into()
}
