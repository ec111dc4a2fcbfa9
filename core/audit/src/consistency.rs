//! That a tree goes on from an earlier one, with nothing of it changed or gone: RFC 6962, section 2.1.2.

use std::collections::BTreeSet;

use crate::tree::{Leaves, tiles_of};
use crate::{Hash, HashReader, MAX_SIZE, TilePath, Unprovable, node_hash};

/// The proof does not prove it: wrong hashes, wrong sizes, another tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not prove it")]
pub struct NotProven;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof(pub Vec<Hash>);

impl ConsistencyProof {
    /// What [`ConsistencyProof::prove`] needs.
    pub fn tiles(old: u64, new: u64) -> Result<BTreeSet<TilePath>, Unprovable> {
        Ok(tiles_of(&path(old, new)?, new))
    }

    /// From the tree of `old` leaves to that of `new`. Empty from nothing, and from a tree to itself.
    pub fn prove(old: u64, new: u64, reader: &impl HashReader) -> Result<Self, Unprovable> {
        let path = path(old, new)?;
        let hashes = path.into_iter().map(|range| range.hash(reader));
        hashes.collect::<Result<_, _>>().map(Self)
    }

    /// RFC 9162, section 2.1.4.2. Each tree goes on from the empty one.
    pub fn verify(&self, old: (u64, Hash), new: (u64, Hash)) -> Result<(), NotProven> {
        let ((old_size, old_root), (new_size, new_root)) = (old, new);
        if old_size > new_size || new_size > MAX_SIZE {
            return Err(NotProven);
        }
        let proven = if old_size == 0 {
            let empty = Hash::of_empty_tree();
            self.0.is_empty() && old_root == empty && (new_size > 0 || new_root == empty)
        } else if old_size == new_size {
            self.0.is_empty() && old_root == new_root
        } else {
            self.roots(old, new_size) == Some((old_root, new_root))
        };
        proven.then_some(()).ok_or(NotProven)
    }

    /// Both roots as the proof has them.
    fn roots(&self, (old_size, old_root): (u64, Hash), new_size: u64) -> Option<(Hash, Hash)> {
        // An old tree that is one perfect subtree is the proof's first hash, left out.
        let known = old_size.is_power_of_two().then_some(old_root);
        let mut hashes = known.into_iter().chain(self.0.iter().copied());
        let skipped = (old_size - 1).trailing_ones();
        let (mut place, mut last) = ((old_size - 1) >> skipped, (new_size - 1) >> skipped);
        let seed = hashes.next()?;
        let (mut old, mut new) = (seed, seed);
        for hash in hashes {
            if last == 0 {
                return None;
            }
            if place & 1 == 1 || place == last {
                old = node_hash(&hash, &old);
                new = node_hash(&hash, &new);
                let alone = if place == 0 {
                    0
                } else {
                    place.trailing_zeros()
                };
                (place, last) = (place >> alone, last >> alone);
            } else {
                new = node_hash(&new, &hash);
            }
            (place, last) = (place >> 1, last >> 1);
        }
        (last == 0).then_some((old, new))
    }
}

fn path(old: u64, new: u64) -> Result<Vec<Leaves>, Unprovable> {
    if old > new || new > MAX_SIZE {
        return Err(Unprovable::OutOfRange);
    }
    let mut ranges = Vec::new();
    if old == 0 {
        return Ok(ranges);
    }
    let mut within = Leaves::of_tree(new);
    while within.to != old {
        let (left, right) = within.halves();
        let (down, beside) = if old <= left.to {
            (left, right)
        } else {
            (right, left)
        };
        ranges.push(beside);
        within = down;
    }
    // The old tree itself, whose root the reader of the proof has.
    if within.from > 0 {
        ranges.push(within);
    }
    ranges.reverse();
    Ok(ranges)
}
