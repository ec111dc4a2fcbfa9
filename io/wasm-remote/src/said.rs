//! What a page wants to say, by the names of its properties.

use js_sys::{Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use crate::name::named;

pub(crate) struct Said<'a>(pub(crate) &'a JsValue);

impl Said<'_> {
    pub(crate) fn value(&self, property: &str) -> Option<JsValue> {
        Reflect::get(self.0, &property.into()).ok()
    }

    pub(crate) fn text(&self, property: &str) -> Option<String> {
        self.value(property)?.as_string()
    }

    pub(crate) fn named<T: DeserializeOwned>(&self, property: &str) -> Option<T> {
        named(&self.text(property)?)
    }

    pub(crate) fn flag(&self, property: &str) -> Option<bool> {
        self.value(property)?.as_bool()
    }

    pub(crate) fn bytes(&self, property: &str) -> Option<Vec<u8>> {
        let bytes = self.value(property)?.dyn_into::<Uint8Array>();
        bytes.ok().map(|bytes| bytes.to_vec())
    }

    pub(crate) fn array<const N: usize>(&self, property: &str) -> Option<[u8; N]> {
        self.bytes(property)?.try_into().ok()
    }

    /// A whole number that its type holds.
    pub(crate) fn number<N: TryFrom<i64>>(&self, property: &str) -> Option<N> {
        let number = self.value(property)?.as_f64()?;
        let is_exact = number.fract() == 0.0 && number.abs() <= LARGEST_EXACT;
        is_exact
            .then_some(number as i64)
            .and_then(|number| N::try_from(number).ok())
    }
}

/// 2⁵³ − 1.
const LARGEST_EXACT: f64 = 9_007_199_254_740_991.0;
