//! What the owner of a shard tells it to do.

use std::collections::BTreeMap;

use conclave_livekit::join::Join;
use livekit_protocol as proto;

use crate::fact::EndReason;
use crate::line::Line;
use crate::presenting::{Rule, Turns};

/// One WebSocket, numbered by the owner, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// One request of the server API, numbered by the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// A room's name: the meeting's id, or a developer's own word. At most 256 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomName(pub String);

pub enum Command {
    /// A WebSocket was accepted: a new participant, or one that resumes.
    Connect(Box<Connect>),
    Request {
        session: SessionId,
        request: Box<proto::signal_request::Message>,
    },
    /// A frame of this session could not be read.
    Malformed { session: SessionId },
    /// The WebSocket is gone without a `leave`.
    Disconnected { session: SessionId },
    Api {
        call: CallId,
        room: RoomName,
        request: Box<ApiRequest>,
    },
    /// Tells everybody to go, and ends all rooms.
    Shutdown,
}

pub struct Connect {
    pub session: SessionId,
    pub room: RoomName,
    pub access: Access,
    pub join: Join,
}

/// What the server knows about who connects; checked before it gets here.
#[derive(Clone)]
pub struct Access {
    pub identity: String,
    pub name: String,
    pub metadata: String,
    pub attributes: BTreeMap<String, String>,
    pub kind: proto::participant_info::Kind,
    pub permission: proto::ParticipantPermission,
    /// Makes the room when it is not there; else a missing room refuses.
    pub may_create_room: bool,
    /// Publishes nothing that is not declared to be encrypted end to end.
    pub must_encrypt: bool,
    /// Of meetings: one screen at a time, by this rule.
    pub turns: Option<Turns>,
    /// Of a computer in a meeting: its data are for one participant alone, and theirs for it.
    pub line: Option<Line>,
    /// From the token that makes the room.
    pub room_configuration: Option<Box<proto::RoomConfiguration>>,
}

/// The server API's calls, as LiveKit's RoomService names them, with our own.
#[expect(
    clippy::large_enum_variant,
    reason = "a command carries it in a box of its own"
)]
pub enum ApiRequest {
    CreateRoom(proto::CreateRoomRequest),
    /// Answered with this shard's rooms.
    ListRooms(proto::ListRoomsRequest),
    DeleteRoom(proto::DeleteRoomRequest),
    ListParticipants(proto::ListParticipantsRequest),
    GetParticipant(proto::RoomParticipantIdentity),
    RemoveParticipant(proto::RoomParticipantIdentity),
    MutePublishedTrack(proto::MuteRoomTrackRequest),
    /// Ours: their place is over for good, also while they, or the room, are not there yet.
    PutOut {
        identity: String,
    },
    /// Ours: by whom and what it is, not by tracks. What somebody labels as what doesn't matter.
    Mute(Mute),
    /// Ours: who may show a screen from here on. What may not be shown any more ends.
    Present(Rule),
    /// Ours: this participant leads, or no longer does.
    Lead {
        identity: String,
        leads: bool,
        /// Of the meeting that says so; what an older one said changes nothing.
        revision: u64,
    },
    /// Ours: what this participant may send and receive from here on.
    Permit {
        identity: String,
        permission: proto::ParticipantPermission,
        /// Of the policy that says so; what an older one said changes nothing.
        revision: u64,
    },
    /// Ours: with whom a computer exchanges data from here on. What waits for it of anybody else is gone.
    SetLine {
        identity: String,
        line: Line,
    },
    /// Ours: what this participant shows of a screen ends. They may begin again.
    StopScreen {
        identity: String,
    },
    UpdateParticipant(proto::UpdateParticipantRequest),
    UpdateSubscriptions(proto::UpdateSubscriptionsRequest),
    SendData(proto::SendDataRequest),
    UpdateRoomMetadata(proto::UpdateRoomMetadataRequest),
    /// Ends the room for everybody and for good: nobody opens another of its name.
    End(EndReason),
}

/// Passes on no longer what they send, until they unmute it themselves.
pub struct Mute {
    pub whom: Whom,
    pub what: Muted,
}

/// Participants by their identities.
pub enum Whom {
    One(String),
    /// Everybody else.
    AllBut(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Muted {
    /// All that is heard of them, a shared screen's sound as well.
    Sound,
    /// All that is seen of them but a shared screen.
    Picture,
}

impl Whom {
    pub(crate) fn includes(&self, identity: &str) -> bool {
        match self {
            Self::One(one) => one == identity,
            Self::AllBut(one) => one != identity,
        }
    }
}

impl Muted {
    pub(crate) fn includes(self, info: &proto::TrackInfo) -> bool {
        match self {
            Self::Sound => info.r#type() == proto::TrackType::Audio,
            Self::Picture => {
                info.r#type() == proto::TrackType::Video
                    && info.source() != proto::TrackSource::ScreenShare
            }
        }
    }
}

pub enum ApiResponse {
    Done,
    Room(Box<proto::Room>),
    Rooms(Vec<proto::Room>),
    Participant(Box<proto::ParticipantInfo>),
    Participants(Vec<proto::ParticipantInfo>),
    Track(Box<proto::TrackInfo>),
}

/// Why a call of the server API did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiRefusal {
    #[error("there is no such room")]
    NoRoom,
    #[error("there is no such participant")]
    NoParticipant,
    #[error("there is no such track")]
    NoTrack,
    #[error("nobody's microphone or camera is opened for them")]
    RemoteUnmute,
    #[error("a limit is reached: {0}")]
    Limit(&'static str),
    #[error("the request is not valid: {0}")]
    Invalid(&'static str),
}
