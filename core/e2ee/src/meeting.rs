//! What a meeting must be, as its invitation and its organisation say: everything that a group is checked against.

use crate::suite::Suite;

/// The version of the encryption protocol that this crate speaks.
pub const PROTOCOL_VERSION: u16 = 1;

/// Sixteen bytes of a UUID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeetingId(pub [u8; 16]);

/// Sixteen bytes of a UUID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrganisationId(pub [u8; 16]);

/// One MLS group: sixteen random bytes of its creator. An empty meeting's group ends; the next is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(pub [u8; 16]);

/// What may be kept of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataMode {
    Conduit,
    Retain,
    Archive,
}

impl DataMode {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Conduit => 0,
            Self::Retain => 1,
            Self::Archive => 2,
        }
    }
}

/// The server's key for proposing removals.
#[derive(Clone, PartialEq, Eq)]
pub struct ExternalSender {
    /// Of the suite's signature scheme: RFC 9420 verifies an external sender with the group's suite.
    pub signature_key: Vec<u8>,
    /// The identity of its basic credential.
    pub identity: Vec<u8>,
}

/// The terms of a meeting. Two clients with different terms end in different groups.
#[derive(Clone)]
pub struct Meeting {
    pub meeting: MeetingId,
    pub organisation: OrganisationId,
    pub data_mode: DataMode,
    pub suite: Suite,
    pub external_sender: ExternalSender,
}

impl Meeting {
    /// The bytes that the terms add to whatever is derived for this meeting:
    /// meeting id, organisation id, data mode, protocol version.
    pub(crate) fn binding(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(35);
        bytes.extend(self.meeting.0);
        bytes.extend(self.organisation.0);
        bytes.push(self.data_mode.code());
        bytes.extend(PROTOCOL_VERSION.to_be_bytes());
        bytes
    }
}
