//! One entry, proven by its file.

use conclave_audit::{ProvenEntry, TlogProof};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{coded, head, number, object, verifier};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface ProvenEntry {
  /** The entry's exact JSON. */
  readonly entry: string;
  /** Its place in the log, from 0. */
  readonly index: number;
  /** Of the log that it is in. */
  readonly head: LogHead;
  /** The signed note of that, to be held against what somebody remembers of the log. */
  readonly checkpoint: string;
}
"#;

/// Reads a `.tlog-proof` file and proves the entry in it. Throws `key`, or `unproven`.
#[wasm_bindgen(js_name = verifyEntry, unchecked_return_type = "ProvenEntry")]
pub fn verify_entry(
    proof: &str,
    #[wasm_bindgen(js_name = verifierKey)] key: &str,
) -> Result<JsValue, JsValue> {
    let verifier = verifier(key)?;
    let unproven = || coded("unproven", None);
    let proof = TlogProof::parse(proof).ok_or_else(unproven)?;
    let note = proof.checkpoint.clone();
    let ProvenEntry {
        entry,
        index,
        checkpoint,
    } = proof.verify(&verifier).map_err(|_| unproven())?;
    let entry = String::from_utf8(entry).map_err(|_| unproven())?;
    Ok(object([
        ("entry", entry.into()),
        ("index", number(index)),
        ("head", head(&checkpoint)),
        ("checkpoint", note.into()),
    ]))
}
