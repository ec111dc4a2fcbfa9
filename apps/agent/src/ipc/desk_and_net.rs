//! Between the process with the network and the one with the desktop.

use conclave_protocol::ParticipantId;
use conclave_protocol::remote::EndReason;
use conclave_remote::{Fact, Limits, Person};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::errand::Errand;

#[derive(Serialize, Deserialize)]
pub enum NetToDesk {
    /// Before all others, if at all: the person presents the computer, and more sessions may follow each.
    Presents,
    /// Said once, but where the person presents: the technician is in the room.
    Begin {
        technician: Person,
        limits: Limits,
    },
    /// What brings the computer back into this session after a restart.
    WayBack(Box<Errand>),
    /// Somebody else came into the room.
    Joined(Person),
    Left(ParticipantId),
    /// Of somebody in the room, as it was opened: nobody has looked at it. It may hold a password, and is overwritten when
    /// it goes.
    Heard {
        from: ParticipantId,
        way: Way,
        bytes: Zeroizing<Vec<u8>>,
    },
    ConnectionLost,
    ConnectionRestored,
    /// What policy permits from here on.
    Limits(Limits),
    /// What is recorded can't be kept.
    RecordingLost,
    /// There is no room any more, or not for us.
    RoomOver(EndReason),
    /// All of a session that ended with a restart is told and brought.
    Told,
    Shutdown,
    Video(Airing),
}

#[derive(Serialize, Deserialize)]
pub enum DeskToNet {
    Say {
        to: ParticipantId,
        way: Way,
        bytes: Vec<u8>,
    },
    /// For the record.
    Fact(Fact),
    RecordingBegins,
    /// Moments of the recording, whole.
    Recorded(Vec<u8>),
    RecordingEnds,
    /// The last message, but for a restart that does not come.
    Ended(EndReason),
    Video(Footage),
}

/// What the network has to say of the video that shows what moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Airing {
    /// What was to begin is published, and its frames are sent.
    Opens,
    /// In kilobits a second: more would not arrive in time.
    Rate(u32),
    /// The next frame is to build on no other.
    KeyFrame,
    /// What was sent is over, and another may begin.
    Over,
    /// There is none in this session.
    Never,
}

/// The video that shows what moves in the tiles' stead.
#[derive(Serialize, Deserialize)]
pub enum Footage {
    /// In pixels. Frames come once it has opened.
    Begins {
        width: u16,
        height: u16,
    },
    /// Of one frame, in their order.
    Piece {
        is_key: bool,
        is_last: bool,
        bytes: Vec<u8>,
    },
    Ends,
}

impl Footage {
    /// In bytes: some of them wait in a socket that other messages go through.
    pub const LARGEST_PIECE: usize = 32 << 10;
}

/// The topic of a sealed data packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// Whatever has no way of its own.
    Remote,
    /// Keyboard and mouse alone.
    Input,
    /// Pieces of files alone.
    File,
    /// The picture, and what its viewer says about it.
    Tiles,
}
