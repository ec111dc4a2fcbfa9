//! That a log goes on from what somebody remembers of it.

use conclave_audit::{Checkpoint, ConsistencyProof};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{coded, hashes, head, verifier};

/// A checkpoint that the log's key signed. Throws `key` or `checkpoint`.
#[wasm_bindgen(js_name = openCheckpoint, unchecked_return_type = "LogHead")]
pub fn open_checkpoint(
    note: &str,
    #[wasm_bindgen(js_name = verifierKey)] key: &str,
) -> Result<JsValue, JsValue> {
    Ok(head(&open(note, key)?))
}

/// The head of a log that goes on from the one that was held. `proof` has hashes in base64, none between equal sizes.
/// Throws `key`, `checkpoint`, or `inconsistent` for a log that took back or changed what it had signed.
#[wasm_bindgen(js_name = verifyConsistency, unchecked_return_type = "LogHead")]
pub fn verify_consistency(
    held: &str,
    note: &str,
    proof: Vec<String>,
    #[wasm_bindgen(js_name = verifierKey)] key: &str,
) -> Result<JsValue, JsValue> {
    let (held, newest) = (open(held, key)?, open(note, key)?);
    let proof = hashes(&proof).map(ConsistencyProof);
    let proven = proof.is_some_and(|proof| {
        let (old, new) = ((held.size, held.root), (newest.size, newest.root));
        proof.verify(old, new).is_ok()
    });
    if !proven {
        return Err(coded("inconsistent", None));
    }
    Ok(head(&newest))
}

fn open(note: &str, key: &str) -> Result<Checkpoint, JsValue> {
    Checkpoint::open(note, &verifier(key)?).map_err(|_| coded("checkpoint", None))
}
