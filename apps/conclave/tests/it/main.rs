//! The whole server, through its sockets.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper that fails is a test that fails"
)]

mod access;
mod audit;
mod browser;
mod caller;
mod channel;
mod co_host;
mod docs;
mod encryption;
mod essential;
mod expel;
mod groups;
mod line;
mod livekit;
mod lock;
mod meetings;
mod moderation;
mod privacy;
mod program;
mod resumes;
mod screens;
mod server_in_a_box;
mod sessions;
mod tickets;
mod tls;
mod vault;
mod web;
