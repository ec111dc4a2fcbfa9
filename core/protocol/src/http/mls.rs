//! MLS over the meeting channel: the values that members and the delivery service exchange.
//!
//! A meeting has one group at a time. Whoever wants to enter sends
//! [`MlsJoin`](crate::channel::Upstream::MlsJoin) and gets a [`Slot`]: the right to submit one
//! commit (or to create the group) within a lease. Of the commits for one epoch exactly one is
//! accepted; it comes to everybody, its sender included, as the event
//! [`MlsCommit`](crate::channel::Event::MlsCommit), and is merged only then. The server orders
//! these messages and can decrypt nothing that the group protects.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

/// One group: 16 random bytes that its creator chose, as base64. A meeting's next group has another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = Byte)]
pub struct GroupId(pub [u8; GroupId::LENGTH]);

/// How many commits led from a group's creation to its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Epoch(pub u64);

/// A member's place in the group's tree (RFC 9420, 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct LeafIndex(pub u32);

/// Bytes that are for members: an encoded `MLSMessage` (RFC 9420, 6) or a part of one, as base64
/// with padding, at most [`Opaque::LONGEST`] bytes. Clones share them.
#[derive(Clone, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = Byte)]
pub struct Opaque(Arc<[u8]>);

/// Too many bytes for one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// A turn to submit, good for `lease_ms` milliseconds. Nobody else's submission is accepted meanwhile.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Slot {
    /// There is no group: answer with [`MlsCreate`](crate::channel::Upstream::MlsCreate).
    Create { lease_ms: u32 },
    /// Enter by an external commit to this epoch.
    Join {
        group: GroupId,
        epoch: Epoch,
        /// Of this epoch: an `MLSMessage` with the ratchet tree and the external public key.
        group_info: Opaque,
        lease_ms: u32,
    },
    /// Commit the proposals of this epoch's [`MlsRemoval`](crate::channel::Event::MlsRemoval), all of them;
    /// or, where there are none, what the member wanted its turn for; or else nothing but the path: somebody
    /// could not enter by the GroupInfo of this epoch.
    Commit {
        group: GroupId,
        epoch: Epoch,
        lease_ms: u32,
    },
}

/// A submission that changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    /// What the submission was for, where it named one.
    pub group: Option<GroupId>,
    pub epoch: Option<Epoch>,
    pub reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is somebody else's turn, or nobody's. Who is not a member asks again.
    NoSlot,
    /// The group is in another epoch, or there is another group: the submission was overtaken.
    Stale,
    /// Not the message that belongs here.
    Malformed,
    /// Longer than the server keeps.
    TooLarge,
    /// Too many submissions of late, or the server can't keep it at this moment: try again in a second.
    Throttled,
    /// The group has as many members as it holds.
    Full,
}

/// Where the meeting's encryption stands, in a [`Welcome`](crate::channel::Welcome).
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct MlsState {
    /// Absent while nobody has created one.
    pub group: Option<CurrentGroup>,
    /// Whom the group lets propose removals, and nothing else.
    pub external_sender: ExternalSender,
    /// Media that is not encrypted end to end is refused here.
    pub required: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CurrentGroup {
    pub id: GroupId,
    pub epoch: Epoch,
    /// A member in this epoch or a later one says so by
    /// [`MlsProcessed`](crate::channel::Upstream::MlsProcessed) and is sent the commits that it
    /// missed. A member in an earlier one enters again.
    pub replays_from: Epoch,
}

/// This server as the group's external sender (RFC 9420, 12.1.8.1): a member of the extension
/// `external_senders` with a basic credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExternalSender {
    /// An Ed25519 public key: 32 bytes.
    pub signature_key: Opaque,
    /// Of the `BasicCredential`.
    pub identity: Opaque,
}

impl GroupId {
    pub const LENGTH: usize = 16;
}

impl Epoch {
    /// The epoch that a commit to this one makes.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl Opaque {
    /// Half as much again as the longest thing that is accepted, so that what is too long can be told so.
    pub const LONGEST: usize = 3 * 512 * 1_024;

    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Result<Self, TooLong> {
        let bytes = bytes.into();
        match bytes.len() <= Self::LONGEST {
            true => Ok(Self(bytes)),
            false => Err(TooLong),
        }
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Tells the length only.
impl std::fmt::Debug for Opaque {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opaque({} bytes)", self.0.len())
    }
}

impl Serialize for Opaque {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Opaque {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = decode(deserializer)?;
        Self::new(bytes).map_err(|TooLong| de::Error::custom("too many bytes"))
    }
}

impl Serialize for GroupId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for GroupId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = decode(deserializer)?.try_into();
        bytes
            .map(Self)
            .map_err(|_| de::Error::custom("a group's id has 16 bytes"))
    }
}

fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    STANDARD
        .decode(text.as_bytes())
        .map_err(|_| de::Error::custom("not base64 with padding"))
}

/// In bytes. Longer ones are dropped.
pub const LARGEST_HEARTBEAT: usize = 1_024;
/// In bytes. Longer ones are dropped.
pub const LARGEST_LETTER: usize = 4 * 1_024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{Downstream, Upstream};

    #[test]
    fn a_commit_is_read_as_the_contract_writes_it() {
        let text = r#"{"type":"mls_commit","group":"AAECAwQFBgcICQoLDA0ODw==","epoch":7,
                       "commit":"/+8=","group_info":"","leaf":3}"#;

        let Ok(Upstream::MlsCommit {
            group,
            epoch,
            commit,
            leaf,
            ..
        }) = serde_json::from_str(text)
        else {
            panic!("not read");
        };

        assert_eq!(group.0, std::array::from_fn(|i| i as u8));
        assert_eq!((epoch, leaf), (Epoch(7), Some(LeafIndex(3))));
        assert_eq!(commit.as_bytes(), [0xff, 0xef]);
    }

    #[test]
    fn a_slot_is_written_with_its_kind_beside_the_messages_type() {
        let slot = Downstream::MlsSlot(Slot::Create { lease_ms: 2_000 });

        let written = serde_json::to_string(&slot).unwrap();

        assert_eq!(
            written,
            r#"{"type":"mls_slot","kind":"create","lease_ms":2000}"#
        );
        assert!(serde_json::from_str::<Downstream>(&written).is_ok());
    }

    #[test]
    fn bytes_that_are_not_canonical_base64_are_refused() {
        for wrong in ["\"/+8\"", "\"_-8=\"", "\"/+9=\"", "\" /+8=\"", "7"] {
            assert!(serde_json::from_str::<Opaque>(wrong).is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<GroupId>("\"AAEC\"").is_err());
    }

    #[test]
    fn bytes_are_bounded() {
        assert!(Opaque::new(vec![0; Opaque::LONGEST]).is_ok());
        assert_eq!(Opaque::new(vec![0; Opaque::LONGEST + 1]), Err(TooLong));
    }
}
