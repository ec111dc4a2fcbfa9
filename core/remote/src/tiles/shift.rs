//! A part of a picture that is copied to another place of it, as scrolling does.

use super::hash::Hasher;
use super::rect::Rect;
use super::size::Size;

/// Of `from`, to where `x` and `y` are its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) from: Rect,
    pub(super) x: u16,
    pub(super) y: u16,
}

impl Shift {
    pub(super) fn to(self) -> Rect {
        Rect::new(self.x, self.y, self.from.width, self.from.height)
    }

    /// Both places lie within.
    pub(super) fn fits(self, size: Size) -> bool {
        size.holds(self.from) && size.holds(self.to())
    }
}

/// Names the generations of all tiles that shifts touch: who has the same footing gets the same picture from them.
pub(super) fn footing(shifts: &[Shift], size: Size, generation: impl Fn(usize) -> u32) -> u64 {
    let touched = shifts.iter().flat_map(|shift| [shift.from, shift.to()]);
    let mut tiles: Vec<usize> = touched.flat_map(|rect| size.tiles_of(rect)).collect();
    tiles.sort_unstable();
    tiles.dedup();
    let mut hasher = Hasher::new();
    for tile in tiles {
        hasher.add((tile as u64) << 32 | u64::from(generation(tile)));
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generation_of_each_tile_that_is_touched_counts() {
        let size = Size::new(640, 640).unwrap();
        let shift = Shift {
            from: Rect::new(0, 64, 64, 64),
            x: 0,
            y: 0,
        };
        let with =
            |changed: usize| footing(&[shift], size, |tile| if tile == changed { 2 } else { 1 });

        let plain = with(99);
        assert_ne!(with(0), plain);
        assert_ne!(with(10), plain);
        assert_eq!(with(1), plain);
        assert!(shift.fits(size) && !shift.fits(Size::new(640, 127).unwrap()));
    }
}
