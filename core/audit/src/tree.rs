//! Where a hash of the tree belongs: perfect subtrees, and the ranges of leaves that proofs speak of.

use std::collections::BTreeSet;

use crate::hash::hash_of_peaks;
use crate::tile::{TILE_HEIGHT, TilePath};
use crate::{Hash, Tiles};

/// The most leaves of a log: a sequence number is exact in every JSON reader (RFC 7493).
pub const MAX_SIZE: u64 = (1 << 53) - 1;

/// A perfect subtree: 2^`height` leaves, from `index` × 2^`height` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    pub height: u8,
    pub index: u64,
}

/// Where the hashes of a log's tree are kept.
pub trait HashReader {
    /// `None` where it isn't kept.
    fn hash(&self, node: Node) -> Option<Hash>;
}

impl HashReader for Tiles {
    fn hash(&self, node: Node) -> Option<Hash> {
        self.node(node)
    }
}

/// Why there is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unprovable {
    #[error("no tree of that size has that")]
    OutOfRange,
    #[error("a hash that the proof needs is not kept")]
    Missing,
}

/// Leaves from the first on, up to but without the last. Its size is no larger than the alignment of its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leaves {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Leaves {
    /// The first `size`.
    pub(crate) fn of_tree(size: u64) -> Self {
        Self { from: 0, to: size }
    }

    pub(crate) fn count(self) -> u64 {
        self.to - self.from
    }

    /// As RFC 6962, section 2.1 has it: the left half has the largest power of two of leaves that leaves some over.
    pub(crate) fn halves(self) -> (Self, Self) {
        let middle = self.from + self.count().next_power_of_two() / 2;
        (
            Self { to: middle, ..self },
            Self {
                from: middle,
                ..self
            },
        )
    }

    /// The perfect subtrees that it consists of, from left to right.
    pub(crate) fn nodes(self) -> impl DoubleEndedIterator<Item = Node> {
        let heights = (0..u64::BITS as u8).rev();
        heights
            .filter(move |height| self.count() >> height & 1 == 1)
            .map(move |height| {
                let before = self.count() >> height >> 1 << height << 1;
                Node {
                    height,
                    index: (self.from + before) >> height,
                }
            })
    }

    pub(crate) fn hash(self, reader: &impl HashReader) -> Result<Hash, Unprovable> {
        let peaks: Option<Vec<Hash>> = self.nodes().map(|node| reader.hash(node)).collect();
        let hash = peaks.and_then(|peaks| hash_of_peaks(peaks.into_iter()));
        hash.ok_or(Unprovable::Missing)
    }
}

/// What has to be fetched before the hashes of these ranges can be read, in a tree of this size.
pub(crate) fn tiles_of(ranges: &[Leaves], size: u64) -> BTreeSet<TilePath> {
    let nodes = ranges.iter().flat_map(|range| range.nodes());
    nodes.filter_map(|node| tile_of(node, size)).collect()
}

fn tile_of(node: Node, size: u64) -> Option<TilePath> {
    let level = node.height / TILE_HEIGHT;
    let first = node.index << (node.height % TILE_HEIGHT);
    TilePath::of_tree(level, first >> TILE_HEIGHT, size)
}
