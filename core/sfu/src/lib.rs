//! Rooms, participants, tracks and the forwarding between them, without IO.
//!
//! A [`Shard`] holds the rooms of one owner thread. It is fed datagrams, commands and time
//! ([`Input`]) and hands back what to send, to say and to remember ([`Output`]).

#![forbid(unsafe_code)]

mod command;
mod fact;
mod io;

pub use command::{
    Access, ApiRefusal, ApiRequest, ApiResponse, CallId, Command, Connect, RoomName, SessionId,
};
pub use fact::{EndReason, Fact, Quality, TrackQuality};
pub use io::{Anchor, Config, Datagram, Input, Output, Transmit, Transport};
