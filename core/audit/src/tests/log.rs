//! A log in memory, as a server makes it.

use std::collections::BTreeMap;

use crate::*;

/// Entries, the tiles that they fill, and the checkpoints that were signed on the way.
pub(super) struct Log {
    pub(super) signer: Signer,
    pub(super) leaves: Vec<Vec<u8>>,
    pub(super) edge: Edge,
    pub(super) full: Vec<Tile>,
    /// By size.
    pub(super) notes: BTreeMap<u64, String>,
}

pub(super) fn signer() -> Signer {
    let origin = LogOwner::Installation.origin("clinic.example").unwrap();
    Signer::new(origin, &[7; 32])
}

/// The bytes of an entry of no event, of the installation's log.
pub(super) fn leaf(seq: u64, word: &str) -> Vec<u8> {
    leaf_of(format!(r#"{{"salt":"{word}","time":"t"}}"#).as_bytes(), seq).unwrap()
}

impl Log {
    /// Of `size` entries, with a checkpoint at each size of `signed` and at its end.
    pub(super) fn of(size: u64, signed: &[u64]) -> Self {
        let mut log = Self {
            signer: signer(),
            leaves: Vec::new(),
            edge: Edge::new(),
            full: Vec::new(),
            notes: BTreeMap::new(),
        };
        for seq in 0..size {
            log.push(leaf(seq, "honest"));
            if signed.contains(&(seq + 1)) {
                log.sign();
            }
        }
        log.sign();
        log
    }

    pub(super) fn push(&mut self, leaf: Vec<u8>) {
        self.full.extend(self.edge.push(leaf_hash(&leaf)).unwrap());
        self.leaves.push(leaf);
    }

    pub(super) fn sign(&mut self) {
        let note = self.checkpoint().sign(&self.signer).unwrap();
        self.notes.insert(self.edge.size(), note);
    }

    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            origin: self.signer.verifier().name().clone(),
            size: self.edge.size(),
            root: self.edge.frontier().root(),
        }
    }

    pub(super) fn tiles(&self) -> Tiles {
        let mut tiles = Tiles::new();
        for tile in self.full.iter().chain(&self.edge.partial_tiles()) {
            tiles.insert(tile.path, &tile.bytes).unwrap();
        }
        tiles
    }

    /// The kit of the whole log, as its files.
    pub(super) fn kit(&self) -> BTreeMap<String, Vec<u8>> {
        let size = self.edge.size();
        let mut files = BTreeMap::new();
        for tile in self.full.iter().chain(&self.edge.partial_tiles()) {
            files.insert(format!("log/{}", tile.path), tile.bytes.clone());
        }
        for (index, leaves) in (0..).zip(self.leaves.chunks(usize::from(TILE_WIDTH))) {
            let path = TilePath::of_entries(index, size).unwrap();
            files.insert(format!("log/{path}"), bundle(leaves));
        }
        for (size, note) in &self.notes {
            files.insert(kit::checkpoint_file(*size), note.clone().into_bytes());
        }
        let newest = self.notes.last_key_value().unwrap().1.clone();
        files.insert(kit::CHECKPOINT_FILE.to_owned(), newest.into_bytes());
        files
    }
}

pub(super) fn bundle(leaves: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for leaf in leaves {
        add_to_bundle(&mut bytes, leaf).unwrap();
    }
    bytes
}

pub(super) fn verified(files: &BTreeMap<String, Vec<u8>>) -> Result<Rederived, KitRefusal> {
    let borrowed = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    verify_kit(&borrowed.collect(), signer().verifier())
}
