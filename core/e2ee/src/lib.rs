//! End-to-end encryption of meetings: an MLS group that agrees on keys, frames that are sealed with them, and what an
//! account's devices share so that any of them can host.
#![forbid(unsafe_code)]

mod account;
pub mod admission;
pub mod asker;
pub mod computer;
pub mod context;
mod crockford;
pub mod device;
pub mod device_list;
pub mod device_request;
mod founding;
pub mod frame;
pub mod giver;
pub mod group;
mod heartbeat;
mod hpke;
pub mod identity;
pub mod letter;
pub mod meeting;
mod once;
mod pake;
pub mod passcode;
mod provider;
pub mod recording;
mod recovery;
pub mod seat;
pub mod secret;
pub mod session;
pub mod signer;
pub mod suite;
pub mod vault;
#[cfg(test)]
mod vectors;

pub use provider::Seed;
