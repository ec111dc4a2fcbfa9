//! Memory in which the display lays pixels.
//!
//! It is anonymous, and only the display and this program hold it: unlike a segment of System V, no other program of
//! this computer can attach it. It is read, not mapped, so that the display may write to it at any time.

use std::fs::File;
use std::os::unix::fs::FileExt;

use x11rb::connection::Connection;
use x11rb::errors::ConnectionError;
use x11rb::protocol::ErrorKind;
use x11rb::protocol::shm::{ConnectionExt, Seg, X11_EXTENSION_NAME};
use x11rb::protocol::xproto::{Drawable, ImageFormat, ImageOrder, Rectangle};

use super::display::Display;
use super::fault::unless;
use crate::platform::{Area, Fault, Patch, Size};

pub(super) struct SharedPicture {
    segment: Seg,
    memory: File,
    bytes: usize,
}

impl SharedPicture {
    /// For pictures up to this size.
    pub(super) fn new(display: &Display, size: Size) -> Result<Self, Fault> {
        check(display)?;
        let bytes = bytes_of(size)?;
        let length = u32::try_from(bytes).map_err(|_| TOO_LARGE)?;
        let segment = display.generate_id()?;
        let made = display
            .shm_create_segment(segment, length, false)?
            .reply()?;
        Ok(Self {
            segment,
            memory: File::from(made.shm_fd),
            bytes,
        })
    }

    /// Another one in its place, if this is too small.
    pub(super) fn fit(&mut self, display: &Display, size: Size) -> Result<(), Fault> {
        if bytes_of(size)? > self.bytes {
            let larger = Self::new(display, size)?;
            let small = std::mem::replace(self, larger);
            display.shm_detach(small.segment)?;
        }
        Ok(())
    }

    /// The pixels of a part of the drawable. `None`: the drawable has no such part, or is gone.
    pub(super) fn read(
        &self,
        display: &Display,
        drawable: Drawable,
        area: Area,
    ) -> Result<Option<Patch>, Fault> {
        let Some(part) = rectangle(area) else {
            return Ok(None);
        };
        let bytes = bytes_of(Size {
            width: area.width,
            height: area.height,
        })?;
        if bytes > self.bytes {
            return Err(TOO_LARGE);
        }
        let cookie = display.shm_get_image(
            drawable,
            part.x,
            part.y,
            part.width,
            part.height,
            u32::MAX,
            ImageFormat::Z_PIXMAP.into(),
            self.segment,
            0,
        )?;
        let gone = [ErrorKind::Match, ErrorKind::Drawable];
        if unless(cookie.reply(), &gone)?.is_none() {
            return Ok(None);
        }
        let mut pixels = vec![0; bytes];
        let read = self.memory.read_exact_at(&mut pixels, 0);
        read.map_err(ConnectionError::from)?;
        clear_unused(&mut pixels);
        Ok(Some(Patch { area, pixels }))
    }
}

/// `None`: no drawable is so far.
fn rectangle(area: Area) -> Option<Rectangle> {
    Some(Rectangle {
        x: area.x.try_into().ok()?,
        y: area.y.try_into().ok()?,
        width: area.width.try_into().ok()?,
        height: area.height.try_into().ok()?,
    })
}

/// So that equal pictures are equal bytes.
fn clear_unused(pixels: &mut [u8]) {
    for pixel in pixels.chunks_exact_mut(BYTES_PER_PIXEL) {
        if let Some(unused) = pixel.last_mut() {
            *unused = 0;
        }
    }
}

fn check(display: &Display) -> Result<(), Fault> {
    display.needs(X11_EXTENSION_NAME)?;
    let version = display.shm_query_version()?.reply()?;
    if (version.major_version, version.minor_version) < (1, 2) {
        return Err(Fault::Lacks("MIT-SHM 1.2"));
    }
    let setup = display.setup();
    let depth = display.depth();
    let format = setup.pixmap_formats.iter().find(|at| at.depth == depth);
    let is_known = format.is_some_and(|format| format.bits_per_pixel == 32)
        && setup.image_byte_order == ImageOrder::LSB_FIRST;
    is_known
        .then_some(())
        .ok_or(Fault::Lacks("pixels of 32 bits in the usual order"))
}

fn bytes_of(size: Size) -> Result<usize, Fault> {
    let bytes = u64::from(size.width) * u64::from(size.height) * BYTES_PER_PIXEL as u64;
    let bytes = usize::try_from(bytes).map_err(|_| TOO_LARGE)?;
    (bytes <= LARGEST).then_some(bytes).ok_or(TOO_LARGE)
}

const BYTES_PER_PIXEL: usize = 4;

/// Eight monitors of 4K beside each other; X itself ends at 32,767 pixels a side.
const LARGEST: usize = 8 * 3840 * 2160 * BYTES_PER_PIXEL;

const TOO_LARGE: Fault = Fault::TooLarge { limit: LARGEST };
