//! Rooms, participants, tracks and the forwarding between them, without IO.
//!
//! A [`Shard`] holds the rooms of one owner thread. It is fed datagrams, commands and time
//! ([`Input`]) and hands back what to send, to say and to remember ([`Output`]).

#![forbid(unsafe_code)]

pub mod allocation;
mod audience;
mod card;
pub mod codec;
mod command;
mod connection;
pub mod connection_quality;
mod connections;
pub mod data;
mod delivery;
pub mod demux;
mod departed;
mod downlink;
mod drops;
pub mod dynacast;
mod fact;
pub mod forwarding;
mod io;
pub mod key_frames;
pub mod layers;
mod leave;
mod lifetime;
mod line;
mod negotiation;
mod participant;
mod paths;
pub mod peer;
mod presence;
mod presenting;
mod publication;
mod publishing;
mod record;
mod room;
mod roster;
mod schedule;
pub mod sdp;
mod shard;
mod slab;
pub mod speakers;
mod standstill;
mod subscriptions;
#[cfg(test)]
mod test_time;
mod track;
mod tracks;
mod wanted;

pub use command::{
    Access, ApiRefusal, ApiRequest, ApiResponse, CallId, Command, Connect, Mute, Muted, RoomName,
    SessionId, Whom,
};
pub use fact::{EndReason, Fact, PublishRefusal, Quality, TrackQuality};
pub use io::{Anchor, Config, Datagram, Input, Output, Transmit, Transport};
pub use line::Line;
pub use presenting::{Presenters, Rule, Turns};
pub use shard::Shard;
