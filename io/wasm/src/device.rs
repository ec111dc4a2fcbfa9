//! What a browser keeps of its owner, wrapped, in its own database.

use conclave_e2ee::device;
use js_sys::Uint8Array;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::{arguments, copied};

#[wasm_bindgen]
pub struct DeviceKeys(pub(crate) device::DeviceKeys);

#[wasm_bindgen]
impl DeviceKeys {
    /// `seed` is 32 random bytes, used once.
    pub fn generate(seed: &[u8]) -> Result<Self, JsError> {
        Ok(Self(device::DeviceKeys::generate(arguments::seed(seed)?)))
    }

    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, JsError> {
        let bytes = Zeroizing::new(bytes);
        Ok(Self(device::DeviceKeys::from_bytes(&bytes)?))
    }

    /// For wrapped storage only. Overwrite it when it is wrapped.
    #[wasm_bindgen(js_name = toBytes)]
    pub fn to_bytes(&self) -> Uint8Array {
        copied(&self.0.to_bytes())
    }

    /// 32 bytes, public: what an invitation names a host by.
    #[wasm_bindgen(getter, js_name = accountKey)]
    pub fn account_key(&self) -> Uint8Array {
        copied(&self.0.account_key())
    }
}
