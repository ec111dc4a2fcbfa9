//! The Conclave server: a thin loop of clock, sockets and threads around the cores.

#![forbid(unsafe_code)]

mod allowance;
mod app;
mod channel;
pub mod cli;
mod clock;
pub mod config;
mod external_sender;
mod facts;
pub mod http;
mod id;
mod installation_key;
mod listen;
mod livekit;
pub mod logging;
pub mod media;
mod metrics;
mod owner_link;
mod passwords;
mod recorded;
mod room_names;
mod rooms;
mod screens;
mod secret;
mod server;
mod tickets;
mod tls;
mod upkeep;

pub use clock::Clock;
pub use config::Config;
pub use installation_key::KeyError;
pub use server::{Addresses, Running, Server, StartError};
