//! What a supported computer shows.

use conclave_protocol::remote::MonitorId;
use conclave_remote::tiles::{
    Decoder, FromViewer, Received, Rect, Update, VideoMessage, VideoTurn,
};
use js_sys::{Uint8Array, Uint8ClampedArray, Uint16Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::copied;
use crate::object::object;
use crate::pointer::pointer;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type TilesReceived =
  | {
      readonly kind: "batch";
      readonly monitor: number;
      /** Four numbers for each rectangle that changed: x, y, width, height. */
      readonly dirty: Uint16Array;
      /** The picture has another size than before, or is the first. */
      readonly resized: boolean;
      /** The picture is what the computer showed, to the last pixel. */
      readonly exact: boolean;
      /** For the agent. */
      readonly answer: Uint8Array<ArrayBuffer>;
    }
  | { readonly kind: "pointer" }
  | {
      readonly kind: "video";
      readonly monitor: number;
      /** One may come; it is to be said whether it can be shown. Or it shows the monitor in place of its picture, or does no more. */
      readonly turn: "offered" | "begins" | "ends";
      /** 2: VP9. */
      readonly codec: number;
      /** The picture is what the computer showed, to the last pixel. */
      readonly exact: boolean;
    }
  /** From before everything began again. */
  | { readonly kind: "stale"; readonly answer: Uint8Array<ArrayBuffer> };

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}
"#;

/// Everything that one agent shows to this page.
#[wasm_bindgen]
#[derive(Default)]
pub struct TileDecoder(Decoder);

#[wasm_bindgen]
impl TileDecoder {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// `undefined` for what is no message: the monitor that it may have been about has to come again.
    #[wasm_bindgen(unchecked_return_type = "TilesReceived | undefined")]
    pub fn receive(&mut self, bytes: &[u8]) -> JsValue {
        match self.0.receive(bytes) {
            Ok(Received::Batch(update)) => batch(&update),
            Ok(Received::Cursor) => object([("kind", "pointer".into())]),
            Ok(Received::Video(message)) => video(message, self.0.is_pixel_exact(message.monitor)),
            Ok(Received::Stale(answer)) => object([
                ("kind", "stale".into()),
                ("answer", copied(&answer.encode()).into()),
            ]),
            Err(_) => JsValue::UNDEFINED,
        }
    }

    /// The pixels of a rectangle, for a canvas; `undefined` where it reaches beyond the picture, or there is none.
    #[wasm_bindgen(unchecked_return_type = "Uint8ClampedArray<ArrayBuffer> | undefined")]
    pub fn rgba(&self, monitor: u8, x: u16, y: u16, width: u16, height: u16) -> JsValue {
        let rect = Rect::new(x, y, width, height);
        let picture = self.0.picture(MonitorId(monitor));
        let pixels = picture
            .filter(|picture| rect.intersection(picture.size().rect()) == Some(rect))
            .map(|picture| picture.rgba(rect).collect::<Vec<_>>());
        pixels.map_or(JsValue::UNDEFINED, |pixels| {
            Uint8ClampedArray::from(pixels.as_flattened()).into()
        })
    }

    #[wasm_bindgen(unchecked_return_type = "PictureSize | undefined")]
    pub fn size(&self, monitor: u8) -> JsValue {
        let picture = self.0.picture(MonitorId(monitor));
        picture.map_or(JsValue::UNDEFINED, |picture| {
            object([
                ("width", picture.size().width().into()),
                ("height", picture.size().height().into()),
            ])
        })
    }

    #[wasm_bindgen(unchecked_return_type = "Pointer")]
    pub fn pointer(&self) -> JsValue {
        pointer(self.0.cursor())
    }

    /// A monitor that is not shown any more.
    pub fn forget(&mut self, monitor: u8) {
        self.0.forget(MonitorId(monitor));
    }
}

/// Everything of this monitor has to come again.
#[wasm_bindgen(js_name = encodeResync)]
pub fn encode_resync(monitor: u8) -> Uint8Array {
    copied(&FromViewer::Resync(MonitorId(monitor)).encode())
}

/// Whether the video that was offered of this monitor can be shown.
#[wasm_bindgen(js_name = encodeVideoAnswer)]
pub fn encode_video_answer(monitor: u8, can: bool) -> Uint8Array {
    let monitor = MonitorId(monitor);
    copied(&FromViewer::Video { monitor, can }.encode())
}

fn video(message: VideoMessage, is_exact: bool) -> JsValue {
    let turn = match message.turn {
        VideoTurn::Offered => "offered",
        VideoTurn::Begins => "begins",
        VideoTurn::Ends => "ends",
    };
    object([
        ("kind", "video".into()),
        ("monitor", message.monitor.0.into()),
        ("turn", turn.into()),
        ("codec", message.codec.0.into()),
        ("exact", is_exact.into()),
    ])
}

fn batch(update: &Update) -> JsValue {
    let dirty = update.dirty.iter();
    let dirty: Vec<_> = dirty
        .map(|rect| [rect.x, rect.y, rect.width, rect.height])
        .collect();
    object([
        ("kind", "batch".into()),
        ("monitor", update.monitor.0.into()),
        ("dirty", Uint16Array::from(dirty.as_flattened()).into()),
        ("resized", update.is_resized.into()),
        ("exact", update.is_pixel_exact.into()),
        ("answer", copied(&update.answer().encode()).into()),
    ])
}
