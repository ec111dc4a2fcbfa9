//! What a browser keeps of its owner, wrapped, in its own database.

use conclave_e2ee::device;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};
use zeroize::Zeroizing;

use crate::object::coded;
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

    /// 32 bytes, public: what an invitation names a host by. `undefined` until the account's vault is open here.
    #[wasm_bindgen(getter, js_name = accountKey)]
    pub fn account_key(&self) -> Option<Uint8Array> {
        self.0.account_key().map(|key| copied(&key))
    }

    /// 32 bytes, public: how this device stands in its account's list, and its leaf in rosters.
    #[wasm_bindgen(getter, js_name = deviceKey)]
    pub fn device_key(&self) -> Uint8Array {
        copied(&self.0.device_key())
    }

    /// Asks the account's other browsers to be let in. `seed` is 32 random bytes, used once. Throws `label`.
    pub fn request(&self, account: &[u8], label: &str, seed: &[u8]) -> Result<Uint8Array, JsValue> {
        let (account, seed) = (arguments::account(account)?, arguments::seed(seed)?);
        let request = self.0.request(account, label, seed);
        request
            .map(|bytes| copied(&bytes))
            .map_err(|_| coded("label"))
    }

    /// What the person types in a browser that has the vault. Throws `broken` for another device's request.
    #[wasm_bindgen(js_name = approvalCode)]
    pub fn approval_code(&self, account: &[u8], request: &[u8]) -> Result<String, JsValue> {
        let code = self.0.approval_code(arguments::account(account)?, request);
        code.map(|code| code.as_str().to_owned())
            .map_err(|_| coded("broken"))
    }
}
