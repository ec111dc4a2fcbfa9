//! An account's devices, as everybody who meets it sees them.

use conclave_e2ee::device_list;
use conclave_e2ee::device_list::{DeviceStanding, Head, MOST_ENTRIES};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::arguments::{account, byte_strings, fixed};
use crate::object::coded;
use crate::{copied, vault};

#[wasm_bindgen]
pub struct DeviceList(device_list::DeviceList);

#[wasm_bindgen]
impl DeviceList {
    /// Throws `broken` for what is no list of this account.
    pub fn read(
        #[wasm_bindgen(js_name = account)] id: &[u8],
        #[wasm_bindgen(unchecked_param_type = "Uint8Array[]")] entries: &Array,
    ) -> Result<Self, JsValue> {
        let read = device_list::DeviceList::read(account(id)?, &list(entries)?);
        read.map(Self).map_err(|_| coded("broken"))
    }

    #[wasm_bindgen(unchecked_return_type = "ListHead")]
    pub fn head(&self) -> JsValue {
        vault::head(self.0.head())
    }

    /// Whether it goes on from a list whose head was this, or ends there too.
    pub fn extends(&self, length: u16, hash: &[u8]) -> Result<bool, JsError> {
        let hash = fixed(hash)?;
        Ok(self.0.extends(Head { length, hash }))
    }

    /// Of a leaf's signature key.
    #[wasm_bindgen(unchecked_return_type = "\"listed\" | \"removed\" | \"unknown\"")]
    pub fn standing(&self, #[wasm_bindgen(js_name = deviceKey)] key: &[u8]) -> JsValue {
        let word = match self.0.standing(key) {
            DeviceStanding::Listed => "listed",
            DeviceStanding::Removed => "removed",
            DeviceStanding::Unknown => "unknown",
        };
        word.into()
    }

    /// 32 bytes: who signed the list has to have signed the leaf's certificate.
    #[wasm_bindgen(getter, js_name = accountKey)]
    pub fn account_key(&self) -> Uint8Array {
        copied(self.0.account_key())
    }
}

/// None of more entries than a list has is copied.
pub(crate) fn list(entries: &Array) -> Result<Vec<Vec<u8>>, JsValue> {
    if entries.length() as usize > MOST_ENTRIES {
        return Err(coded("broken"));
    }
    Ok(byte_strings(entries)?)
}
