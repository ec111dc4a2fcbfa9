//! Encodes what moves on a screen, and decodes it again: VP9, by libvpx, which is linked as a part of the program.
//!
//! Where libvpx was not there when the program was built, no [`Encoder`] opens, and whoever wants one goes on without.

#![deny(unsafe_code)]

mod i420;
#[cfg(vp9)]
mod vp9;
#[cfg(not(vp9))]
#[path = "absent.rs"]
mod vp9;

pub use i420::I420;
pub use vp9::{Decoder, Encoder};

/// A frame as it goes to a decoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    pub bytes: Vec<u8>,
    /// It builds on no other.
    pub is_key: bool,
}

/// The picture is not of the encoder's size, or the bytes are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit;

#[cfg(test)]
mod tests;
