//! A vault as the server keeps it: its content under a fresh key, and that key under each receiver's.
//!
//! Sealing alone would let the server seal a vault of its own to devices whose public keys it has seen. So the
//! whole is signed by the account's key; and, since a device that was removed has known that, by the key of a device
//! in force. The server checks both signatures and reads the first fields.

use hkdf::Hkdf;
use openmls_traits::types::HpkeCiphertext;
use sha2::{Digest as _, Sha256, Sha512};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};
use zeroize::Zeroizing;

use super::binding::Binding;
use crate::account::{AccountKey, is_signed};
use crate::device_list::{DeviceList, DeviceStanding, MOST_DEVICES};
use crate::hpke::{self, KeyPair};
use crate::once;
use crate::provider::Entropy;
use crate::signer::Signer;

/// A vault that an account signed, and one of its devices.
pub(super) struct Sealed {
    body: Body,
    binding: Binding,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Body {
    format: u8,
    /// The device that sealed it.
    by: [u8; 32],
    /// SHA-256 of the version before, zeros for the first.
    previous: [u8; 32],
    keys: Vec<Wrapped>,
    content: VLBytes,
}

/// The vault's key, for one receiver.
#[derive(Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Wrapped {
    /// SHA-256 of the receiver's HPKE key.
    to: [u8; 32],
    key: HpkeCiphertext,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Wire {
    body: Body,
    /// The account's.
    signature: [u8; 64],
    /// The device's.
    device_signature: [u8; 64],
}

/// Who seals: the account's key, and a device of its list.
pub(super) struct Sealer<'a> {
    pub(super) account: &'a AccountKey,
    pub(super) device: &'a Signer,
}

impl Sealed {
    /// Each receiver is an HPKE key that was checked when it came in. A seed that comes again seals other content under
    /// another key.
    pub(super) fn seal<'a>(
        sealer: &Sealer<'_>,
        (binding, previous): (&Binding, [u8; 32]),
        receivers: impl Iterator<Item = &'a [u8]>,
        content: &[u8],
        entropy: &Entropy,
    ) -> Vec<u8> {
        let key = vault_key(&Zeroizing::new(entropy.bytes()), binding, content);
        let keys = receivers.filter_map(|to| Wrapped::new(to, binding, &key));
        let body = Body {
            format: FORMAT,
            by: sealer.device_key(),
            previous,
            keys: keys.collect(),
            content: once::seal(&key, &binding.bytes(CONTENT), content).into(),
        };
        let wire = sealer.sign(binding, body);
        wire.tls_serialize_detached().expect(BOUNDED)
    }

    /// The version that belongs to this state of the list.
    pub(super) fn read(bytes: &[u8], version: u64, list: &DeviceList) -> Option<Self> {
        if bytes.len() > MOST_SEALED_BYTES {
            return None;
        }
        let wire = Wire::tls_deserialize_exact_bytes(bytes).ok()?;
        let binding = Binding::new(list, version);
        let is_sound = wire.body.format == FORMAT
            && version < LAST_VERSION
            && wire.body.keys.len() <= MOST_RECEIVERS
            && wire.is_signed(&binding, list);
        is_sound.then_some(Self {
            body: wire.body,
            binding,
        })
    }

    /// SHA-256 of the version that it was made from.
    pub(super) fn previous(&self) -> [u8; 32] {
        self.body.previous
    }

    /// Whether it was sealed to this receiver.
    pub(super) fn is_to(&self, receiver: &KeyPair) -> bool {
        self.wrapped(receiver).is_some()
    }

    pub(super) fn open(&self, receiver: &KeyPair) -> Option<Zeroizing<Vec<u8>>> {
        let wrapped = self.wrapped(receiver)?;
        let key = receiver.open(&self.binding.bytes(KEY), &wrapped.to, &wrapped.key)?;
        let key = key.as_slice().try_into().ok()?;
        once::open(
            key,
            &self.binding.bytes(CONTENT),
            self.body.content.as_slice(),
        )
    }

    fn wrapped(&self, receiver: &KeyPair) -> Option<&Wrapped> {
        let name = hpke::name(&receiver.public);
        self.body.keys.iter().find(|wrapped| wrapped.to == name)
    }
}

