//! `conclave-e2ee` for the browser's worker: bindings, and no thought of their own.
//!
//! Bytes are copied in and out, so that the browser can own and transfer them. What is refused throws; a frame that
//! can't be opened is `undefined`, since everybody on the way can make one. Keys of meetings never come out; a
//! device's own do, to be kept, and what a person's vault holds of their meetings.
#![deny(unsafe_code)]

mod arguments;
mod codec;
mod computer;
mod data;
mod device;
mod device_list;
mod frames;
mod letters;
mod member;
mod object;
mod output;
mod recording;
mod roster;
mod terms;
mod vault;

use js_sys::Uint8Array;
use wasm_bindgen::JsError;

/// The browser's own copy.
fn copied(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

fn refused(reason: &str) -> JsError {
    JsError::new(reason)
}
