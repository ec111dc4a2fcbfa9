//! The computer's pointer, as a canvas draws it.

use conclave_remote::tiles::{Cursor, CursorPlace, CursorShape};
use js_sys::Uint8ClampedArray;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::object::object;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface PointerShape {
  readonly width: number;
  readonly height: number;
  /** The pixel that points. */
  readonly hotX: number;
  readonly hotY: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** What is not known yet, or hidden, is `null`. */
export interface Pointer {
  readonly shape: PointerShape | null;
  readonly place: Point | null;
}
"#;

pub(crate) fn pointer(cursor: &Cursor) -> JsValue {
    object([
        ("shape", cursor.shape().map_or(JsValue::NULL, shape)),
        ("place", cursor.place().map_or(JsValue::NULL, place)),
    ])
}

fn shape(shape: &CursorShape) -> JsValue {
    let (hot_x, hot_y) = shape.hot();
    let pixels: Vec<[u8; 4]> = shape.pixels().iter().copied().map(rgba).collect();
    object([
        ("width", shape.width().into()),
        ("height", shape.height().into()),
        ("hotX", hot_x.into()),
        ("hotY", hot_y.into()),
        (
            "rgba",
            Uint8ClampedArray::from(pixels.as_flattened()).into(),
        ),
    ])
}

fn place(place: CursorPlace) -> JsValue {
    object([
        ("monitor", place.monitor.0.into()),
        ("x", place.x.into()),
        ("y", place.y.into()),
    ])
}

/// A canvas takes colours that are not multiplied by the opacity.
fn rgba(pixel: u32) -> [u8; 4] {
    let [opacity, colours @ ..] = pixel.to_be_bytes();
    let [red, green, blue] = colours.map(|colour| {
        let whole = u32::from(colour) * 255;
        let divided = whole.checked_div(opacity.into()).unwrap_or_default();
        u8::try_from(divided).unwrap_or(u8::MAX)
    });
    [red, green, blue, opacity]
}
