//! What tests of the whole need: a network in virtual time, and a server in a box.

#![forbid(unsafe_code)]

mod crowd;
mod figures;
mod memory;
mod network;
mod owner;
mod person;
mod practice;
mod relay;
mod server;
mod welch;
mod world;

pub use crowd::Crowd;
pub use figures::Figures;
pub use memory::Memory;
pub use network::{Conditions, Counts, Delivery, Network, Way};
pub use owner::Owner;
pub use person::Person;
pub use practice::Practice;
pub use relay::Relay;
pub use server::{Server, developer_token};
pub use welch::welch;
pub use world::{GuestId, World};
