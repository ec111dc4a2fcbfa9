//! A log verified by making its tree again from the entries, and holding every signed checkpoint against it.
//!
//! # Security
//!
//! No hash that came with the log is believed. Tiles are handed out as they are derived, for whoever drives this to
//! compare with what is kept: a tile that is only read where a proof needs it can lie elsewhere.

use std::collections::BTreeMap;

use crate::{
    Checkpoint, Edge, Hash, LeafPlace, LogOwner, MAX_ENTRY_BYTES, Tile, TilePath, Verifier,
    leaf_hash,
};

/// A derivation under way.
pub struct Rederivation {
    verifier: Verifier,
    owner: Option<LogOwner>,
    first: u64,
    edge: Edge,
    /// Signed sizes that are not reached yet.
    claims: BTreeMap<u64, Hash>,
    /// Checkpoints whose root was the tree's.
    proven: u64,
    /// Checkpoints of trees before the first entry here.
    before: u64,
}

/// What does not hold, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Falsified {
    #[error("a checkpoint is not signed by the log's key, or is of another log")]
    Checkpoint,
    #[error("two signed checkpoints of size {size} have different roots")]
    Fork { size: u64 },
    #[error("entry {seq} is not in its place, or not of this log")]
    Entry { seq: u64 },
    #[error("the entries do not have the root that was signed for size {size}")]
    Root { size: u64 },
    #[error("{path} does not hold the hashes of the entries")]
    Tile { path: TilePath },
    #[error("a checkpoint of size {size} is signed, but the entries end before")]
    Truncated { size: u64 },
}

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rederived {
    /// The first entry that was read: 0, unless only the end of the log was there.
    pub first: u64,
    /// The size of the tree: one past the last entry.
    pub size: u64,
    pub root: Hash,
    /// Checkpoints that were signed for exactly this tree as it grew.
    pub checkpoints: u64,
    /// Checkpoints of trees before the first entry, of which nothing can be said.
    pub unproven_checkpoints: u64,
    /// What a tree of this size has beside its full tiles, to be compared as those were.
    pub partial_tiles: Vec<Tile>,
}

impl Rederivation {
    /// From the first entry on.
    pub fn new(verifier: Verifier) -> Self {
        Self::from_edge(verifier, Edge::new())
    }

    /// From a later entry on: the edge's own hashes are believed only as far as later checkpoints hold.
    pub fn from_edge(verifier: Verifier, edge: Edge) -> Self {
        Self {
            owner: LogOwner::of_origin(verifier.name()),
            verifier,
            first: edge.size(),
            edge,
            claims: BTreeMap::new(),
            proven: 0,
            before: 0,
        }
    }

    /// The next entry's sequence number.
    pub fn next(&self) -> u64 {
        self.edge.size()
    }

    /// A checkpoint that was signed: give all of them that are of the entries to come.
    pub fn checkpoint(&mut self, note: &str) -> Result<Checkpoint, Falsified> {
        let read = Checkpoint::open(note, &self.verifier).map_err(|_| Falsified::Checkpoint)?;
        let Checkpoint { size, root, .. } = read;
        if size < self.edge.size() {
            self.before += 1;
        } else if size == self.edge.size() {
            self.compare(size, root)?;
        } else if *self.claims.entry(size).or_insert(root) != root {
            return Err(Falsified::Fork { size });
        }
        Ok(read)
    }

    /// The next entry: a leaf's bytes. Hands out the tiles that it filled, to be compared with those that are kept.
    pub fn entry(&mut self, leaf: &[u8]) -> Result<Vec<Tile>, Falsified> {
        let seq = self.edge.size();
        let in_place = leaf.len() <= MAX_ENTRY_BYTES
            && LeafPlace::of(leaf).is_some_and(|place| {
                let owned = self
                    .owner
                    .is_none_or(|owner| place.org == owner.organisation());
                place.seq == seq && owned
            });
        if !in_place {
            return Err(Falsified::Entry { seq });
        }
        let filled = self.edge.push(leaf_hash(leaf));
        let filled = filled.map_err(|_| Falsified::Entry { seq })?;
        let size = self.edge.size();
        if let Some(root) = self.claims.remove(&size) {
            self.compare(size, root)?;
        }
        Ok(filled)
    }

    /// After the last entry.
    pub fn finish(self) -> Result<Rederived, Falsified> {
        if let Some(size) = self.claims.into_keys().next() {
            return Err(Falsified::Truncated { size });
        }
        Ok(Rederived {
            first: self.first,
            size: self.edge.size(),
            root: self.edge.frontier().root(),
            checkpoints: self.proven,
            unproven_checkpoints: self.before,
            partial_tiles: self.edge.partial_tiles(),
        })
    }

    fn compare(&mut self, size: u64, root: Hash) -> Result<(), Falsified> {
        if self.edge.frontier().root() != root {
            return Err(Falsified::Root { size });
        }
        self.proven += 1;
        Ok(())
    }
}
