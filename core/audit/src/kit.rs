//! The export kit: a log, or the end of one, as files that anybody can verify.
//!
//! | path | holds |
//! |---|---|
//! | `vkey` | the key of the log's checkpoints, one line |
//! | `log/checkpoint`, `log/tile/…` | the log in the layout of C2SP tlog-tiles, as a tree of the checkpoint's size has it |
//! | `checkpoints/0000000000001234` | each signed checkpoint, by its size in 16 digits |
//!
//! Other files (a README, a policy) are for people. Bundles of entries may begin later than the log; tiles then reach back
//! at least to what the tree before them needs ([`Edge::read`]).
//!
//! # Security
//!
//! Every hash in the kit is either derived from its entries, or shown to be what a derived one is made of.

use std::collections::{BTreeMap, BTreeSet};

use crate::bundle::entries_of_bundle;
use crate::hash::hash_of_perfect;
use crate::note::MAX_NOTE_BYTES;
use crate::tile::TILE_WIDTH;
use crate::tiles::hashes_of;
use crate::{
    Checkpoint, Edge, Falsified, Files, Hash, Rederivation, Rederived, Tile, TileKind, TilePath,
    Tiles, Verifier,
};

pub const KEY_FILE: &str = "vkey";
pub const LOG_FOLDER: &str = "log/";
pub const CHECKPOINT_FILE: &str = "log/checkpoint";
pub const CHECKPOINTS_FOLDER: &str = "checkpoints/";

/// Where a kit keeps the checkpoint of this size.
pub fn checkpoint_file(size: u64) -> String {
    format!("{CHECKPOINTS_FOLDER}{size:016}")
}

/// Why a kit proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KitRefusal {
    #[error("the kit has no {0}")]
    Missing(String),
    #[error("{0} does not belong in a kit of this size")]
    Stranger(String),
    #[error("{0} is damaged")]
    Damaged(String),
    #[error(transparent)]
    Falsified(#[from] Falsified),
}

/// Derives the kit's tree from its entries, and holds every tile and every checkpoint against it.
///
/// The key is the reader's own knowledge: one that came with the kit shows only that the kit agrees with itself.
pub fn verify_kit(files: &Files<'_>, verifier: &Verifier) -> Result<Rederived, KitRefusal> {
    let kit = Kit::read(files, verifier)?;
    let first = kit
        .bundles
        .keys()
        .next()
        .map_or(0, |index| index * u64::from(TILE_WIDTH));
    let edge = Edge::read(first, &kit.tiles);
    let edge = edge.map_err(|_| KitRefusal::Missing(format!("tile below entry {first}")))?;
    let mut derivation = Rederivation::from_edge(verifier.clone(), edge);
    for note in kit.notes(files)? {
        derivation.checkpoint(note)?;
    }
    let mut derived = BTreeSet::new();
    for index in first / u64::from(TILE_WIDTH)..kit.size.div_ceil(u64::from(TILE_WIDTH)) {
        for entry in kit.bundle(index)? {
            for tile in derivation.entry(entry)? {
                derived.insert(kit.compare(&tile)?);
            }
        }
    }
    let rederived = derivation.finish()?;
    for tile in &rederived.partial_tiles {
        derived.insert(kit.compare(tile)?);
    }
    kit.rest_is_below(&derived)?;
    Ok(rederived)
}

struct Kit<'a> {
    size: u64,
    hashes: BTreeMap<TilePath, &'a [u8]>,
    tiles: Tiles,
    bundles: BTreeMap<u64, &'a [u8]>,
}

impl<'a> Kit<'a> {
    fn read(files: &Files<'a>, verifier: &Verifier) -> Result<Self, KitRefusal> {
        let note = text(files, CHECKPOINT_FILE)?;
        let checkpoint = Checkpoint::open(note, verifier).map_err(|_| Falsified::Checkpoint)?;
        let mut kit = Self {
            size: checkpoint.size,
            hashes: BTreeMap::new(),
            tiles: Tiles::new(),
            bundles: BTreeMap::new(),
        };
        for (name, bytes) in files.range(LOG_FOLDER..) {
            match name.strip_prefix(LOG_FOLDER) {
                None => break,
                Some("checkpoint") => {}
                Some(path) => kit.take(path, bytes)?,
            }
        }
        Ok(kit)
    }

