//! The tiles that still grow: all that changes when a leaf comes, kept so that full tiles fall out of it.

use crate::tile::{MAX_TILE_LEVEL, TILE_WIDTH};
use crate::{Frontier, Full, Hash, MAX_SIZE, TileKind, TilePath, Tiles, Unprovable};

/// The frontier, and at each level the hashes that fill no tile yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    frontier: Frontier,
    partial: Vec<Vec<Hash>>,
}

/// A tile with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    pub path: TilePath,
    pub bytes: Vec<u8>,
}

impl Edge {
    /// Of a log without entries.
    pub fn new() -> Self {
        Self {
            frontier: Frontier::new(),
            partial: vec![Vec::new(); usize::from(MAX_TILE_LEVEL) + 1],
        }
    }

    /// That of the first `size` leaves of a tree, from its tiles.
    pub fn read(size: u64, tiles: &Tiles) -> Result<Self, Unprovable> {
        if size > MAX_SIZE {
            return Err(Unprovable::OutOfRange);
        }
        let partial = (0..=MAX_TILE_LEVEL).map(|level| match partial_tile(level, size) {
            Some(path) => {
                let hashes = tiles.get(level, path.index());
                let hashes = hashes.and_then(|hashes| hashes.get(..usize::from(path.width())));
                hashes.map(<[Hash]>::to_vec).ok_or(Unprovable::Missing)
            }
            None => Ok(Vec::new()),
        });
        Ok(Self {
            partial: partial.collect::<Result<_, _>>()?,
            frontier: Frontier::read(size, tiles)?,
        })
    }

    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Appends a leaf, and hands out the tiles that it filled.
    pub fn push(&mut self, leaf: Hash) -> Result<Vec<Tile>, Full> {
        let mut filled = Vec::new();
        for grown in self.frontier.push(leaf)? {
            let kind = TileKind::Hashes { level: grown.level };
            let Some(partial) = self.partial.get_mut(usize::from(grown.level)) else {
                continue;
            };
            partial.push(grown.hash);
            let index = grown.index / u64::from(TILE_WIDTH);
            if partial.len() == usize::from(TILE_WIDTH)
                && let Some(path) = TilePath::new(kind, index, TILE_WIDTH)
            {
                let bytes = bytes_of(&std::mem::take(partial));
                filled.push(Tile { path, bytes });
            }
        }
        Ok(filled)
    }

    /// The tiles that a tree of this size has beside the full ones.
    pub fn partial_tiles(&self) -> Vec<Tile> {
        let levels = (0..=MAX_TILE_LEVEL).zip(&self.partial);
        let tiles = levels.filter_map(|(level, hashes)| {
            let path = partial_tile(level, self.size())?;
            let bytes = bytes_of(hashes);
            Some(Tile { path, bytes })
        });
        tiles.collect()
    }
}

impl Default for Edge {
    fn default() -> Self {
        Self::new()
    }
}

/// C2SP tlog-tiles, section 'Partial Tiles'.
fn partial_tile(level: u8, size: u64) -> Option<TilePath> {
    let hashes = size >> (8 * level);
    TilePath::of_tree(level, hashes / u64::from(TILE_WIDTH), size)
}

fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
