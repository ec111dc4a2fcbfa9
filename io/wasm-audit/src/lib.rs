//! `conclave-audit` for the browser: bindings, and no thought of their own.
//!
//! A module apart from the one for encryption, which is much larger and which nobody needs who verifies. What does not
//! hold throws an `Error` whose `code` says so.
#![deny(unsafe_code)]

mod checkpoint;
mod entry;
mod kit;

pub use checkpoint::{open_checkpoint, verify_consistency};
pub use entry::verify_entry;
pub use kit::verify;

use conclave_audit::{Checkpoint, Hash, Verifier};
use js_sys::{Error, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a log signed of itself. */
export interface LogHead {
  /** The log's name: its host, `/audit/`, and the organisation's id. */
  readonly origin: string;
  /** Entries so far. */
  readonly size: number;
  /** SHA-256, in base64. */
  readonly root: string;
}
"#;

/// The key's one line, with or without its newline.
fn verifier(key: &str) -> Result<Verifier, JsValue> {
    Verifier::parse(key.trim_end()).map_err(|_| coded("key", None))
}

fn head(Checkpoint { origin, size, root }: &Checkpoint) -> JsValue {
    object([
        ("origin", origin.as_str().into()),
        ("size", number(*size)),
        ("root", root.to_base64().into()),
    ])
}

fn hashes(texts: &[String]) -> Option<Vec<Hash>> {
    texts.iter().map(|text| Hash::from_base64(text)).collect()
}

/// Exact: a log has at most 2⁵³ − 1 entries.
fn number(number: u64) -> JsValue {
    (number as f64).into()
}

fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        // A plain object takes every property.
        let _taken = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// An `Error` for programs, by its `code`; what it says to people is for those who look closer.
fn coded(code: &str, said: Option<String>) -> JsValue {
    let error = Error::new(said.as_deref().unwrap_or(code));
    // An error takes every property.
    let _taken = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}
