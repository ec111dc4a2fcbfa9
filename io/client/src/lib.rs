//! A participant without a browser: signalling and media.
//!
//! An [`Endpoint`] is a value: it is fed signals, datagrams and time ([`Input`]), and hands back
//! what to send and what happened ([`Output`]). A [`Connection`] drives one over a WebSocket and a
//! UDP socket. What an endpoint publishes is made up but well-formed; each frame says what it is,
//! so that a receiver can judge what arrived ([`TrackReport`]).

#![forbid(unsafe_code)]

mod assembly;
mod audio_source;
mod connection;
mod data;
mod endpoint;
mod event;
mod link;
mod motion;
mod options;
mod playback;
mod playout;
mod publication;
mod reception;
mod retry;
mod roster;
mod sections;
mod stamp;
mod upgrade;
mod video_source;
mod vp8;

pub use conclave_livekit::join::Topology;
pub use connection::{ConnectError, Connection, Handle};
pub use data::{DataMessage, Received};
pub use endpoint::{CommandError, Endpoint, Input, Output};
pub use event::{End, Event};
pub use livekit_protocol as proto;
pub use motion::MotionReport;
pub use options::Options;
pub use publication::{AudioOptions, Cid, VideoLayer, VideoOptions};
pub use reception::TrackReport;
pub use upgrade::Upgrade;
