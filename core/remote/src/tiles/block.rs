//! The pixels of a tile, or of a part of one.

use super::rect::Rect;
use super::size::TILE;

/// Row by row; at most as large as a tile.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) pixels: Vec<u32>,
}

impl Block {
    /// Black.
    pub(super) fn new(width: u16, height: u16) -> Self {
        let sides = [width, height];
        assert!(sides.iter().all(|side| (1..=TILE as u16).contains(side)));
        let pixels = vec![0; usize::from(width) * usize::from(height)];
        Self {
            width,
            height,
            pixels,
        }
    }

    pub(super) fn columns(&self) -> usize {
        self.width.into()
    }

    /// It is as large.
    pub(super) fn fills(&self, rect: Rect) -> bool {
        (self.width, self.height) == (rect.width, rect.height)
    }

    /// One colour all over.
    pub(super) fn is_solid(&self) -> bool {
        let mut pairs = self.pixels.windows(2);
        pairs.all(|pair| pair.first() == pair.last())
    }

    /// Few pixels repeat a neighbour: a photograph or a scan, where text and windows repeat most.
    pub(super) fn is_photographic(&self) -> bool {
        let repeats = self.repeats(1) + self.repeats(self.columns());
        repeats * 4 < self.pixels.len()
    }

    /// How many pixels are as the one so many places on.
    fn repeats(&self, places: usize) -> usize {
        let pairs = self.pixels.iter().zip(self.pixels.iter().skip(places));
        pairs.filter(|(one, other)| one == other).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_photographic_and_lines_are_not() {
        let mut block = Block::new(64, 64);
        assert!(block.is_solid() && !block.is_photographic());

        for (at, pixel) in block.pixels.iter_mut().enumerate() {
            *pixel = at as u32 % 8;
        }
        assert!(!block.is_solid() && !block.is_photographic());

        for (at, pixel) in block.pixels.iter_mut().enumerate() {
            *pixel = at as u32 * 7 % 253;
        }
        assert!(block.is_photographic());
    }
}
