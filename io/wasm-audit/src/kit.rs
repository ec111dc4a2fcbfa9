//! A whole export, derived again.

use conclave_audit::kit::CHECKPOINT_FILE;
use conclave_audit::{files_of_zip, verify_kit};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{coded, number, object, verifier};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What was derived of a kit. */
export interface VerifiedKit {
  /** Its first entry: 0 where the log is whole. */
  readonly first: number;
  /** One past its last entry. */
  readonly size: number;
  /** SHA-256, in base64. */
  readonly root: string;
  /** Signed checkpoints that the entries have the roots of. */
  readonly checkpoints: number;
  /** Signed checkpoints of before the first entry. */
  readonly unproven: number;
  /** The signed note of its tree, to be held against what somebody remembers of the log. */
  readonly checkpoint: string;
}
"#;

/// Derives the log of a kit (a ZIP) from its entries, and holds every tile and checkpoint against it. Throws `key`, or
/// `kit`, whose message says what does not hold.
#[wasm_bindgen(js_name = verifyKit, unchecked_return_type = "VerifiedKit")]
pub fn verify(
    zip: &[u8],
    #[wasm_bindgen(js_name = verifierKey)] key: &str,
) -> Result<JsValue, JsValue> {
    let verifier = verifier(key)?;
    let files = files_of_zip(zip).map_err(|error| coded("kit", Some(error.to_string())))?;
    let kit = verify_kit(&files, &verifier);
    let kit = kit.map_err(|error| coded("kit", Some(error.to_string())))?;
    let note = files.get(CHECKPOINT_FILE).copied().unwrap_or_default();
    Ok(object([
        ("first", number(kit.first)),
        ("size", number(kit.size)),
        ("root", kit.root.to_base64().into()),
        ("checkpoints", number(kit.checkpoints)),
        ("unproven", number(kit.unproven_checkpoints)),
        (
            "checkpoint",
            String::from_utf8_lossy(note).into_owned().into(),
        ),
    ]))
}
