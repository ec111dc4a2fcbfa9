//! What a recording asks of the server, and what comes of it.

use conclave_client::protocol::recording::{PieceKept, RecordingBegun};
use uuid::Uuid;

/// What to ask of the server.
pub(in crate::net) enum Errand {
    Begin {
        key: Uuid,
    },
    Bring {
        recording: Uuid,
        number: u32,
        bytes: Vec<u8>,
    },
    End {
        recording: Uuid,
        manifest: Vec<u8>,
    },
}

/// What came of it.
pub(in crate::net) enum Came {
    Begun(RecordingBegun),
    Kept(PieceKept),
    Ended,
    /// It may be done later.
    Later,
    /// It never will.
    Refused,
}
