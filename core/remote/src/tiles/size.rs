//! How large a picture is, and the tiles that it consists of.

use super::rect::Rect;

/// In pixels: neither side is zero, and both are within the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    width: u16,
    height: u16,
}

impl Size {
    /// Larger screens than there are; what one picture may cost.
    pub const LONGEST_SIDE: u16 = 8_192;
    /// Four screens of 3840x2160, or 128 MiB: of one picture, and of all that one viewer holds.
    pub const MOST_PIXELS: usize = 1 << 25;

    /// `None` out of bounds.
    pub fn new(width: u16, height: u16) -> Option<Self> {
        let size = Self { width, height };
        let sides = [width, height];
        let fits = sides
            .iter()
            .all(|side| (1..=Self::LONGEST_SIDE).contains(side));
        (fits && size.area() <= Self::MOST_PIXELS).then_some(size)
    }

    pub fn width(self) -> u16 {
        self.width
    }

    pub fn height(self) -> u16 {
        self.height
    }

    pub fn area(self) -> usize {
        usize::from(self.width) * usize::from(self.height)
    }

    /// The whole of it.
    pub fn rect(self) -> Rect {
        Rect::new(0, 0, self.width, self.height)
    }

    pub(super) fn holds(self, rect: Rect) -> bool {
        rect.right() <= self.width.into() && rect.bottom() <= self.height.into()
    }

    pub(super) fn tiles(self) -> usize {
        self.columns() * self.rows()
    }

    /// Tiles are numbered row by row; those at the right and at the bottom may be smaller.
    pub(super) fn tile(self, index: usize) -> Option<Rect> {
        let (row, column) = (index / self.columns(), index % self.columns());
        let x = u16::try_from(column * TILE).ok()?;
        let y = u16::try_from(row * TILE).ok()?;
        Rect::new(x, y, TILE as u16, TILE as u16).intersection(self.rect())
    }

    /// The numbers of the tiles that share pixels with it, rising.
    pub(super) fn tiles_of(self, rect: Rect) -> impl Iterator<Item = usize> + use<> {
        let inside = rect.intersection(self.rect());
        let columns = self.columns();
        inside.into_iter().flat_map(move |inside| {
            let rows = usize::from(inside.y) / TILE..inside.bottom().div_ceil(TILE);
            let across = usize::from(inside.x) / TILE..inside.right().div_ceil(TILE);
            rows.flat_map(move |row| across.clone().map(move |column| row * columns + column))
        })
    }

    /// How many tiles lie between the middles of a tile and of the tile of a pixel, along the longer axis.
    pub(super) fn distance(self, tile: usize, (x, y): (u16, u16)) -> usize {
        let (row, column) = (tile / self.columns(), tile % self.columns());
        let across = column.abs_diff(usize::from(x) / TILE);
        across.max(row.abs_diff(usize::from(y) / TILE))
    }

    fn columns(self) -> usize {
        usize::from(self.width).div_ceil(TILE)
    }

    fn rows(self) -> usize {
        usize::from(self.height).div_ceil(TILE)
    }
}

/// The side of a tile. Smaller tiles cost more words about them, larger ones more pixels that did not change.
pub(super) const TILE: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_an_extent_within_bounds() {
        assert!(Size::new(1, 1).is_some());
        assert!(Size::new(8_192, 4_096).is_some());
        assert!(Size::new(3_840, 2_160).is_some());
        assert!(Size::new(0, 5).is_none() && Size::new(5, 0).is_none());
        assert!(Size::new(8_193, 1).is_none());
        assert!(Size::new(8_192, 4_097).is_none());
    }

    #[test]
    fn tiles_cover_the_picture_once() {
        let size = Size::new(130, 70).unwrap();

        let tiles: Vec<_> = (0..size.tiles())
            .map(|tile| size.tile(tile).unwrap())
            .collect();
        assert_eq!(tiles.len(), 6);
        assert_eq!(tiles[2], Rect::new(128, 0, 2, 64));
        assert_eq!(tiles[5], Rect::new(128, 64, 2, 6));
        let area: usize = tiles.iter().map(|tile| tile.area()).sum();
        assert_eq!(area, size.area());
        assert_eq!(size.tile(6), None);
    }

    #[test]
    fn a_rectangle_touches_the_tiles_that_it_shares_pixels_with() {
        let size = Size::new(130, 70).unwrap();
        let touched = |rect| size.tiles_of(rect).collect::<Vec<_>>();

        assert_eq!(touched(Rect::new(63, 63, 2, 2)), [0, 1, 3, 4]);
        assert_eq!(touched(Rect::new(64, 0, 64, 64)), [1]);
        assert_eq!(touched(Rect::new(129, 69, 500, 500)), [5]);
        assert!(touched(Rect::new(130, 0, 5, 5)).is_empty());
    }
}
