//! Tiles of hashes at hand, and the hashes of the subtrees below them.

use std::collections::BTreeMap;

use crate::hash::hash_of_perfect;
use crate::tile::TILE_HEIGHT;
use crate::{Hash, Node, TileKind, TilePath};

/// By level and index, each as wide as the widest that was put in.
#[derive(Default)]
pub struct Tiles(BTreeMap<(u8, u64), Vec<Hash>>);

/// The bytes are no hashes of a tile as wide as its path says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not those of such a tile")]
pub struct NotATile;

impl Tiles {
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts in what lies at a path.
    pub fn insert(&mut self, path: TilePath, bytes: &[u8]) -> Result<(), NotATile> {
        let TileKind::Hashes { level } = path.kind() else {
            return Err(NotATile);
        };
        if bytes.len() != usize::from(path.width()) * Hash::BYTES {
            return Err(NotATile);
        }
        let hashes = hashes_of(bytes).ok_or(NotATile)?;
        let tile = self.0.entry((level, path.index())).or_default();
        if tile.len() < hashes.len() {
            *tile = hashes;
        }
        Ok(())
    }

    pub fn get(&self, level: u8, index: u64) -> Option<&[Hash]> {
        self.0.get(&(level, index)).map(Vec::as_slice)
    }

    pub(crate) fn node(&self, node: Node) -> Option<Hash> {
        let height = node.height % TILE_HEIGHT;
        let first = node.index.checked_shl(u32::from(height))?;
        let tile = self.get(node.height / TILE_HEIGHT, first >> TILE_HEIGHT)?;
        let offset = usize::try_from(first % (1 << TILE_HEIGHT)).ok()?;
        hash_of_perfect(tile.get(offset..offset + (1 << height))?)
    }
}

/// Concatenated, 32 bytes each.
pub(crate) fn hashes_of(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<{ Hash::BYTES }>();
    rest.is_empty()
        .then(|| hashes.iter().map(|hash| Hash(*hash)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaf_hash;

    #[test]
    fn a_tile_is_as_wide_as_its_path_says() {
        let bytes = [leaf_hash(b"a").0, leaf_hash(b"b").0].concat();
        let path = |width| TilePath::new(TileKind::Hashes { level: 0 }, 0, width).unwrap();
        let mut tiles = Tiles::new();

        assert_eq!(tiles.insert(path(3), &bytes), Err(NotATile));
        assert_eq!(tiles.insert(path(2), &bytes[1..]), Err(NotATile));
        assert_eq!(tiles.insert(path(2), &bytes), Ok(()));
        assert_eq!(tiles.insert(path(1), &bytes[..32]), Ok(()));
        assert_eq!(tiles.get(0, 0).map(<[Hash]>::len), Some(2));
    }
}
