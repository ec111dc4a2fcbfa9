//! The names of tiles and of bundles of entries (C2SP tlog-tiles): `tile/1/x001/x234/067.p/5`, `tile/entries/000`.

use std::fmt;

use crate::MAX_SIZE;

/// A tile is a subtree of this height: 256 hashes.
pub(crate) const TILE_HEIGHT: u8 = 8;

/// Hashes in a full tile, entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;

/// The highest level that a tree of [`MAX_SIZE`] has.
pub const MAX_TILE_LEVEL: u8 = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TileKind {
    /// Each hash is that of a subtree of 256^`level` leaves.
    Hashes { level: u8 },
    /// The leaves' own bytes.
    Entries,
}

/// What lies at one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl TilePath {
    /// `None` for what no tree has.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Option<Self> {
        let level = level_of(kind);
        let fits = level <= MAX_TILE_LEVEL
            && (1..=TILE_WIDTH).contains(&width)
            && index <= MAX_SIZE >> TILE_HEIGHT >> (TILE_HEIGHT * level);
        fits.then_some(Self { kind, index, width })
    }

    /// The tile of hashes as wide as a tree of this size has it; `None` where it has none.
    pub fn of_tree(level: u8, index: u64, size: u64) -> Option<Self> {
        Self::wide(TileKind::Hashes { level }, index, size)
    }

    /// The bundle of entries as wide as a tree of this size has it; `None` where it has none.
    pub fn of_entries(index: u64, size: u64) -> Option<Self> {
        Self::wide(TileKind::Entries, index, size)
    }

    fn wide(kind: TileKind, index: u64, size: u64) -> Option<Self> {
        let level = Some(level_of(kind)).filter(|level| *level <= MAX_TILE_LEVEL)?;
        let hashes = size >> (TILE_HEIGHT * level);
        let before = index.checked_mul(u64::from(TILE_WIDTH))?;
        let width = hashes.checked_sub(before)?.min(u64::from(TILE_WIDTH));
        Self::new(kind, index, u16::try_from(width).ok()?)
    }

    pub fn kind(self) -> TileKind {
        self.kind
    }

    /// Its place in its level.
    pub fn index(self) -> u64 {
        self.index
    }

    /// 1 to [`TILE_WIDTH`].
    pub fn width(self) -> u16 {
        self.width
    }

    pub fn is_full(self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The first leaf below it.
    pub fn start(self) -> u64 {
        self.index << TILE_HEIGHT << (TILE_HEIGHT * level_of(self.kind))
    }

    /// One past the last leaf below it.
    pub fn end(self) -> u64 {
        self.start() + (u64::from(self.width) << (TILE_HEIGHT * level_of(self.kind)))
    }

    /// Accepts only what `Display` writes.
    pub fn parse(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes {
                level: level.parse().ok()?,
            },
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().ok().filter(|it| *it < TILE_WIDTH)?),
            None => (rest, TILE_WIDTH),
        };
        let parsed = Self::new(kind, parse_index(index)?, width)?;
        (parsed.to_string() == path).then_some(parsed)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes { level } => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        write_index(self.index, f)?;
        if self.width < TILE_WIDTH {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

fn level_of(kind: TileKind) -> u8 {
    match kind {
        TileKind::Hashes { level } => level,
        TileKind::Entries => 0,
    }
}

/// Three digits to an element, all but the last marked.
fn write_index(index: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut above = index / 1000;
    let mut elements = Vec::new();
    while above > 0 {
        elements.push(above % 1000);
        above /= 1000;
    }
    for element in elements.iter().rev() {
        write!(f, "x{element:03}/")?;
    }
    write!(f, "{:03}", index % 1000)
}

fn parse_index(path: &str) -> Option<u64> {
    path.split('/').try_fold(0_u64, |index, element| {
        let digits = element.strip_prefix('x').unwrap_or(element);
        let number: u64 = digits.parse().ok().filter(|number| *number < 1000)?;
        index.checked_mul(1000)?.checked_add(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(level: u8, index: u64, width: u16) -> TilePath {
        TilePath::new(TileKind::Hashes { level }, index, width).unwrap()
    }

    #[test]
    fn paths_are_those_of_the_specification() {
        for (tile, path) in [
            (hashes(0, 0, 256), "tile/0/000"),
            (hashes(1, 1_234_067, 5), "tile/1/x001/x234/067.p/5"),
            (hashes(2, 0, 1), "tile/2/000.p/1"),
            (
                TilePath::new(TileKind::Entries, 1000, 256).unwrap(),
                "tile/entries/x001/000",
            ),
        ] {
            assert_eq!(tile.to_string(), path);
            assert_eq!(TilePath::parse(path), Some(tile));
        }
    }

    #[test]
    fn a_path_has_one_form() {
        for path in [
            "",
            "tile/0",
            "tile/0/",
            "tile/00/000",
            "tile/+0/000",
            "tile/7/000",
            "tile/64/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/0/+01",
            "tile/0/000.p/0",
            "tile/0/000.p/01",
            "tile/0/000.p/256",
            "tile/0/000.p/1/..",
            "tile/0/../checkpoint",
            "/tile/0/000",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
            "tile/data/000",
        ] {
            assert_eq!(TilePath::parse(path), None, "{path}");
        }
    }

    /// The example of C2SP tlog-tiles, section 'Partial Tiles'.
    #[test]
    fn a_tree_of_seventy_thousand_has_the_tiles_of_the_specification() {
        let width = |level, index| TilePath::of_tree(level, index, 70_000).map(TilePath::width);

        assert_eq!((width(0, 272), width(0, 273)), (Some(256), Some(112)));
        assert_eq!(width(0, 274), None);
        assert_eq!(
            (width(1, 0), width(1, 1), width(1, 2)),
            (Some(256), Some(17), None)
        );
        assert_eq!((width(2, 0), width(3, 0)), (Some(1), None));
        assert_eq!(TilePath::of_tree(1, 0, 256).map(TilePath::width), Some(1));
        assert_eq!(TilePath::of_entries(1, 256), None);
    }
}
