//! The Conclave server: a thin loop of clock, sockets and threads around the cores.

#![forbid(unsafe_code)]

pub mod cli;
mod clock;
pub mod config;
pub mod http;
pub mod livekit;
pub mod media;
mod metrics;
mod server;
pub mod tickets;

pub use clock::Clock;
pub use config::Config;
pub use server::{Addresses, Running, Server, StartError};
