//! A picture in our own memory.

use super::block::Block;
use super::frame::Frame;
use super::rect::Rect;
use super::shift::Shift;
use super::size::Size;

/// Colours as `0x00RRGGBB`, row by row.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    size: Size,
    pixels: Vec<u32>,
}

impl Picture {
    /// Black.
    pub(super) fn new(size: Size) -> Self {
        let pixels = vec![0; size.area()];
        Self { size, pixels }
    }

    pub fn size(&self) -> Size {
        self.size
    }

    /// The rows of a rectangle, as far as it lies within.
    pub fn rows(&self, rect: Rect) -> impl Iterator<Item = &[u32]> {
        let columns = usize::from(rect.x)..rect.right();
        let rows = self.pixels.chunks_exact(self.size.width().into());
        let rows = rows.skip(rect.y.into()).take(rect.height.into());
        rows.map(move |row| row.get(columns.clone()).unwrap_or_default())
    }

    /// For a canvas: red, green, blue and opacity of each pixel of a rectangle, row by row.
    pub fn rgba(&self, rect: Rect) -> impl Iterator<Item = [u8; 4]> {
        let opaque = |pixel: &u32| (*pixel << 8 | 0xff).to_be_bytes();
        self.rows(rect).flat_map(move |row| row.iter().map(opaque))
    }

    pub(super) fn rows_mut(&mut self, rect: Rect) -> impl Iterator<Item = &mut [u32]> {
        let columns = usize::from(rect.x)..rect.right();
        let rows = self.pixels.chunks_exact_mut(self.size.width().into());
        let rows = rows.skip(rect.y.into()).take(rect.height.into());
        rows.map(move |row| row.get_mut(columns.clone()).unwrap_or_default())
    }

    /// Takes over the pixels of a rectangle. False if each was there already.
    pub(super) fn take(&mut self, frame: &Frame<'_>, rect: Rect) -> bool {
        let mut changed = false;
        for (to, from) in self.rows_mut(rect).zip(frame.rows(rect)) {
            for (to, from) in to.iter_mut().zip(from) {
                changed |= *to != from;
                *to = from;
            }
        }
        changed
    }

    pub(super) fn block(&self, rect: Rect) -> Block {
        let mut block = Block::new(rect.width, rect.height);
        block.pixels.clear();
        self.rows(rect).for_each(|row| block.pixels.extend(row));
        block
    }

    pub(super) fn put(&mut self, x: u16, y: u16, block: &Block) {
        let rect = Rect::new(x, y, block.width, block.height);
        let rows = block.pixels.chunks_exact(block.width.into());
        for (to, from) in self.rows_mut(rect).zip(rows) {
            to.copy_from_slice(from);
        }
    }

    /// Copies a rectangle within the picture, which may overlap its place. Nothing happens to one that does not fit.
    pub(super) fn shift(&mut self, shift: Shift) {
        if !shift.fits(self.size) {
            return;
        }
        let (from, to) = (shift.from, shift.to());
        let rows = usize::from(from.height);
        for step in 0..rows {
            let row = if to.y > from.y { rows - 1 - step } else { step };
            let start = self.offset(from.x, usize::from(from.y) + row);
            let target = self.offset(to.x, usize::from(to.y) + row);
            let width = usize::from(from.width);
            self.pixels.copy_within(start..start + width, target);
        }
    }

    fn offset(&self, x: u16, y: usize) -> usize {
        y * usize::from(self.size.width()) + usize::from(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shifted_may_overlap_its_place() {
        let mut picture = numbered();
        picture.shift(Shift {
            from: Rect::new(0, 0, 3, 2),
            x: 1,
            y: 1,
        });
        assert_eq!(picture.pixels, [0, 1, 2, 3, 4, 0, 1, 2, 8, 4, 5, 6]);

        let mut picture = numbered();
        picture.shift(Shift {
            from: Rect::new(1, 1, 3, 2),
            x: 0,
            y: 0,
        });
        assert_eq!(picture.pixels, [5, 6, 7, 3, 9, 10, 11, 7, 8, 9, 10, 11]);
    }

    #[test]
    fn a_block_is_put_where_it_was_taken() {
        let picture = numbered();
        let mut copy = Picture::new(picture.size());

        copy.put(1, 1, &picture.block(Rect::new(1, 1, 2, 2)));

        assert_eq!(copy.pixels, [0, 0, 0, 0, 0, 5, 6, 0, 0, 9, 10, 0]);
        let rgba: Vec<_> = copy.rgba(Rect::new(1, 1, 2, 1)).collect();
        assert_eq!(rgba, [[0, 0, 5, 255], [0, 0, 6, 255]]);
    }

    fn numbered() -> Picture {
        Picture {
            size: Size::new(4, 3).unwrap(),
            pixels: (0..12).collect(),
        }
    }
}
