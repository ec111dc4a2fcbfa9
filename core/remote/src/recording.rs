//! What is kept of a session: the picture as a viewer gets it, what was written, and who did what, each with its moment.
//!
//! It is a track of [`Moment`]s, of which pieces are sealed and kept one by one; each piece can be read by itself.
//!
//! # Security
//!
//! What is typed is counted and never written down. While a field for a password has the keyboard, as far as the computer
//! says so, it is not even counted. Files are known by size and hash.

mod answers;
mod moment;
mod recorder;
mod track;

pub use moment::Moment;
pub use recorder::{Recorder, Watch};
pub use track::{LARGEST_RECORD, NoTrack, Timed, read};
