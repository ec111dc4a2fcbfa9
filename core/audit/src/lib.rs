//! The typed record of every act: what an entry says, and the exact bytes that stand for it.
//!
//! An [`Entry`] is made beside the act and is written in the same transaction. Its canonical
//! form ([`Entry::to_canonical`], RFC 8785) is what later becomes a leaf of the log, so the
//! same entry has the same bytes on every machine.
//!
//! # Security
//!
//! An entry holds opaque ids, closed vocabularies and shortened or keyed addresses. It has no
//! field for free text: a person's words go into the sealed part, of which the entry keeps a
//! hash ([`Sealed`]), so that destroying the seal's key erases them and the log still verifies.
//! The salt keeps a leaf's hash from being guessed from its few likely contents.

#![forbid(unsafe_code)]

mod actor;
mod canonical;
mod code;
mod entry;
mod entry_time;
mod event;
mod hex;
mod ruling;
mod sealed;
mod source;

pub use actor::{Actor, Assurance};
pub use code::Code;
pub use entry::{Clock, Entry, MAX_ENTRY_BYTES, Outcome, Stamp, Unreadable, Unwritable, VERSION};
pub use entry_time::EntryTime;
pub use event::{Entrance, Event, Object, ObjectKind, TicketKind, Way};
pub use hex::Hex;
pub use ruling::{Decision, Ruling};
pub use sealed::Sealed;
pub use source::{Address, Source};
