//! The seam between what a room decides and the connections that carry it out.
//!
//! Both directions are values: a room gives [`Order`]s and is told [`Report`]s. So its decisions
//! can be simulated without cryptography, and no connection decides anything.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::participant::ParticipantKey;
use crate::peer::{
    DataChannel, DataError, IceState, LocalOffer, MediaPacket, NegotiationError, OfferChange,
    OutgoingPacket, PeerStats, Role, Security,
};
use crate::sdp::{AnswerPlan, Codec, Mid, Rid};

/// One of a participant's connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ConnectionId {
    pub(crate) participant: ParticipantKey,
    pub(crate) side: Side,
}

/// As LiveKit names them. The one connection of v1 is the publisher's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Publisher,
    Subscriber,
}

/// What a room wants of a connection.
pub(crate) enum Order {
    Open(Role),
    Close,
    /// Reported by [`Report::Answer`].
    AcceptOffer {
        /// The client's, echoed.
        id: u32,
        sdp: String,
        plan: AnswerPlan,
    },
    /// Reported by [`Report::Offer`].
    CreateOffer(OfferChange),
    /// Reported by [`Report::AnswerAccepted`].
    AcceptAnswer {
        sdp: String,
        /// Those whose codecs are to be reported.
        sections: Vec<Mid>,
    },
    AddCandidate(String),
    Send(OutgoingPacket),
    RequestKeyFrame {
        mid: Mid,
        rid: Option<Rid>,
    },
    SendData {
        channel: DataChannel,
        bytes: Arc<[u8]>,
    },
    SetBitrate {
        current: u64,
        desired: u64,
    },
    EstimateAnew {
        bitrate: u64,
    },
}

/// The codecs that a client takes, by section that can send.
pub(crate) type Sendable = BTreeMap<Mid, Vec<Codec>>;

/// What a connection tells its room.
pub(crate) enum Report {
    Answer {
        id: u32,
        result: Result<(String, Sendable), NegotiationError>,
    },
    Offer(Result<LocalOffer, NegotiationError>),
    AnswerAccepted(Result<Sendable, NegotiationError>),
    /// A candidate that can't be used, as clients send some.
    CandidateSkipped,
    Media(MediaPacket),
    ChannelOpen(DataChannel),
    ChannelClosed(DataChannel),
    Data {
        channel: DataChannel,
        bytes: Vec<u8>,
    },
    DataRefused {
        channel: DataChannel,
        error: DataError,
    },
    KeyFrameRequest {
        mid: Mid,
    },
    BandwidthEstimate {
        bitrate: u64,
    },
    Ice(IceState),
    Connected(Security),
    Stats(Box<PeerStats>),
    Closed,
    Panicked,
}
