//! A recording, sealed where it is made: whoever keeps it can't open it, and whoever opens it sees what is missing.
//!
//! ```text
//! header │ chunk 1 │ chunk 2 │ … │ last chunk │ manifest      afterword
//! ```
//!
//! The header holds a key that is drawn for this recording alone, sealed by HPKE (RFC 9180, base mode, X-Wing) to the
//! organisation's recording key. Chunks are sealed under what HKDF makes of it, each bound to its number and to whether it
//! is the last: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, 2015). The manifest says how many there are,
//! and which, under a key of its own. The afterword is what somebody says of it once it is over, under another: a recording is
//! whole without it, and never waits for it.
//!
//! # Security
//!
//! - Everything is bound to the organisation, the session and the recording: what was taken from another opens nowhere else.
//! - A chunk that is changed, swapped, repeated or from elsewhere does not open, and what was cut off at the end is missed:
//!   only the last chunk ends a recording, and only the manifest makes it complete.
//! - The chain of hashes runs over what is sealed, so that whoever keeps a recording can also tell that it is whole.
//! - HPKE's base mode says nothing of who sealed. That a recording is of a session's agent is what the server's record says.

mod custody;
mod header;
mod opener;
mod sealer;
mod stream;

pub use custody::{NotAPassphrase, NotOpened, Passphrase, RecordingKeys, fingerprint};
pub use opener::{Broken, Opener, Wholeness};
pub use sealer::{Afterword, Finished, NotSealed, Sealer};
pub use stream::Binding;

/// Of one chunk, before it is sealed.
pub const MOST_PLAIN_BYTES: usize = MOST_CHUNK_BYTES - stream::TAG_BYTES;
/// Of one chunk as it is kept.
pub const MOST_CHUNK_BYTES: usize = 1 << 20;
/// Of one recording: eight hours of a chunk each second.
pub const MOST_CHUNKS: u32 = 32_768;
/// Of an afterword as it is kept: five answers in words, each with its question.
pub const MOST_AFTERWORD_BYTES: usize = 8_448;

#[cfg(test)]
mod tests;
