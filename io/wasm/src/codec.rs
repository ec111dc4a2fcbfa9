//! The codecs whose frames can be sealed.

use conclave_e2ee::frame::codec;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Codec {
    Opus,
    Vp8,
    Vp9,
    Av1,
    H264,
}

impl From<Codec> for codec::Codec {
    fn from(codec: Codec) -> Self {
        match codec {
            Codec::Opus => Self::Opus,
            Codec::Vp8 => Self::Vp8,
            Codec::Vp9 => Self::Vp9,
            Codec::Av1 => Self::Av1,
            Codec::H264 => Self::H264,
        }
    }
}
