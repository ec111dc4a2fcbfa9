//! The logs: the outbox's entries in an order, under a tree whose checkpoints are signed (C2SP tlog-tiles).
//!
//! Each organisation has one, and the installation one. An entry's bytes stay in the outbox; its place and hash stand in the log,
//! and the hashes above them as far as they never change again.

mod fault;
mod notary;
mod pending;
mod place;
mod reader;
mod searched;
mod sequencer;
mod standing;

pub use fault::Fault;
pub use notary::Notary;
pub use reader::{Asked, Listed, LogHead, Logs, MOST_ENTRIES_LISTED, Placed, Signed, StoredLeaf};

pub(crate) use pending::Pending;
pub(crate) use sequencer::Sequencer;

/// Every statement of the logs, for the test that prepares each.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&[crate::engine::Statement]] = &[
    place::STATEMENTS,
    reader::STATEMENTS,
    sequencer::STATEMENTS,
    standing::STATEMENTS,
];
