//! What a shard reports: things that happened, for metrics, records and reports.

use std::time::Duration;

use crate::command::RoomName;

pub enum Fact {
    RoomStarted {
        room: RoomName,
    },
    RoomEnded {
        room: RoomName,
    },
    /// The participant's media connection is up (once per participant session).
    ParticipantActive {
        room: RoomName,
        identity: String,
        sid: String,
    },
    /// Gone, after any grace. `quality` is the whole session's record.
    ParticipantLeft {
        room: RoomName,
        identity: String,
        sid: String,
        reason: EndReason,
        quality: Box<Quality>,
    },
    /// Name, metadata, attributes or permission changed: its refresh token must say so.
    ParticipantChanged {
        room: RoomName,
        identity: String,
        info: Box<livekit_protocol::ParticipantInfo>,
    },
    TrackPublished {
        room: RoomName,
        identity: String,
        sid: String,
    },
    TrackUnpublished {
        room: RoomName,
        identity: String,
        sid: String,
    },
    /// Asked to publish what is not taken of them (each refusal once per participant session).
    PublishRefused {
        room: RoomName,
        identity: String,
        refusal: PublishRefusal,
    },
    /// Sent data to a computer that they may not use, nor did until a moment ago (once per participant session): none of it
    /// passes.
    StrayData {
        room: RoomName,
        identity: String,
    },
    /// In a meeting: shows a screen, from here on; and, every 10 seconds, has done something while they do. That is: the
    /// screen's picture changed, they spoke, or they sent data.
    ScreenActive {
        room: RoomName,
        identity: String,
    },
    /// Shows none any more.
    ScreenEnded {
        room: RoomName,
        identity: String,
    },
    /// A record so far, every 10 seconds per participant.
    Quality {
        room: RoomName,
        identity: String,
        quality: Box<Quality>,
    },
    /// A connection's code failed, and only that connection was ended.
    PeerPanicked {
        room: RoomName,
    },
    /// Strangers' bytes that made no sense, since the last report.
    Dropped {
        reason: &'static str,
        count: u64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublishRefusal {
    /// Their rights have no such source.
    NotAllowed,
    /// A screen, and others are to show one.
    NotPresenter,
    /// A screen, and somebody else shows one.
    ScreenTaken,
    NotEncrypted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    ClientLeft,
    DuplicateIdentity,
    ServerShutdown,
    ParticipantRemoved,
    RoomDeleted,
    RoomClosed,
    StateMismatch,
    SignalLost,
    MediaLost,
    NeverConnected,
    Failed,
}

/// One participant session's quality of service. Totals are since its start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quality {
    pub participant_sid: String,
    /// `udp` or `tcp`; empty before the connection is up.
    pub path: String,
    pub dtls: String,
    pub srtp: String,
    pub round_trip: Option<Duration>,
    /// Send-side estimate towards this participant, bits per second.
    pub estimate: Option<u64>,
    pub connected_for: Duration,
    pub tracks: Vec<TrackQuality>,
}

/// One track in one direction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackQuality {
    pub track_sid: String,
    /// The participant publishes it (else: is sent it).
    pub published: bool,
    /// `audio` or `video`.
    pub kind: String,
    pub codec: String,
    /// Of video: the layer last received or sent, as `spatial.temporal`.
    pub layer: String,
    pub packets: u64,
    pub bytes: u64,
    /// Bits per second over the last interval.
    pub bitrate: u64,
    pub lost: u64,
    pub jitter: Duration,
    pub round_trip: Option<Duration>,
    pub nacks: u64,
    pub key_frame_requests: u64,
}
