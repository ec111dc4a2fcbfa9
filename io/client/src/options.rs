//! What an endpoint is told once.

use std::net::SocketAddr;
use std::time::Instant;

use crate::{Encryption, Topology, Trust};

/// What LiveKit's clients keep to.
const LONGEST_DATA: usize = 64_000;

/// How to join. Holds a token: it prints nothing.
#[derive(Clone)]
pub struct Options {
    /// Of the server, such as `wss://meet.example` or `ws://127.0.0.1:7880`; a path in it is kept.
    pub url: String,
    /// Which servers are spoken with, beside this computer's own.
    pub trust: Trust,
    /// A LiveKit token: of an API key, or a join ticket.
    pub token: String,
    pub topology: Topology,
    /// Every track of the room is wanted.
    pub auto_subscribe: bool,
    /// Tracks start at the lowest layer, until a track setting says more.
    pub adaptive_stream: bool,
    /// Layers that nobody wants are not sent.
    pub dynacast: bool,
    /// Offers and sends audio with redundancy (RFC 2198).
    pub red: bool,
    /// Comes back by itself when the signal connection is lost.
    pub resume: bool,
    /// The local UDP addresses: host candidates.
    pub addresses: Vec<SocketAddr>,
    /// Those of the second connection in the dual topology. They are others than the first's:
    /// nothing tells two connections between the same two addresses apart.
    pub subscriber_addresses: Vec<SocketAddr>,
    /// Where everything is sealed for the members of a meeting; absent in developers' rooms.
    /// Audio has no redundancy then: it would be sealed twice.
    pub encryption: Option<Encryption>,
    /// How the server receives what is published is told each second.
    pub reports: bool,
    /// In bytes, of an encoded data packet. More than LiveKit's clients keep to is for who tries what a server does with it.
    pub longest_data: usize,
    /// So many of each track's last frames are kept until [`crate::Endpoint::take_frames`].
    pub keep_frames: usize,
    /// Zero of the send times inside published frames. Delays are true between endpoints that
    /// share it.
    pub epoch: Instant,
}

impl Options {
    pub fn new(url: impl Into<String>, token: impl Into<String>, epoch: Instant) -> Self {
        Self {
            url: url.into(),
            trust: Trust::nobody(),
            token: token.into(),
            topology: Topology::Single,
            auto_subscribe: true,
            adaptive_stream: false,
            dynacast: false,
            red: true,
            resume: true,
            addresses: Vec::new(),
            subscriber_addresses: Vec::new(),
            encryption: None,
            reports: false,
            longest_data: LONGEST_DATA,
            keep_frames: 0,
            epoch,
        }
    }
}
