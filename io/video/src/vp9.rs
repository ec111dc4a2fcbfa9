//! VP9 by libvpx, in real time and for screens: the only place of ours that calls what is not Rust.
//!
//! # Security
//!
//! What it decodes and encodes is a frame of this program's own or of a test's; a viewer's browser decodes what goes out.
//! `shim.c` keeps nothing of what it is given beyond a call, and what it gives is copied before the next.

#![expect(unsafe_code, reason = "libvpx is a library of C")]

use std::ffi::c_int;
use std::ptr::{NonNull, null};
use std::slice;
use std::time::Duration;

use crate::{Encoded, I420, Unfit};

/// Of one size.
pub struct Encoder {
    opened: NonNull<OpenEncoder>,
    width: u16,
    height: u16,
    /// In [`TICKS`], of the last frame.
    last: Option<i64>,
}

/// Of any size.
pub struct Decoder(NonNull<OpenDecoder>);

#[repr(C)]
struct OpenEncoder {
    _opaque: [u8; 0],
}

#[repr(C)]
struct OpenDecoder {
    _opaque: [u8; 0],
}

#[repr(C)]
struct Planes {
    planes: [*const u8; 3],
    strides: [usize; 3],
    width: u32,
    height: u32,
}

#[repr(C)]
struct Frame {
    bytes: *const u8,
    length: usize,
    is_key: c_int,
}

unsafe extern "C" {
    fn conclave_vp9_open(width: u32, height: u32, kbps: u32) -> *mut OpenEncoder;
    fn conclave_vp9_set_rate(encoder: *mut OpenEncoder, kbps: u32) -> c_int;
    fn conclave_vp9_encode(
        encoder: *mut OpenEncoder,
        picture: *const Planes,
        at: i64,
        duration: u32,
        wants_key: c_int,
        frame: *mut Frame,
    ) -> c_int;
    fn conclave_vp9_close(encoder: *mut OpenEncoder);
    fn conclave_vp9_decoder_open() -> *mut OpenDecoder;
    fn conclave_vp9_decode(
        decoder: *mut OpenDecoder,
        bytes: *const u8,
        length: u32,
        picture: *mut Planes,
    ) -> c_int;
    fn conclave_vp9_decoder_close(decoder: *mut OpenDecoder);
}

/// Of a second, as `shim.c` says it to libvpx.
const TICKS: u128 = 90_000;
/// Of the first frame, and the longest that the rate is shared out by: a thirtieth and a fifth of a second.
const USUAL: i64 = 3_000;
const LONGEST: i64 = 18_000;

// SAFETY: libvpx ties what was opened to no thread, and whoever has it has it alone: each call takes it exclusively.
unsafe impl Send for Encoder {}
// SAFETY: as of an encoder.
unsafe impl Send for Decoder {}

impl Encoder {
    /// With so many kilobits a second. `None`: not of this size, or not here.
    pub fn open(width: u16, height: u16, kbps: u32) -> Option<Self> {
        // SAFETY: it takes numbers, and gives null or what is closed once, in `drop`.
        let opened = unsafe { conclave_vp9_open(width.into(), height.into(), kbps) };
        Some(Self {
            opened: NonNull::new(opened)?,
            width,
            height,
            last: None,
        })
    }

    /// From the next frame on. One that libvpx does not take changes nothing.
    pub fn set_rate(&mut self, kbps: u32) {
        // SAFETY: it was opened, and is closed in `drop` alone.
        let _refused = unsafe { conclave_vp9_set_rate(self.opened.as_ptr(), kbps) };
    }

