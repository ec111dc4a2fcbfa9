//! What a vault holds, as bytes.

use std::collections::BTreeMap;
use std::fmt;

use tls_codec::{
    DeserializeBytes as _, SecretVLBytes, Serialize as _, Size as _, TlsDeserializeBytes,
    TlsSerialize, TlsSize, VLBytes,
};
use zeroize::Zeroizing;

use super::{Kept, MOST_MEETINGS};
use crate::account::AccountKey;
use crate::device_list::{DeviceList, MOST_DEVICES};
use crate::hpke::{self, PUBLIC_KEY_BYTES};
use crate::identity::is_honest;
use crate::meeting::MeetingId;

/// All that an account's devices share.
pub(super) struct Content {
    pub(super) account: AccountKey,
    /// The HPKE key that the recovery code makes.
    pub(super) recovery: Option<Vec<u8>>,
    /// By device key.
    pub(super) devices: BTreeMap<[u8; 32], Known>,
    pub(super) meetings: BTreeMap<MeetingId, Kept>,
}

/// What the list doesn't say of a device.
pub(super) struct Known {
    /// None once it is removed.
    pub(super) hpke: Vec<u8>,
    pub(super) label: String,
    pub(super) welcome: Welcome,
}

/// Of whoever approved the device, by the code that it had shown: see [`crate::device_request`]. Or the device's own,
/// of what it has founded or recovered itself.
#[derive(Clone, Copy, Default, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(super) struct Welcome {
    pub(super) nonce: [u8; 16],
    pub(super) proof: [u8; 32],
}

impl Content {
    pub(super) fn new(account: AccountKey) -> Self {
        Self {
            account,
            recovery: None,
            devices: BTreeMap::new(),
            meetings: BTreeMap::new(),
        }
    }

    /// Filled up with zeros, so that its length says little.
    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let wire = Wire {
            format: FORMAT,
            account: self.account.secret().to_vec().into(),
            recovery: self.recovery.clone().unwrap_or_default().into(),
            devices: self.devices.iter().map(WireDevice::from).collect(),
            meetings: self.meetings.iter().map(WireMeeting::from).collect(),
        };
        let mut bytes = Zeroizing::new(Vec::with_capacity(wire.tls_serialized_len() + STEP));
        wire.tls_serialize(&mut *bytes).expect(BOUNDED);
        let length = bytes.len().next_multiple_of(STEP);
        bytes.resize(length, 0);
        bytes
    }

    /// `None` unless it is what [`Self::encode`] writes for this list.
    pub(super) fn decode(bytes: &[u8], list: &DeviceList) -> Option<Self> {
        let (wire, rest) = Wire::tls_deserialize_bytes(bytes).ok()?;
        let is_filled = bytes.len().is_multiple_of(STEP) && rest.iter().all(|byte| *byte == 0);
        let is_bounded = wire.devices.len() <= MOST_KNOWN && wire.meetings.len() <= MOST_MEETINGS;
        let is_ours = wire.format == FORMAT && is_filled && is_bounded && rest.len() < STEP;
        is_ours.then_some(())?;
        let account = AccountKey::from_secret(wire.account.as_slice().try_into().ok()?);
        let recovery = wire.recovery.as_slice();
        let devices = wire.devices.into_iter().map(WireDevice::read);
        let meetings = wire.meetings.into_iter().map(WireMeeting::read);
        let content = Self {
            account,
            recovery: (!recovery.is_empty()).then(|| recovery.to_vec()),
            devices: devices.collect::<Option<_>>()?,
            meetings: meetings.collect::<Option<_>>()?,
        };
        content.suits(list).then_some(content)
    }

    /// Whether it is the list's account, with a key to seal to for each device in force.
    fn suits(&self, list: &DeviceList) -> bool {
        let recovers = self.recovery.as_ref();
        let has_key = |key: &[u8; 32], name: [u8; 32]| {
            let known = self.devices.get(key);
            known.is_some_and(|known| hpke::name(&known.hpke) == name)
        };
        self.account.public() == *list.account_key()
            && recovers.is_none_or(|key| key.len() == PUBLIC_KEY_BYTES)
            && list.in_force().all(|it| has_key(&it.key, it.hpke_name))
    }
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Wire {
    format: u8,
    account: SecretVLBytes,
    recovery: VLBytes,
    devices: Vec<WireDevice>,
    meetings: Vec<WireMeeting>,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct WireDevice {
    key: [u8; 32],
    hpke: VLBytes,
    label: VLBytes,
    welcome: Welcome,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct WireMeeting {
    meeting: [u8; 16],
    fragment: SecretVLBytes,
    /// Empty where there is none.
    passcode: SecretVLBytes,
    until: u64,
}

/// The codec wants one of what stands in a list; it says nothing.
impl fmt::Debug for WireDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a device")
    }
}

/// As above.
impl fmt::Debug for WireMeeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a meeting")
    }
}

impl From<(&[u8; 32], &Known)> for WireDevice {
    fn from((key, known): (&[u8; 32], &Known)) -> Self {
        Self {
            key: *key,
            hpke: known.hpke.clone().into(),
            label: known.label.as_bytes().into(),
            welcome: known.welcome,
        }
    }
}

impl WireDevice {
    fn read(self) -> Option<([u8; 32], Known)> {
        let label = String::from_utf8(self.label.into()).ok()?;
        let known = Known {
            hpke: self.hpke.into(),
            label,
            welcome: self.welcome,
        };
        is_honest(&known.label).then_some((self.key, known))
    }
}

impl From<(&MeetingId, &Kept)> for WireMeeting {
    fn from((meeting, kept): (&MeetingId, &Kept)) -> Self {
        let passcode = kept.passcode.as_ref();
        let passcode = passcode.map(|passcode| passcode.digits().as_bytes().to_vec());
        Self {
            meeting: meeting.0,
            fragment: kept.fragment.as_bytes().to_vec().into(),
            passcode: passcode.unwrap_or_default().into(),
            until: kept.until,
        }
    }
}

impl WireMeeting {
    fn read(self) -> Option<(MeetingId, Kept)> {
        let fragment = std::str::from_utf8(self.fragment.as_slice()).ok()?;
        let passcode = std::str::from_utf8(self.passcode.as_slice()).ok()?;
        let passcode = (!passcode.is_empty()).then_some(passcode);
        let kept = Kept::new(fragment, passcode, self.until)?;
        Some((MeetingId(self.meeting), kept))
    }
}

/// Devices in force, and some that were removed.
const MOST_KNOWN: usize = 2 * MOST_DEVICES;
const FORMAT: u8 = 1;
const STEP: usize = 4096;
const BOUNDED: &str = "a vault's content is far shorter than the codec's bounds";
