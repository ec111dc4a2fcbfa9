//! That an entry stands at its place in a tree: the audit path of RFC 6962, section 2.1.1.

use std::collections::BTreeSet;

use crate::tree::{Leaves, tiles_of};
use crate::{Hash, HashReader, MAX_SIZE, NotProven, TilePath, Unprovable, node_hash};

/// Hashes from the leaf's sibling up to the root's child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof(pub Vec<Hash>);

impl InclusionProof {
    /// What [`InclusionProof::prove`] needs.
    pub fn tiles(index: u64, size: u64) -> Result<BTreeSet<TilePath>, Unprovable> {
        Ok(tiles_of(&path(index, size)?, size))
    }

    /// For the leaf at `index`, counted from 0, of the tree of `size` leaves.
    pub fn prove(index: u64, size: u64, reader: &impl HashReader) -> Result<Self, Unprovable> {
        let path = path(index, size)?;
        let hashes = path.into_iter().map(|range| range.hash(reader));
        hashes.collect::<Result<_, _>>().map(Self)
    }

    /// RFC 9162, section 2.1.3.2.
    pub fn verify(&self, leaf: Hash, index: u64, size: u64, root: Hash) -> Result<(), NotProven> {
        if index >= size || size > MAX_SIZE {
            return Err(NotProven);
        }
        let (mut place, mut last, mut hash) = (index, size - 1, leaf);
        for sibling in &self.0 {
            if last == 0 {
                return Err(NotProven);
            }
            if place & 1 == 1 || place == last {
                hash = node_hash(sibling, &hash);
                // A right edge without siblings goes up as it is.
                let alone = if place == 0 {
                    0
                } else {
                    place.trailing_zeros()
                };
                (place, last) = (place >> alone, last >> alone);
            } else {
                hash = node_hash(&hash, sibling);
            }
            (place, last) = (place >> 1, last >> 1);
        }
        (last == 0 && hash == root).then_some(()).ok_or(NotProven)
    }
}

fn path(index: u64, size: u64) -> Result<Vec<Leaves>, Unprovable> {
    if index >= size || size > MAX_SIZE {
        return Err(Unprovable::OutOfRange);
    }
    let mut siblings = Vec::new();
    let mut within = Leaves::of_tree(size);
    while within.count() > 1 {
        let (left, right) = within.halves();
        let (down, sibling) = if index < right.from {
            (left, right)
        } else {
            (right, left)
        };
        siblings.push(sibling);
        within = down;
    }
    siblings.reverse();
    Ok(siblings)
}
