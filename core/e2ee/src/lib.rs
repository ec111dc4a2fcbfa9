//! A meeting's end-to-end encryption: an MLS group that agrees on keys, and frames that are sealed with them.
#![forbid(unsafe_code)]

pub mod admission;
pub mod context;
pub mod device;
mod founding;
pub mod frame;
pub mod group;
mod heartbeat;
pub mod identity;
pub mod letter;
pub mod meeting;
mod provider;
pub mod seat;
pub mod secret;
pub mod session;
pub mod signer;
pub mod suite;

pub use provider::Seed;
