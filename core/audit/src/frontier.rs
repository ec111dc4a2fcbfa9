//! The right edge of the tree as a compact range: as many hashes as its size has ones in binary.

use std::collections::BTreeSet;

use crate::hash::hash_of_peaks;
use crate::tile::TILE_HEIGHT;
use crate::tree::{Leaves, tiles_of};
use crate::{Hash, HashReader, MAX_SIZE, TilePath, Unprovable, node_hash};

/// All that it takes to append to a log and to know its root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// Of the perfect subtrees, from left (largest) to right.
    peaks: Vec<Hash>,
}

/// A hash that a tile got: the one at `index` of its `level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grown {
    pub level: u8,
    /// Counted over the whole level: it is hash `index % 256` of tile `index / 256`.
    pub index: u64,
    pub hash: Hash,
}

/// The log has as many entries as it can ever have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log is full")]
pub struct Full;

impl Frontier {
    /// Of a log without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was kept; `None` when it is not that of a tree of this size.
    pub fn restore(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        let fits = size <= MAX_SIZE && peaks.len() == size.count_ones() as usize;
        fits.then_some(Self { size, peaks })
    }

    /// What [`Frontier::read`] needs, in a tree of at least this size.
    pub fn tiles(size: u64) -> BTreeSet<TilePath> {
        tiles_of(&[Leaves::of_tree(size)], size)
    }

    /// That of the first `size` leaves of the tree whose hashes are kept there.
    pub fn read(size: u64, reader: &impl HashReader) -> Result<Self, Unprovable> {
        let peaks = Leaves::of_tree(size).nodes().map(|node| reader.hash(node));
        let peaks = peaks.collect::<Option<_>>().ok_or(Unprovable::Missing)?;
        Self::restore(size, peaks).ok_or(Unprovable::OutOfRange)
    }

    /// Leaves so far; the sequence number of the next.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// From left (largest) to right.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    pub fn root(&self) -> Hash {
        hash_of_peaks(self.peaks.iter().copied()).unwrap_or_else(Hash::of_empty_tree)
    }

    /// Appends a leaf, and says which hashes tiles get: the leaf's own first, then one for each tile that it filled.
    pub fn push(&mut self, leaf: Hash) -> Result<Vec<Grown>, Full> {
        if self.size >= MAX_SIZE {
            return Err(Full);
        }
        let mut grown = vec![Grown {
            level: 0,
            index: self.size,
            hash: leaf,
        }];
        let mut hash = leaf;
        // Each trailing one of the size is a subtree as large as the one that just came to its right.
        for height in 1..=self.size.trailing_ones() as u8 {
            let left = self
                .peaks
                .pop()
                .expect("there is a peak for each one of the size");
            hash = node_hash(&left, &hash);
            if height.is_multiple_of(TILE_HEIGHT) {
                let index = self.size >> height;
                let level = height / TILE_HEIGHT;
                grown.push(Grown { level, index, hash });
            }
        }
        self.peaks.push(hash);
        self.size += 1;
        Ok(grown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaf_hash;

    #[test]
    fn what_is_restored_goes_on_as_before() {
        let mut frontier = Frontier::new();
        for leaf in 0..13_u8 {
            frontier.push(leaf_hash(&[leaf])).unwrap();
        }

        let restored = Frontier::restore(frontier.size(), frontier.peaks().to_vec());

        assert_eq!(restored, Some(frontier.clone()));
        assert_eq!(Frontier::restore(12, frontier.peaks().to_vec()), None);
    }

    #[test]
    fn each_level_of_tiles_gets_the_hashes_that_are_complete() {
        let mut frontier = Frontier::new();
        let mut last = [0_u64; 3];
        for leaf in 0..65_536_u32 {
            for grown in frontier.push(leaf_hash(&leaf.to_be_bytes())).unwrap() {
                assert_eq!(grown.index, last[usize::from(grown.level)]);
                last[usize::from(grown.level)] += 1;
            }
        }

        assert_eq!(last, [65_536, 256, 1]);
    }

    #[test]
    fn a_full_log_takes_no_more() {
        let peaks = vec![Hash::of_empty_tree(); MAX_SIZE.count_ones() as usize];
        let mut full = Frontier::restore(MAX_SIZE, peaks).unwrap();

        assert_eq!(full.push(leaf_hash(b"one more")), Err(Full));
    }
}
