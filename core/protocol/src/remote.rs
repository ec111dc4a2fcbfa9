//! What a technician's page and the agent on a supported computer say to each other, end to end.
//!
//! Each message is one sealed data packet: a byte with the [`VERSION`], one that names the message, its fields in
//! big-endian order, and nothing behind them. Every message has one form only. What is longer than [`LARGEST_MESSAGE`],
//! of another version, or not wholly understood is [`Malformed`], all alike.
//!
//! # Security
//!
//! Keys and texts that are typed on a computer may be passwords: what holds them has no `Debug`.

mod administrator;
mod capability;
mod diagnostics;
mod ending;
mod file;
mod from_agent;
mod from_technician;
mod input;
mod screen;
mod text;
mod wire;

pub use administrator::{Credential, Raising};
pub use capability::{Answer, Capabilities, Capability};
pub use diagnostics::{DiagnosticItem, DiagnosticReport};
pub use ending::{EndReason, PauseReason};
pub use file::{Chunk, Digest, FileName, FileOffer, FileOutcome, TransferId};
pub use from_agent::FromAgent;
pub use from_technician::FromTechnician;
pub use input::{Button, InputEvent, Key, Point, Turn, TypedText};
pub use screen::{Monitor, MonitorId, Monitors};
pub use text::ClipboardText;
pub use wire::Malformed;

/// Both sides are of one server's release: there is nothing to negotiate.
pub const VERSION: u8 = 1;
/// In bytes: a chunk of a file with what names it, and far less than a data channel carries.
pub const LARGEST_MESSAGE: usize = 48 * 1_024;

#[cfg(test)]
mod tests;