    /// What is seen `at` this time, which is later than that of all before. `None`: it is left out, to keep to the rate.
    pub fn encode(
        &mut self,
        picture: &I420,
        at: Duration,
        wants_key: bool,
    ) -> Result<Option<Encoded>, Unfit> {
        if (picture.width(), picture.height()) != (self.width, self.height) {
            return Err(Unfit);
        }
        let (at, duration) = self.time(at);
        let planes = Planes {
            planes: picture.planes().map(<[u8]>::as_ptr),
            strides: picture.strides(),
            width: self.width.into(),
            height: self.height.into(),
        };
        let mut frame = Frame {
            bytes: null(),
            length: 0,
            is_key: 0,
        };
        // SAFETY: it was opened; the planes hold rows of these strides for a picture of this size, which is the encoder's, and
        // live as long as `picture`, which is borrowed for the call; `frame` is written alone.
        let failed = unsafe {
            conclave_vp9_encode(
                self.opened.as_ptr(),
                &raw const planes,
                at,
                duration,
                wants_key.into(),
                &raw mut frame,
            )
        };
        if failed != 0 {
            return Err(Unfit);
        }
        if frame.bytes.is_null() || frame.length == 0 {
            return Ok(None);
        }
        // SAFETY: so many bytes are there until the next call of the encoder, which is borrowed exclusively until then.
        let bytes = unsafe { slice::from_raw_parts(frame.bytes, frame.length) };
        Ok(Some(Encoded {
            bytes: bytes.to_vec(),
            is_key: frame.is_key != 0,
        }))
    }

    /// In ticks, and since when: libvpx wants times to rise.
    fn time(&mut self, at: Duration) -> (i64, u32) {
        let ticks = i64::try_from(at.as_micros() * TICKS / 1_000_000).unwrap_or(i64::MAX - 1);
        let last = self.last.unwrap_or(ticks.saturating_sub(USUAL));
        let ticks = ticks.max(last.saturating_add(1));
        self.last = Some(ticks);
        let duration = (ticks - last).clamp(1, LONGEST);
        (ticks, u32::try_from(duration).unwrap_or(1))
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: it was opened, and nothing has it after this.
        unsafe { conclave_vp9_close(self.opened.as_ptr()) }
    }
}

impl Decoder {
    /// `None`: it can't be.
    pub fn open() -> Option<Self> {
        // SAFETY: it gives null or what is closed once, in `drop`.
        NonNull::new(unsafe { conclave_vp9_decoder_open() }).map(Self)
    }

    /// What is seen with this frame.
    pub fn decode(&mut self, bytes: &[u8]) -> Result<I420, Unfit> {
        let length = u32::try_from(bytes.len()).map_err(|_| Unfit)?;
        let mut seen = Planes {
            planes: [null(), null(), null()],
            strides: [0; 3],
            width: 0,
            height: 0,
        };
        let opened = self.0.as_ptr();
        // SAFETY: it was opened; so many bytes are there, and are read alone; `seen` is written alone.
        let failed = unsafe { conclave_vp9_decode(opened, bytes.as_ptr(), length, &raw mut seen) };
        if failed != 0 || seen.planes.iter().any(|plane| plane.is_null()) {
            return Err(Unfit);
        }
        let [width, height] = [seen.width, seen.height].map(u16::try_from);
        let (width, height) = (width.map_err(|_| Unfit)?, height.map_err(|_| Unfit)?);
        let rows = [1, 2, 2].map(|share| usize::from(height).div_ceil(share));
        let widths = [1, 2, 2].map(|share| usize::from(width).div_ceil(share));
        let mut planes: [&[u8]; 3] = [&[], &[], &[]];
        let parts = seen
            .planes
            .iter()
            .zip(seen.strides)
            .zip(rows.iter().zip(widths));
        for (plane, ((start, stride), (rows, width))) in planes.iter_mut().zip(parts) {
            let length = stride * rows.saturating_sub(1) + width;
            // SAFETY: libvpx holds rows of this stride for a picture of this size, until the next call of the decoder, which is
            // borrowed exclusively until the copy is made.
            *plane = unsafe { slice::from_raw_parts(*start, length) };
        }
        I420::copied(width, height, planes, seen.strides).ok_or(Unfit)
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: it was opened, and nothing has it after this.
        unsafe { conclave_vp9_decoder_close(self.0.as_ptr()) }
    }
}
