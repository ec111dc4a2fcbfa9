//! What tests of the whole need: a network in virtual time, and a server in a box.

#![forbid(unsafe_code)]

mod crowd;
mod network;
mod server;
mod world;

pub use crowd::Crowd;
pub use network::{Conditions, Counts, Delivery, Network, Way};
pub use server::Server;
pub use world::{GuestId, World};
