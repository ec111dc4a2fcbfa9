//! The typed record of every act, and the log that shows it unchanged.
//!
//! An [`Entry`] is made beside the act and is written in the same transaction. Its canonical
//! form ([`Entry::to_canonical`], RFC 8785) is what later becomes a leaf of the log, so the
//! same entry has the same bytes on every machine.
//!
//! A log is a Merkle tree over its leaves (RFC 6962, section 2.1), kept in the tiles of C2SP tlog-tiles and signed as
//! C2SP checkpoints, so that programs which know nothing of this one verify it. Who appends keeps a [`Frontier`]
//! (or an [`Edge`], which keeps the tiles that still grow) and signs a [`Checkpoint`]; who reads asks which tiles a proof
//! needs, puts them into [`Tiles`], and proves; who verifies holds an [`InclusionProof`] or a [`ConsistencyProof`]
//! against signed roots, or derives the whole tree again ([`Rederivation`], [`verify_kit`]).
//!
//! # Security
//!
//! An entry holds opaque ids, closed vocabularies and shortened or keyed addresses. It has no
//! field for free text: a person's words go into the sealed part, of which the entry keeps a
//! hash ([`Sealed`]), so that destroying the seal's key erases them and the log still verifies.
//! The salt keeps a leaf's hash from being guessed from its few likely contents.

#![forbid(unsafe_code)]

mod actor;
mod archive;
mod bundle;
mod canonical;
mod cef;
mod checkpoint;
mod code;
mod consistency;
mod edge;
mod entry;
mod entry_time;
mod event;
mod frontier;
mod hash;
mod hex;
mod inclusion;
mod key_name;
pub mod kit;
mod leaf;
mod note;
mod origin;
mod rederivation;
mod ruling;
mod sealed;
mod source;
mod syslog;
mod tile;
mod tiles;
mod tlog_proof;
mod tree;

pub use actor::{Actor, Assurance};
pub use archive::{Files, NoArchive, files_of_zip};
pub use bundle::{NotABundle, add_to_bundle, entries_of_bundle};
pub use checkpoint::{Checkpoint, NotACheckpoint};
pub use code::Code;
pub use consistency::{ConsistencyProof, NotProven};
pub use edge::{Edge, Tile};
pub use entry::{Clock, Entry, MAX_ENTRY_BYTES, Outcome, Stamp, Unreadable, Unwritable, VERSION};
pub use entry_time::EntryTime;
pub use event::{
    Entrance, Event, Object, ObjectKind, QualitySummary, StreamSummary, TicketKind, Way,
};
pub use frontier::{Frontier, Full, Grown};
pub use hash::{Hash, leaf_hash, node_hash};
pub use hex::Hex;
pub use inclusion::InclusionProof;
pub use key_name::KeyName;
pub use kit::{KitRefusal, verify_kit};
pub use leaf::{LeafPlace, NotAnEntry, leaf_of};
pub use note::{MAX_NOTE_BYTES, MAX_SIGNATURES, NotAKey, NotSigned, Signer, Unsignable, Verifier};
pub use origin::LogOwner;
pub use rederivation::{Falsified, Rederivation, Rederived};
pub use ruling::{Decision, Ruling};
pub use sealed::Sealed;
pub use source::{Address, Source};
pub use syslog::Sender as SyslogSender;
pub use tile::{MAX_TILE_LEVEL, TILE_WIDTH, TileKind, TilePath};
pub use tiles::{NotATile, Tiles};
pub use tlog_proof::{MAX_PROOF_BYTES, ProvenEntry, ProvesNothing, TlogProof};
pub use tree::{HashReader, MAX_SIZE, Node, Unprovable};

#[cfg(test)]
mod tests;
