//! What data messages are about: each subject has keys of its own, apart from media's.
//!
//! A message is a record of RFC 9605 as it stands. What else must not be exchanged (a topic, an
//! addressee) is bound: both sides name it, it is authenticated, and it is not in the message.

use super::key_id::Context;

/// The subject of a message. One that was sealed under a label opens under no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    Chat,
    /// Offers, chunks and receipts of files.
    File,
    /// Pointer and keyboard of remote control.
    Input,
    /// Whatever else the application sends to the room.
    App,
}

impl Label {
    pub(super) const ALL: [Self; 4] = [Self::Chat, Self::File, Self::Input, Self::App];

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::File => "file",
            Self::Input => "input",
            Self::App => "app",
        }
    }
}

/// How a message travels.
///
/// Each way counts for itself: a message that is sent again until it arrives may come after
/// thousands of others, and is not to be taken for a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Reliable,
    Lossy,
}

impl Channel {
    pub(super) fn context(self) -> Context {
        match self {
            Self::Reliable => Context::FIRST,
            Self::Lossy => Context::SECOND,
        }
    }

    pub(super) const ALL: [Self; 2] = [Self::Reliable, Self::Lossy];
}

/// The most that a WebRTC data channel is sure to carry.
pub const MAX_MESSAGE_BYTES: usize = 64 * 1024;
