//! One entry with all that proves it, in one file (C2SP tlog-proof): `.tlog-proof`.
//!
//! The entry itself travels as the format's extra data, which nothing signs: it counts for what it hashes to.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::note::MAX_NOTE_BYTES;
use crate::{
    Checkpoint, Hash, InclusionProof, LeafPlace, MAX_ENTRY_BYTES, MAX_SIZE, Verifier, leaf_hash,
};

/// The longest proof that is read: an entry, one hash for each bit of an index, a note.
pub const MAX_PROOF_BYTES: usize = MAX_NOTE_BYTES + 16 * 1024;

/// `Display` writes the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// The leaf's bytes.
    pub entry: Vec<u8>,
    /// The leaf's place, counted from 0.
    pub index: u64,
    pub inclusion: InclusionProof,
    /// The signed note.
    pub checkpoint: String,
}

/// What a proof proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenEntry {
    /// The leaf's bytes: the entry's canonical form with its `seq`.
    pub entry: Vec<u8>,
    pub index: u64,
    /// The tree that it stands in.
    pub checkpoint: Checkpoint,
}

/// The text proves no entry of this log. Why is told to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text proves no entry of this log")]
pub struct ProvesNothing;

impl TlogProof {
    /// Accepts only what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_PROOF_BYTES {
            return None;
        }
        let (head, checkpoint) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        lines.next().filter(|line| *line == FIRST_LINE)?;
        let entry = STANDARD.decode(lines.next()?.strip_prefix(EXTRA)?).ok()?;
        let index = lines.next()?.strip_prefix(INDEX)?.parse().ok()?;
        let hashes: Option<Vec<Hash>> = lines.map(Hash::from_base64).collect();
        let inclusion = hashes.filter(|hashes| hashes.len() <= MAX_SIZE.count_ones() as usize)?;
        let read = Self {
            entry,
            index,
            inclusion: InclusionProof(inclusion),
            checkpoint: checkpoint.to_owned(),
        };
        let fits = read.entry.len() <= MAX_ENTRY_BYTES;
        (fits && read.to_string() == text).then_some(read)
    }

    /// Holds the entry against a checkpoint that the log's key signed; the entry names its place itself too.
    pub fn verify(self, verifier: &Verifier) -> Result<ProvenEntry, ProvesNothing> {
        let checkpoint = Checkpoint::open(&self.checkpoint, verifier).map_err(|_| ProvesNothing)?;
        let leaf = leaf_hash(&self.entry);
        let (size, root) = (checkpoint.size, checkpoint.root);
        let included = self.inclusion.verify(leaf, self.index, size, root);
        included.map_err(|_| ProvesNothing)?;
        let place = LeafPlace::of(&self.entry).ok_or(ProvesNothing)?;
        if place.seq != self.index {
            return Err(ProvesNothing);
        }
        Ok(ProvenEntry {
            entry: self.entry,
            index: self.index,
            checkpoint,
        })
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        writeln!(f, "{EXTRA}{}", STANDARD.encode(&self.entry))?;
        writeln!(f, "{INDEX}{}", self.index)?;
        for hash in &self.inclusion.0 {
            writeln!(f, "{}", hash.to_base64())?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
const EXTRA: &str = "extra ";
const INDEX: &str = "index ";
