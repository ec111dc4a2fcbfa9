//! Memory into which Windows draws, and which is read as pixels.

use std::ffi::c_void;
use std::ptr::null_mut;

use windows_sys::Win32::Graphics::Gdi::{
    BI_RGB, BITMAPINFO, BITMAPINFOHEADER, BitBlt, CAPTUREBLT, CreateCompatibleDC, CreateDIBSection,
    DIB_RGB_COLORS, DeleteDC, DeleteObject, GdiFlush, GetDC, HBITMAP, HDC, HGDIOBJ, ReleaseDC,
    SRCCOPY, SelectObject,
};
use windows_sys::core::BOOL;

use super::fault::{done, some};
use crate::platform::{Area, Fault, Size};

/// The pixels that `draw` leaves on black, as those of a `Patch`.
pub(super) fn drawn(size: Size, draw: impl FnOnce(HDC) -> BOOL) -> Result<Vec<u8>, Fault> {
    let canvas = Canvas::new(size)?;
    done(draw(canvas.context))?;
    Ok(canvas.pixels())
}

/// The pixels of a part of the screen, in Windows's pixels, with windows that others shine through.
pub(super) fn copied_from_screen(area: Area) -> Result<Vec<u8>, Fault> {
    let screen = Screen::open()?;
    let (width, height) = (area.width.cast_signed(), area.height.cast_signed());
    let size = Size {
        width: area.width,
        height: area.height,
    };
    let way = SRCCOPY | CAPTUREBLT;
    drawn(size, |to| {
        // SAFETY: both contexts live until the end of this function; what is beyond the screen stays black.
        unsafe {
            BitBlt(
                to,
                0,
                0,
                width,
                height,
                screen.context(),
                area.x,
                area.y,
                way,
            )
        }
    })
}

/// The whole screen, to be read.
pub(super) struct Screen(HDC);

impl Screen {
    pub(super) fn open() -> Result<Self, Fault> {
        // SAFETY: no window is named, which means the screen.
        some(unsafe { GetDC(null_mut()) }).map(Self)
    }

    pub(super) fn context(&self) -> HDC {
        self.0
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // SAFETY: it came from `GetDC` for the same window, and is given back once.
        unsafe { ReleaseDC(null_mut(), self.0) };
    }
}

struct Canvas {
    context: HDC,
    bitmap: HBITMAP,
    /// What the context held before.
    before: HGDIOBJ,
    /// Of the bitmap, as long as that lives.
    bits: *const u8,
    bytes: usize,
}

impl Canvas {
    fn new(size: Size) -> Result<Self, Fault> {
        let bytes = bytes_of(size)?;
        let screen = Screen::open()?;
        // SAFETY: the screen's context lives until the end of this function.
        let context = some(unsafe { CreateCompatibleDC(screen.context()) })?;
        let mut bits: *mut c_void = null_mut();
        let described = described(size);
        let (context_of, no_file) = (screen.context(), null_mut());
        // SAFETY: the description and the place for the address are ours, and live through the call.
        let bitmap = some(unsafe {
            let colours = DIB_RGB_COLORS;
            CreateDIBSection(
                context_of,
                &raw const described,
                colours,
                &raw mut bits,
                no_file,
                0,
            )
        });
        let bitmap = bitmap.inspect_err(|_| {
            // SAFETY: the context was made above, and is used by nobody from here on.
            unsafe { DeleteDC(context) };
        })?;
        // SAFETY: both were made above.
        let before = unsafe { SelectObject(context, bitmap) };
        Ok(Self {
            context,
            bitmap,
            before,
            bits: bits.cast::<u8>().cast_const(),
            bytes,
        })
    }

    fn pixels(&self) -> Vec<u8> {
        // SAFETY: it takes nothing. What was drawn is in memory from then on.
        unsafe { GdiFlush() };
        // SAFETY: the bitmap lives as long as `self` and has so many bytes, by `described`; nobody draws while this reads.
        let mut pixels = unsafe { std::slice::from_raw_parts(self.bits, self.bytes) }.to_vec();
        // So that equal pictures are equal bytes.
        for pixel in pixels.chunks_exact_mut(BYTES_PER_PIXEL) {
            if let Some(unused) = pixel.last_mut() {
                *unused = 0;
            }
        }
        pixels
    }
}

impl Drop for Canvas {
    fn drop(&mut self) {
        // SAFETY: all three are this canvas's own, and each is used for the last time. A bitmap is deleted when no context
        // holds it.
        unsafe {
            SelectObject(self.context, self.before);
            DeleteObject(self.bitmap);
            DeleteDC(self.context);
        }
    }
}

/// Rows from the highest on, of 32 bits a pixel.
fn described(size: Size) -> BITMAPINFO {
    let header = BITMAPINFOHEADER {
        biSize: u32::try_from(size_of::<BITMAPINFOHEADER>()).unwrap_or_default(),
        biWidth: size.width.cast_signed(),
        biHeight: -size.height.cast_signed(),
        biPlanes: 1,
        biBitCount: 32,
        biCompression: BI_RGB,
        ..BITMAPINFOHEADER::default()
    };
    BITMAPINFO {
        bmiHeader: header,
        ..BITMAPINFO::default()
    }
}

fn bytes_of(size: Size) -> Result<usize, Fault> {
    let bytes = u64::from(size.width) * u64::from(size.height) * BYTES_PER_PIXEL as u64;
    let bytes = usize::try_from(bytes).map_err(|_| TOO_LARGE)?;
    (bytes <= LARGEST).then_some(bytes).ok_or(TOO_LARGE)
}

const BYTES_PER_PIXEL: usize = 4;

/// Eight monitors of 4K beside each other.
const LARGEST: usize = 8 * 3840 * 2160 * BYTES_PER_PIXEL;

const TOO_LARGE: Fault = Fault::TooLarge { limit: LARGEST };
