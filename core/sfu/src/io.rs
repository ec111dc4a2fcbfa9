//! What goes into a shard and what comes out of it.

use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use livekit_protocol::signal_response;

use crate::command::{ApiRefusal, ApiResponse, CallId, Command, SessionId};
use crate::fact::Fact;

/// One thing that happened outside.
pub enum Input<'a> {
    Datagram(Datagram<'a>),
    /// An ICE-TCP stream ended.
    StreamClosed {
        remote: SocketAddr,
    },
    Command(Command),
    /// The time that [`Output::Wait`] named has come; harmless at any other time.
    Timeout,
}

/// One UDP datagram, or one RFC 4571 frame of an ICE-TCP stream.
#[derive(Clone, Copy)]
pub struct Datagram<'a> {
    pub transport: Transport,
    pub remote: SocketAddr,
    /// The advertised address that the datagram was sent to.
    pub local: SocketAddr,
    pub bytes: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    Udp,
    Tcp,
}

/// One thing the owner must do, or the news that nothing is left to do.
pub enum Output {
    Transmit(Transmit),
    /// For the WebSocket of this session, in this order.
    Signal {
        session: SessionId,
        message: Box<signal_response::Message>,
    },
    /// Flush, then close the session's WebSocket. No further signal for it follows.
    CloseSignal {
        session: SessionId,
    },
    /// STUN requests with this local user name fragment belong to this shard.
    Claim {
        ufrag: String,
    },
    /// They do not any more.
    Release {
        ufrag: String,
    },
    /// Answers [`Command::Api`].
    Reply {
        call: CallId,
        reply: Result<ApiResponse, ApiRefusal>,
    },
    Fact(Fact),
    /// Drained: call again after the next input, or at this time at the latest.
    Wait(Option<Instant>),
}

pub struct Transmit {
    pub transport: Transport,
    pub local: SocketAddr,
    pub remote: SocketAddr,
    pub bytes: Vec<u8>,
}

/// One moment on both clocks, from which a shard derives wall-clock time.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    pub instant: Instant,
    pub wall: SystemTime,
}

/// What a shard is told once. Each bound refuses with a clear error when it is reached.
#[derive(Clone, Debug)]
pub struct Config {
    /// Host candidates for UDP, as clients reach them.
    pub udp: Vec<SocketAddr>,
    /// Passive ICE-TCP host candidates (RFC 6544).
    pub tcp: Vec<SocketAddr>,
    /// The version in `ServerInfo`; clients gate features by it.
    pub server_version: String,
    pub node_id: String,
    pub max_rooms: usize,
    pub max_participants_per_room: usize,
    pub max_tracks_per_participant: usize,
    /// How long an empty room is kept before anyone joined, and after the last one left.
    pub empty_timeout: Duration,
    pub departure_timeout: Duration,
    /// How long a participant without a signal connection and without media is kept for a resume.
    pub resume_grace: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            udp: Vec::new(),
            tcp: Vec::new(),
            // livekit-client enables its newer behaviour by this number.
            server_version: "1.9.11".to_owned(),
            node_id: "ND_conclave".to_owned(),
            max_rooms: 10_000,
            max_participants_per_room: 300,
            max_tracks_per_participant: 40,
            empty_timeout: Duration::from_secs(300),
            departure_timeout: Duration::from_secs(20),
            resume_grace: Duration::from_secs(30),
        }
    }
}
