//! What lets a technician into a computer where nobody sits, sealed to that computer.

use conclave_e2ee::computer::{Admittance, ComputerPublic, Occasion};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::arguments::fixed;
use crate::copied;
use crate::object::coded;

/// An enrolled computer, as the server describes it.
#[wasm_bindgen]
pub struct Computer(ComputerPublic);

#[wasm_bindgen]
impl Computer {
    #[wasm_bindgen(constructor)]
    pub fn new(signing: &[u8], sealing: &[u8]) -> Result<Self, JsValue> {
        Ok(Self(ComputerPublic {
            signing: fixed(signing)?,
            sealing: sealing.to_vec(),
        }))
    }

    /// SHA-256 of its keys: the computer shows the same.
    #[wasm_bindgen(getter)]
    pub fn fingerprint(&self) -> Uint8Array {
        copied(&self.0.fingerprint())
    }

    /// `computer`, `run` and `session` have 16 bytes each. Throws `too_long` for what no administrator has, and `broken` for
    /// keys that are none.
    #[expect(clippy::too_many_arguments, reason = "JavaScript passes them apart")]
    pub fn seal(
        &self,
        computer: &[u8],
        run: &[u8],
        session: &[u8],
        attempt: u8,
        link: String,
        name: String,
        password: String,
    ) -> Result<Uint8Array, JsValue> {
        let occasion = Occasion {
            computer: fixed(computer)?,
            run: fixed(run)?,
            session: fixed(session)?,
            attempt,
        };
        let admittance = Admittance {
            link: Zeroizing::new(link),
            name: Zeroizing::new(name),
            password: Zeroizing::new(password),
        };
        let sealed = self.0.seal(&occasion, &admittance);
        let sealed = sealed.map_err(|_| coded("too_long"))?;
        sealed
            .map(|sealed| copied(&sealed))
            .ok_or_else(|| coded("broken"))
    }
}
