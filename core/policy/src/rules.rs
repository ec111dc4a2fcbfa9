//! Rules that organisations make for their people: what is permitted to whom, and why.
//!
//! Each setting's values are a chain from the strictest to the most permissive, so that all settings together are a
//! lattice, whose meet is [`strictness::stricter`]. From the general to the special, installation, organisation, groups
//! and account may say a word each: the more special one counts, but never permits more than what a more general one
//! has locked; what the installation says is always locked; of several groups the strictest word counts.

mod explain;
mod layers;
mod preview;
pub mod profile;
pub mod strictness;
mod walk;

pub use explain::explain;
pub use layers::{Floor, Layers, Subject};
pub use preview::{Population, preview};
