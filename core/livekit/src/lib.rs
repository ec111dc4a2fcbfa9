//! LiveKit's messages, tokens and join requests.
//!
//! The messages are those of the crate `livekit-protocol`; here is what a server does with
//! their envelopes: verify a token, read how somebody joins, make identifiers.

#![forbid(unsafe_code)]

pub mod candidate;
pub mod join;
pub mod sid;
pub mod signal;
pub mod token;

pub use livekit_protocol as proto;
