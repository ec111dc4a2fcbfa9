//! What an endpoint reports.

use std::time::Duration;

use livekit_protocol as proto;

use crate::data::Received;
use crate::publication::Cid;

/// Something that happened. Its payloads name people: it prints nothing.
pub enum Event {
    /// The server let us in.
    Joined(Box<proto::JoinResponse>),
    /// The first media connection is up; `srtp` is its protection profile as IANA names it.
    Connected {
        srtp: &'static str,
    },
    /// Somebody else came, or what the roster says about them changed.
    ParticipantChanged(Box<proto::ParticipantInfo>),
    ParticipantLeft(Box<proto::ParticipantInfo>),
    /// What the server says about ourselves.
    SelfChanged(Box<proto::ParticipantInfo>),
    Published {
        cid: Cid,
        track: Box<proto::TrackInfo>,
    },
    Unpublished {
        track_sid: String,
    },
    /// Media of this track may arrive from now on.
    Subscribed {
        track_sid: String,
    },
    Unsubscribed {
        track_sid: String,
    },
    Data(Box<Received>),
    /// A data channel towards the server can be written.
    DataOpen {
        reliable: bool,
    },
    SpeakersChanged(Vec<proto::SpeakerInfo>),
    ConnectionQuality(Vec<proto::ConnectionQualityInfo>),
    StreamStates(Vec<proto::StreamStateInfo>),
    /// Which layers of our track somebody wants.
    WantedQualities(Box<proto::SubscribedQualityUpdate>),
    SubscriptionPermission(Box<proto::SubscriptionPermissionUpdate>),
    /// Somebody receives our track.
    TrackSubscribed {
        track_sid: String,
    },
    /// Frames that its owner encodes can be sent on this track from here on, the first as a key frame.
    Flows {
        cid: Cid,
    },
    /// The next frame of this track, which its owner encodes, is to be a key frame.
    KeyFrameRequested {
        cid: Cid,
    },
    /// How the server receives this track, which its owner encodes, where [`crate::Options::reports`] wants it.
    Reported {
        cid: Cid,
        /// Of its packets, since the last report. `None`: the server said nothing.
        loss: Option<f32>,
        round_trip: Option<Duration>,
    },
    /// The server muted or unmuted our track.
    Muted {
        track_sid: String,
        muted: bool,
    },
    RoomChanged(Box<proto::Room>),
    /// The answer to a request that may be refused.
    RequestAnswered(Box<proto::RequestResponse>),
    SubscriptionFailed(Box<proto::SubscriptionResponse>),
    /// The token was renewed; the next connection uses it.
    TokenRefreshed,
    SignalLost,
    /// The session goes on over another signal connection.
    Resumed,
    /// The session could not go on: a new one begins, with the same publications.
    Restarting,
    /// Nothing follows.
    Ended(End),
}

/// Why an endpoint is no longer in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// We left.
    Left,
    /// The server told us to go.
    Told(proto::DisconnectReason),
    /// The server did not accept the upgrade; its HTTP status, if there was one.
    Refused(Option<u16>),
    /// The signal connection did not come back.
    Unreachable,
    /// The server broke the protocol, or the media connection failed for good.
    Failed,
}
