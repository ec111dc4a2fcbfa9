//! A participant without a browser: signalling and media.
//!
//! An [`Endpoint`] is a value: it is fed signals, datagrams and time ([`Input`]), and hands back
//! what to send and what happened ([`Output`]). A [`Connection`] drives one over a WebSocket and a
//! UDP socket. In a meeting a [`Membership`], driven by a [`Channel`], is beside it: it holds the
//! device's seat in the [`Encryption`], which seals and opens all that the endpoint carries. What an endpoint publishes is what its owner encodes
//! ([`LiveFrame`]), a [`Recording`], or made up but well-formed: each such frame says what it is, so that a receiver can judge what arrived ([`TrackReport`]).

#![forbid(unsafe_code)]

mod admission;
mod assembly;
mod audio_source;
mod channel;
mod computer_line;
mod connection;
mod cover;
mod data;
mod encryption;
mod endpoint;
mod event;
mod exchange;
mod invitation;
mod link;
mod live_source;
pub mod membership;
mod motion;
mod options;
mod playback;
mod playout;
mod publication;
mod reception;
mod recording;
mod retry;
mod roster;
mod sections;
mod stamp;
mod trust;
mod udp;
mod units;
mod upgrade;
mod video_source;
mod vp8;
mod wire;

pub use admission::{Guest, NotDone, Place};
pub use channel::{Channel, NotOpened};
pub use computer_line::{ComputerLine, Said};
pub use conclave_audit as audit;
pub use conclave_e2ee as e2ee;
pub use conclave_livekit::join::Topology;
pub use conclave_protocol as protocol;
pub use connection::{ConnectError, Connection, Handle};
pub use cover::Kind;
pub use data::{DataMessage, Received};
pub use encryption::{Encryption, Zero};
pub use endpoint::{CommandError, Endpoint, Input, Output};
pub use event::{End, Event};
pub use invitation::{Invitation, NoInvitation, verifier};
pub use live_source::LiveFrame;
pub use livekit_protocol as proto;
pub use membership::{Means, Member, Membership, News, NotGiven, Petition, Seeds};
pub use motion::MotionReport;
pub use options::Options;
pub use publication::{AudioOptions, Cid, LiveOptions, VideoLayer, VideoOptions};
pub use reception::TrackReport;
pub use recording::Recording;
pub use trust::{Distrust, KeyPin, NoAuthority, NoKeyPin, Trust};
pub use upgrade::Upgrade;
pub use wire::Unreached;
