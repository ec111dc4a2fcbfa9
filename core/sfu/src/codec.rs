//! Readers of what media payloads say in clear, under end-to-end encryption too.
//!
//! The bytes are strangers': each reader is bounded by its input, answers [`Malformed`] where the
//! bytes make no sense, and never panics.

pub mod av1;
mod bits;
pub mod dependency_descriptor;
pub mod h264;
pub mod red;
pub mod vp8;
pub mod vp9;

/// Why a payload or a header extension was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("the bytes end too early")]
    Truncated,
    #[error("a field has a value that the format forbids")]
    Invalid,
    #[error("the frame refers to a structure that was not sent")]
    NoStructure,
    #[error("the packet belongs to a source that was replaced")]
    Superseded,
}

/// The byte at `*at`, which then points behind it.
fn read_byte(bytes: &[u8], at: &mut usize) -> Result<u8, Malformed> {
    let byte = *bytes.get(*at).ok_or(Malformed::Truncated)?;
    *at += 1;
    Ok(byte)
}

/// The big-endian number at `*at`, which then points behind it.
fn read_u16(bytes: &[u8], at: &mut usize) -> Result<u16, Malformed> {
    let high = read_byte(bytes, at)?;
    let low = read_byte(bytes, at)?;
    Ok(u16::from_be_bytes([high, low]))
}

/// A picture's number: 7 bits, or 15 bits behind a set top bit.
fn read_picture_id(bytes: &[u8], at: &mut usize) -> Result<PictureId, Malformed> {
    let first = read_byte(bytes, at)?;
    if first & 0x80 == 0 {
        return Ok(PictureId {
            value: u16::from(first),
            wide: false,
        });
    }
    let second = read_byte(bytes, at)?;
    Ok(PictureId {
        value: u16::from_be_bytes([first & 0x7f, second]),
        wide: true,
    })
}

/// The running number of a picture in VP8 and VP9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureId {
    pub value: u16,
    /// 15 bits on the wire, else 7.
    pub wide: bool,
}

impl PictureId {
    /// How many bits the number has on the wire.
    pub fn bits(self) -> u32 {
        if self.wide { 15 } else { 7 }
    }
}
