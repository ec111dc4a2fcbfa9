//! What a connection says.

use std::time::{Duration, Instant};

use super::MediaPacket;
use crate::io::{Transmit, Transport};
use crate::sdp::{Mid, Rid};

/// One thing that the owner of a [`super::Peer`] must do or know.
pub enum PeerOutput {
    Transmit(Transmit),
    /// STUN requests with this local user name fragment are for this connection.
    Claim {
        ufrag: String,
    },
    /// They are not any more. Each claim is released once, at the latest before `Closed`,
    /// `Panicked` or the end of the drain after [`super::Peer::close`].
    Release {
        ufrag: String,
    },
    Media(MediaPacket),
    ChannelOpen(DataChannel),
    ChannelClosed(DataChannel),
    Data {
        channel: DataChannel,
        bytes: Vec<u8>,
    },
    /// The client asks for a key frame of what it is sent on this section (PLI or FIR).
    KeyFrameRequest {
        mid: Mid,
    },
    /// What the path to the client carries, in bits per second.
    BandwidthEstimate {
        bitrate: u64,
    },
    Ice(IceState),
    /// ICE and DTLS are up: media and data flow.
    Connected(Security),
    /// Every two seconds.
    Stats(Box<PeerStats>),
    /// The client closed the connection, or it failed for good.
    Closed,
    /// The engine failed on this connection. Said once; it is dead.
    Panicked,
    /// Drained: call again after the next input, or at this time at the latest.
    Wait(Option<Instant>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IceState {
    Checking,
    Connected,
    /// Nothing is heard from the client; it may come back by an ICE restart.
    Disconnected,
}

/// LiveKit's three data channels. Others are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataChannel {
    /// `_reliable`: ordered.
    Reliable,
    /// `_lossy`: unordered, never retransmitted.
    Lossy,
    /// `_data_track`: unordered, never retransmitted.
    Track,
}

impl DataChannel {
    pub const ALL: [Self; 3] = [Self::Reliable, Self::Lossy, Self::Track];

    pub fn label(self) -> &'static str {
        match self {
            Self::Reliable => "_reliable",
            Self::Lossy => "_lossy",
            Self::Track => "_data_track",
        }
    }

    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.label() == label)
    }
}

/// What protects the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Security {
    /// For example `DTLS 1.2`.
    pub dtls: &'static str,
    /// As IANA names it, for example `TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256`.
    pub cipher: &'static str,
    /// As IANA names it, for example `SRTP_AEAD_AES_256_GCM`.
    pub srtp: &'static str,
}

/// The state of a connection. Counters are totals since its start.
#[derive(Clone, Debug, Default)]
pub struct PeerStats {
    /// The selected path; `None` before there is one.
    pub path: Option<Transport>,
    pub bytes_received: u64,
    pub bytes_sent: u64,
    /// Of RTCP.
    pub round_trip: Option<Duration>,
    /// Bits per second towards the client.
    pub estimate: Option<u64>,
    /// One per section and layer that has had media.
    pub received: Vec<StreamStats>,
    pub sent: Vec<StreamStats>,
}

/// One RTP stream. Counters are totals since its start.
#[derive(Clone, Debug)]
pub struct StreamStats {
    pub mid: Mid,
    pub rid: Option<Rid>,
    pub packets: u64,
    pub bytes: u64,
    /// Packets lost in total, as far as the receiving side knows.
    pub lost: u64,
    /// The share of packets lost in the last report's interval, 0 to 1.
    pub loss: Option<f32>,
    /// In ticks of the codec's clock.
    pub jitter: u32,
    pub round_trip: Option<Duration>,
    pub nacks: u64,
    /// PLI and FIR.
    pub key_frame_requests: u64,
}