    fn take(&mut self, path: &str, bytes: &'a [u8]) -> Result<(), KitRefusal> {
        let stranger = || KitRefusal::Stranger(format!("{LOG_FOLDER}{path}"));
        let tile = TilePath::parse(path).ok_or_else(stranger)?;
        let expected = match tile.kind() {
            TileKind::Entries => TilePath::of_entries(tile.index(), self.size),
            TileKind::Hashes { level } => TilePath::of_tree(level, tile.index(), self.size),
        };
        if expected != Some(tile) {
            return Err(stranger());
        }
        if tile.kind() == TileKind::Entries {
            self.bundles.insert(tile.index(), bytes);
        } else {
            let inserted = self.tiles.insert(tile, bytes);
            inserted.map_err(|_| damaged(tile))?;
            self.hashes.insert(tile, bytes);
        }
        Ok(())
    }

    /// The kit's own checkpoint, and those of its history.
    fn notes(&self, files: &Files<'a>) -> Result<Vec<&'a str>, KitRefusal> {
        let newest = text(files, CHECKPOINT_FILE)?;
        let mut notes = vec![newest];
        let history = files.range(CHECKPOINTS_FOLDER..);
        for (name, _) in history.take_while(|(name, _)| name.starts_with(CHECKPOINTS_FOLDER)) {
            let note = text(files, name)?;
            let size = Checkpoint::unverified(note).map(|checkpoint| checkpoint.size);
            if size.map(checkpoint_file).as_deref() != Some(*name) {
                return Err(KitRefusal::Damaged((*name).to_owned()));
            }
            if note != newest {
                notes.push(note);
            }
        }
        Ok(notes)
    }

    fn bundle(&self, index: u64) -> Result<Vec<&'a [u8]>, KitRefusal> {
        let path = TilePath::of_entries(index, self.size);
        let path = path.expect("there are entries before the kit's size");
        let bundle = self.bundles.get(&index).ok_or_else(|| missing(path))?;
        entries_of_bundle(bundle, path.width()).map_err(|_| damaged(path))
    }

    /// The kit's own tile is the derived one.
    fn compare(&self, tile: &Tile) -> Result<TilePath, KitRefusal> {
        let Some(kept) = self.hashes.get(&tile.path) else {
            return Err(missing(tile.path));
        };
        if *kept != tile.bytes {
            return Err(Falsified::Tile { path: tile.path }.into());
        }
        Ok(tile.path)
    }

    /// What wasn't derived, since its entries aren't here, hashes to its place in the tile above it.
    fn rest_is_below(&self, derived: &BTreeSet<TilePath>) -> Result<(), KitRefusal> {
        let rest = self
            .hashes
            .iter()
            .filter(|(path, _)| !derived.contains(*path));
        for (path, bytes) in rest {
            let own = hashes_of(bytes).and_then(|hashes| hash_of_perfect(&hashes));
            let above = self.above(*path);
            if !path.is_full() || own.is_none() || own != above {
                return Err(Falsified::Tile { path: *path }.into());
            }
        }
        Ok(())
    }

    fn above(&self, path: TilePath) -> Option<Hash> {
        let TileKind::Hashes { level } = path.kind() else {
            return None;
        };
        let width = u64::from(TILE_WIDTH);
        let hashes = self.tiles.get(level + 1, path.index() / width)?;
        hashes
            .get(usize::try_from(path.index() % width).ok()?)
            .copied()
    }
}

fn text<'a>(files: &Files<'a>, name: &str) -> Result<&'a str, KitRefusal> {
    let bytes = files
        .get(name)
        .ok_or_else(|| KitRefusal::Missing(name.to_owned()))?;
    let damaged = || KitRefusal::Damaged(name.to_owned());
    // A stranger's ZIP can have thousands of names for one large piece of it: none is read that is longer than a note.
    let note = Some(*bytes).filter(|bytes| bytes.len() <= MAX_NOTE_BYTES);
    std::str::from_utf8(note.ok_or_else(damaged)?).map_err(|_| damaged())
}

fn missing(path: TilePath) -> KitRefusal {
    KitRefusal::Missing(format!("{LOG_FOLDER}{path}"))
}

fn damaged(path: TilePath) -> KitRefusal {
    KitRefusal::Damaged(format!("{LOG_FOLDER}{path}"))
}