impl Sealer<'_> {
    fn device_key(&self) -> [u8; 32] {
        let key = self.device.public().try_into();
        key.expect("a device's key in the list is Ed25519's")
    }

    fn sign(&self, binding: &Binding, body: Body) -> Wire {
        let content = signed(binding, &body);
        let device_signature = self.device.sign_with_label(BY_DEVICE, &content);
        Wire {
            body,
            signature: self.account.sign_with_label(BY_ACCOUNT, &content),
            device_signature: device_signature
                .try_into()
                .expect("Ed25519's signatures have 64 bytes"),
        }
    }
}

impl Wire {
    fn is_signed(&self, binding: &Binding, list: &DeviceList) -> bool {
        let Body { by, .. } = &self.body;
        let content = signed(binding, &self.body);
        list.standing(by) == DeviceStanding::Listed
            && is_signed(BY_ACCOUNT, &content, list.account_key(), &self.signature)
            && is_signed(BY_DEVICE, &content, by, &self.device_signature)
    }
}

impl Wrapped {
    fn new(receiver: &[u8], binding: &Binding, key: &[u8; 32]) -> Option<Self> {
        let to = hpke::name(receiver);
        let key = hpke::seal(receiver, &binding.bytes(KEY), &to, key)?;
        Some(Self { to, key })
    }
}

/// The nonce is zero, so the key has to be another for whatever else is sealed.
fn vault_key(drawn: &[u8; 32], binding: &Binding, content: &[u8]) -> Zeroizing<[u8; 32]> {
    let sealed = Sha256::digest(content);
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha512>::new(None, drawn)
        .expand_multi_info(&[&binding.bytes(DRAWN), &sealed], &mut *key)
        .expect("32 bytes are less than one block of SHA-512");
    key
}

/// By which the next version names this one.
pub(super) fn hash(sealed: &[u8]) -> [u8; 32] {
    Sha256::digest(sealed).into()
}

fn signed(binding: &Binding, body: &Body) -> Vec<u8> {
    let mut bytes = binding.bytes(&[]);
    bytes.extend(body.tls_serialize_detached().expect(BOUNDED));
    bytes
}

/// What the server takes.
pub const MOST_SEALED_BYTES: usize = 256 * 1024;
/// Every device, and the recovery code.
const MOST_RECEIVERS: usize = MOST_DEVICES + 1;
/// JavaScript counts as far, and there is always a next one.
const LAST_VERSION: u64 = (1 << 53) - 1;
const FORMAT: u8 = 1;
const BY_ACCOUNT: &str = "Conclave Vault";
const BY_DEVICE: &str = "Conclave Vault Device";
const CONTENT: &[u8] = b"conclave vault 1";
const DRAWN: &[u8] = b"conclave vault content key 1";
const KEY: &[u8] = b"conclave vault key 1";
const BOUNDED: &str = "a vault is far shorter than the codec's bounds";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device_list::Change;
    use crate::identity::AccountId;
    use crate::provider::Seed;
    use crate::suite::Suite;

    /// Below the signature: a member of the account who signs what another sealed has nothing either.
    #[test]
    fn key_and_content_are_each_bound_to_the_version() {
        let account = AccountKey::from_secret(&[1; 32]);
        let device = Signer::from_secret(Suite::Hybrid, &[5; 32]).unwrap();
        let sealer = Sealer {
            account: &account,
            device: &device,
        };
        let pair = KeyPair::derive(&Zeroizing::new([3; 64]));
        let mut list = DeviceList::empty(AccountId([2; 16]), account.public());
        let added = Change::Add {
            key: sealer.device_key(),
            hpke: &pair.public,
        };
        list.write(&account, added, 0).unwrap();
        let (binding, other) = (Binding::new(&list, 1), Binding::new(&list, 2));
        let receivers = [pair.public.as_slice()].into_iter();
        let entropy = Entropy::new(Seed([4; 32].into()));
        let first = (&binding, [0; 32]);
        let sealed = Sealed::seal(&sealer, first, receivers, b"plain", &entropy);
        let sealed = Sealed::read(&sealed, 1, &list).unwrap();
        assert_eq!(sealed.open(&pair).unwrap().as_slice(), b"plain");

        let Wrapped { to, key } = sealed.wrapped(&pair).unwrap();
        assert!(pair.open(&other.bytes(KEY), to, key).is_none());
        let key = pair.open(&sealed.binding.bytes(KEY), to, key).unwrap();
        let key = key.as_slice().try_into().unwrap();
        let content = sealed.body.content.as_slice();
        assert!(once::open(key, &sealed.binding.bytes(CONTENT), content).is_some());
        assert!(once::open(key, &other.bytes(CONTENT), content).is_none());
    }
}
