//! Remembers: SQLite, and PostgreSQL through the same SQL.
//!
//! [`Store`] is the only door. Reading is a method per question. Writing means recording: an
//! [`Action`] becomes durable together with the audit entries that tell of it, or not at all
//! ([`Store::write`]); acts that must always work wait in a local spool while the database
//! cannot write ([`Store::write_or_spool`]); upkeep that nobody did goes through
//! [`Store::write_unaudited`], with its reason.
//!
//! # Security
//!
//! Credentials, session ids and tickets come in as hashes ([`TokenHash`]). Types that hold a
//! person's words implement neither `Debug` nor `Display`.

#![forbid(unsafe_code)]

pub mod action;
pub mod read;

mod beside;
mod column;
mod connection;
mod engine;
mod error;
mod idempotency;
pub mod log;
mod open;
mod outbox;
mod overlay;
mod piece_chain;
mod record;
mod schema;
mod secret;
mod spool;
mod store;
mod writer;

pub use action::{Action, Essential, Upkeep};
pub use beside::Beside;
pub use error::{OpenError, ReadError, Refused, WriteError};
pub use idempotency::{IdempotencyKey, Once};
pub use open::{Alone, Database, Options};
pub use piece_chain::PieceChain;
pub use record::Record;
pub use secret::{PasswordHash, TokenHash};
pub use store::{Answer, Durability, LogSearch, Logged, LookBack, LookedBack, Store, UpkeepReason};
