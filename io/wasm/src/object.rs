//! Plain objects for JavaScript.

use js_sys::{Error, Object, Reflect};
use wasm_bindgen::JsValue;

/// An object with these properties; what is `undefined` is left out.
pub(crate) fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        if !value.is_undefined() {
            // A plain object takes every property.
            let _taken = Reflect::set(&object, &name.into(), &value);
        }
    }
    object.into()
}

/// An `Error` for programs: its `code` is its message.
pub(crate) fn coded(code: &str) -> JsValue {
    let error = Error::new(code);
    // An error takes every property.
    let _taken = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}
