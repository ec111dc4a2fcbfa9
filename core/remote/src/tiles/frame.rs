//! What a screen shows at one time, in its owner's memory.

use super::rect::Rect;
use super::size::Size;

/// Rows of four bytes a pixel: blue, green, red, and one that means nothing.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    size: Size,
    stride: usize,
    bytes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// `stride` bytes lead from one row to the next. `None` if the bytes are too few for rows of this kind.
    pub fn new(size: Size, stride: usize, bytes: &'a [u8]) -> Option<Self> {
        let row = usize::from(size.width()) * BYTES;
        let gaps = usize::from(size.height()) - 1;
        let needed = stride.checked_mul(gaps)?.checked_add(row)?;
        (row <= stride && needed <= bytes.len()).then_some(Self {
            size,
            stride,
            bytes,
        })
    }

    pub fn size(&self) -> Size {
        self.size
    }

    /// The rows of a rectangle, as colours.
    pub(super) fn rows(&self, rect: Rect) -> impl Iterator<Item = impl Iterator<Item = u32>> {
        let bytes = usize::from(rect.x) * BYTES..rect.right() * BYTES;
        let rows = self.bytes.chunks(self.stride).skip(rect.y.into());
        rows.take(rect.height.into()).map(move |row| {
            let (pixels, _) = row.get(bytes.clone()).unwrap_or_default().as_chunks();
            pixels
                .iter()
                .map(|pixel| u32::from_le_bytes(*pixel) & COLOUR)
        })
    }
}

const BYTES: usize = 4;
/// Red, green and blue, from the third byte down.
pub(super) const COLOUR: u32 = 0x00ff_ffff;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fourth_byte_and_the_gaps_mean_nothing() {
        let size = Size::new(2, 2).unwrap();
        let bytes = [
            1, 2, 3, 9, 4, 5, 6, 9, 77, 77, 77, 77, //
            7, 8, 9, 9, 10, 11, 12, 9,
        ];
        let frame = Frame::new(size, 12, &bytes).unwrap();

        let rows: Vec<Vec<u32>> = frame.rows(size.rect()).map(Iterator::collect).collect();
        assert_eq!(rows, [[0x03_02_01, 0x06_05_04], [0x09_08_07, 0x0c_0b_0a]]);
    }

    #[test]
    fn rows_must_be_there_and_not_overlap() {
        let size = Size::new(2, 2).unwrap();

        assert!(Frame::new(size, 8, &[0; 16]).is_some());
        assert!(Frame::new(size, 8, &[0; 15]).is_none());
        assert!(Frame::new(size, 7, &[0; 64]).is_none());
        assert!(Frame::new(size, usize::MAX, &[0; 64]).is_none());
    }
}
