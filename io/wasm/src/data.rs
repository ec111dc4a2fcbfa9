//! What a data message is about, and how it travels.

use conclave_e2ee::frame::data;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Label {
    Chat,
    File,
    Input,
    App,
}

#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Channel {
    Reliable,
    Lossy,
}

impl From<Label> for data::Label {
    fn from(label: Label) -> Self {
        match label {
            Label::Chat => Self::Chat,
            Label::File => Self::File,
            Label::Input => Self::Input,
            Label::App => Self::App,
        }
    }
}

impl From<Channel> for data::Channel {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Reliable => Self::Reliable,
            Channel::Lossy => Self::Lossy,
        }
    }
}
