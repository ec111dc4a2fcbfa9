//! How somebody joins, whichever form of the URL said it.

use livekit_protocol as proto;

/// The two topologies on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// `/rtc`: the client offers a publisher connection, the server a subscriber connection.
    Dual,
    /// `/rtc/v1`: one connection, the client offers always.
    Single,
}

/// A join or a resume, normalised from v0's query or v1's `join_request`.
#[derive(Clone, Debug)]
pub struct Join {
    pub topology: Topology,
    pub client: proto::ClientInfo,
    pub auto_subscribe: bool,
    pub adaptive_stream: bool,
    /// `None`: the server's default (allowed).
    pub subscriber_allow_pause: Option<bool>,
    pub disable_ice_lite: bool,
    /// Overrides the token's where the permission allows; empty: none.
    pub metadata: String,
    pub attributes: std::collections::BTreeMap<String, String>,
    pub add_track_requests: Vec<proto::AddTrackRequest>,
    pub publisher_offer: Option<proto::SessionDescription>,
    pub resume: Option<Resume>,
}

/// The client means to continue a session.
#[derive(Clone, Debug)]
pub struct Resume {
    /// Empty when an old client does not say.
    pub participant_sid: String,
    pub reason: i32,
    pub sync_state: Option<Box<proto::SyncState>>,
}
