//! The picture of the primary monitor, changed part by changed part, found by comparing.

use std::time::Duration;

use core_graphics::access::ScreenCaptureAccess;
use core_graphics::display::CGDisplay;

use super::display;
use crate::platform::differences::Differences;
use crate::platform::looks::Looks;
use crate::platform::{Bell, Cursor, Fault, Picture, Point, ScreenSource, Seen, Size};

pub struct DisplayCapture {
    differences: Differences,
    /// Its place alone is told: which shape it has is not to be asked safely.
    pointer: Option<Point>,
    looks: Looks,
}

impl DisplayCapture {
    /// Asks nobody for the permission: whoever has none sees a desktop without windows.
    pub fn open() -> Result<Self, Fault> {
        if !ScreenCaptureAccess.preflight() {
            return Err(Fault::Lacks("the permission to record the screen"));
        }
        Ok(Self {
            differences: Differences::default(),
            pointer: None,
            looks: Looks::new(),
        })
    }

    fn look(&mut self) -> Result<Option<Seen>, Fault> {
        let (size, pixels) = picture()?;
        let patches = self.differences.take(size, pixels);
        let at = display::pointer()?;
        let has_moved = self.pointer.replace(at) != Some(at);
        let is_change = !patches.is_empty() || has_moved;
        Ok(is_change.then_some(Seen::Picture(Picture {
            size,
            patches,
            cursor: has_moved.then_some(Cursor { at, image: None }),
        })))
    }
}

impl ScreenSource for DisplayCapture {
    fn next(&mut self, within: Duration) -> Result<Option<Seen>, Fault> {
        let looks = self.looks.clone();
        looks.until_seen(within, || self.look())
    }

    fn heed(&mut self, bell: Bell) {
        self.looks.heed(bell);
    }
}

fn picture() -> Result<(Size, Vec<u8>), Fault> {
    let image = CGDisplay::main().image();
    let image = image.ok_or(Fault::Lacks("a picture"))?;
    if image.bits_per_pixel() != 32 {
        return Err(Fault::Lacks("pixels of 32 bits"));
    }
    let (width, height) = (image.width(), image.height());
    let (row, stride) = (width * BYTES_PER_PIXEL, image.bytes_per_row());
    if row * height > LARGEST || stride < row {
        return Err(Fault::TooLarge { limit: LARGEST });
    }
    let data = image.data();
    let rows = data.bytes().chunks(stride).take(height);
    let rows: Vec<&[u8]> = rows.filter_map(|padded| padded.get(..row)).collect();
    let mut pixels = rows.concat();
    for pixel in pixels.chunks_exact_mut(BYTES_PER_PIXEL) {
        if let Some(unused) = pixel.last_mut() {
            *unused = 0;
        }
    }
    let extent = |pixels| u32::try_from(pixels).unwrap_or_default();
    let (width, height) = (extent(width), extent(height));
    Ok((Size { width, height }, pixels))
}

const BYTES_PER_PIXEL: usize = 4;

/// Eight monitors of 4K beside each other.
const LARGEST: usize = 8 * 3840 * 2160 * BYTES_PER_PIXEL;
