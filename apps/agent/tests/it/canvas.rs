//! A viewer's copy of the picture, put together from what changed.

use conclave_agent::platform::{Patch, Picture, ScreenSource, Seen, Size};

use crate::PATIENCE;

#[derive(Default)]
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<u8>,
}

impl Canvas {
    pub(crate) fn take(&mut self, picture: &Picture) {
        let Size { width, height } = picture.size;
        let (width, height) = (width as usize, height as usize);
        if (self.width, self.height) != (width, height) {
            let pixels = vec![0x55; width * height * 4];
            *self = Self {
                width,
                height,
                pixels,
            };
        }
        picture.patches.iter().for_each(|patch| self.patch(patch));
    }

    fn patch(&mut self, patch: &Patch) {
        let (x, y) = (patch.area.x as usize, patch.area.y as usize);
        let row = patch.area.width as usize * 4;
        for (line, pixels) in (y..).zip(patch.pixels.chunks_exact(row)) {
            let start = (line * self.width + x) * 4;
            self.pixels[start..start + row].copy_from_slice(pixels);
        }
    }

    pub(crate) fn has(&self, colour: u32) -> bool {
        let colour = colour.to_le_bytes();
        self.pixels.chunks_exact(4).any(|pixel| pixel == colour)
    }
}

/// The next change, which is awaited.
pub(crate) fn picture(source: &mut impl ScreenSource) -> Picture {
    match source.next(PATIENCE).unwrap() {
        Some(Seen::Picture(picture)) => picture,
        Some(Seen::Hidden) => panic!("nothing is shown"),
        Some(Seen::Closed) => panic!("it is gone"),
        None => panic!("nothing changed"),
    }
}
