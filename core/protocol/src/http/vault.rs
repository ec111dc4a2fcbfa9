//! Bodies about an account's vault and its list of devices: bytes that its browsers read, and the server keeps if they signed them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AccountId, Timestamp};

/// What is for browsers to read, `MOST` bytes at the most: base64url without padding.
#[derive(Clone, PartialEq, Eq)]
pub struct Unread<const MOST: usize>(Vec<u8>);

/// The vault's content, and its key under each device's.
pub type SealedVault = Unread<{ 256 * 1_024 }>;
/// One entry of a list of devices, signed by the account's key.
pub type DeviceEntry = Unread<512>;
/// A browser's public keys and its name for itself, signed by it: some 1.4 kB.
pub type DeviceRequestBytes = Unread<{ 4 * 1_024 }>;

/// Answers `GET /api/v1/account/vault`.
#[derive(Clone, Serialize, ToSchema)]
pub struct AccountVault {
    /// Absent until the account's first browser has made one.
    pub vault: Option<VaultVersion>,
    /// The list of the account's devices as that version has it, oldest entry first.
    #[schema(value_type = Vec<String>)]
    pub devices: Vec<DeviceEntry>,
    /// Browsers that ask to be added, oldest first.
    pub requests: Vec<DeviceRequest>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct VaultVersion {
    /// From 1 on, one more with each change.
    pub version: u64,
    /// Base64url without padding, 256 KiB at the most.
    #[schema(value_type = String)]
    pub sealed: SealedVault,
}

/// `PUT /api/v1/account/vault`: the next version, and what it appends to the list of devices.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeVault {
    /// The version that this one was made from; 0 for the first.
    pub previous_version: u64,
    #[schema(value_type = String)]
    pub sealed: SealedVault,
    /// The list has 512 entries at the most, of 512 bytes each.
    #[schema(value_type = Vec<String>)]
    pub entries: Vec<DeviceEntry>,
}

/// A browser that asks to be added.
#[derive(Clone, Serialize, ToSchema)]
pub struct DeviceRequest {
    pub id: Uuid,
    #[schema(value_type = String)]
    pub request: DeviceRequestBytes,
    pub asked_at: Timestamp,
}

/// `POST /api/v1/account/device-requests`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForDevice {
    /// Base64url without padding, 4 KiB at the most.
    #[schema(value_type = String)]
    pub request: DeviceRequestBytes,
}

/// A request that waits for approval, for 15 minutes.
#[derive(Clone, Serialize, ToSchema)]
pub struct DeviceAsked {
    pub id: Uuid,
}

/// Answers `GET /api/v1/meetings/{id}/participants/{participant}/devices`.
#[derive(Clone, Serialize, ToSchema)]
pub struct ParticipantDevices {
    pub account: AccountId,
    /// The list of the account's devices, oldest entry first; empty where it has none.
    #[schema(value_type = Vec<String>)]
    pub entries: Vec<DeviceEntry>,
}

impl<const MOST: usize> Unread<MOST> {
    /// `None` for more bytes than `MOST`.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() <= MOST).then_some(Self(bytes))
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl<const MOST: usize> Serialize for Unread<MOST> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl<'de, const MOST: usize> Deserialize<'de> for Unread<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text.as_bytes()).ok();
        bytes
            .and_then(Self::new)
            .ok_or(de::Error::custom("not base64url, or too long"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_they_are_written_and_bounded() {
        type Four = Unread<4>;
        let written = serde_json::to_string(&Four::new(vec![0xff, 0xef, 0xbe]).unwrap()).unwrap();

        assert_eq!(written, "\"_---\"");
        let read: Four = serde_json::from_str(&written).unwrap_or(Four::new(vec![]).unwrap());
        assert_eq!(read.as_bytes(), [0xff, 0xef, 0xbe]);
        for wrong in ["\"/++\"", "\"_-8=\"", "\"AAAAAAA\"", "7"] {
            assert!(serde_json::from_str::<Four>(wrong).is_err(), "{wrong}");
        }
    }
}
