//! Media frames and data messages, sealed so that only the meeting's members can open them.
//!
//! The form is SFrame's (RFC 9605) with AES-256-GCM. Each epoch of the MLS group has one base
//! key, from which every sender's own keys follow ([`EpochKeys`]). A [`Sealer`] holds what this
//! member sends, an [`Opener`] what the others send; both are values that are given bytes and
//! write bytes. What a codec must show to packetisers and to the server is in [`codec`].
//!
//! # Security
//!
//! - A sealer without keys seals nothing, and never repeats a counter under a key.
//! - An opener drops what it opened before, what another member sealed than the one expected, what
//!   belongs to another track ([`Track`]), and whatever is not genuine; to the outside these are one and the same
//!   ([`Unopened`]).
//! - Every member can derive every sender's keys, so members could forge frames as each other,
//!   with the server's help. Only the server and those outside are kept out.
//! - Lengths and times of frames stay visible, and so do epoch, leaf, stream and counter.
//!
//! The code for headers, keys and windows is small and ours, not the `sframe` crate's, which
//! makes a key's schedule anew for each frame, logs, boxes its errors and takes headers in more
//! than one spelling. That crate opens our frames in tests, as we open its.

mod cipher;
pub mod codec;
pub mod data;
mod drops;
mod epoch;
mod header;
mod incoming;
mod key_id;
mod opener;
mod outgoing;
mod refusal;
mod replay;
mod sealer;
mod track;

pub use drops::Drops;
pub use epoch::{BaseKey, EpochKeys};
pub use key_id::{Context, Leaf, MAX_CONTEXTS};
pub use opener::{Leaves, MAX_EPOCHS, Opener, Source};
pub use refusal::{Stale, Unopened, Unsealed};
pub use sealer::Sealer;
pub use track::{MAX_NAME_BYTES, TooLong, Track, TrackKind};
