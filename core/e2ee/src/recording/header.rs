//! The key of one recording, sealed to those who may open it.

use openmls_traits::types::HpkeCiphertext;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize,
};
use zeroize::Zeroizing;

use super::stream::Binding;
use crate::hpke::{self, KeyPair, PUBLIC_KEY_BYTES};

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Wire {
    format: u8,
    /// SHA-256 of the recording key.
    to: [u8; 32],
    key: HpkeCiphertext,
}

/// `None` where `public` is no key.
pub(super) fn seal(public: &[u8], binding: &Binding, key: &[u8; 32]) -> Option<Vec<u8>> {
    if public.len() != PUBLIC_KEY_BYTES {
        return None;
    }
    let to = hpke::name(public);
    let wire = Wire {
        format: FORMAT,
        to,
        key: hpke::seal(public, &binding.bytes(KEY), &to, key)?,
    };
    wire.tls_serialize_detached().ok()
}

/// `None`: it is sealed to another key, or is of another recording.
pub(super) fn open(
    pair: &KeyPair,
    binding: &Binding,
    header: &[u8],
) -> Option<Zeroizing<[u8; 32]>> {
    if header.len() > MOST_BYTES {
        return None;
    }
    let wire = Wire::tls_deserialize_exact_bytes(header).ok()?;
    let is_ours = wire.format == FORMAT && wire.to == hpke::name(&pair.public);
    is_ours.then_some(())?;
    let key = pair.open(&binding.bytes(KEY), &wire.to, &wire.key)?;
    let key: &[u8; 32] = key.as_slice().try_into().ok()?;
    Some(Zeroizing::new(*key))
}

/// X-Wing's ciphertext has 1,120 bytes.
const MOST_BYTES: usize = 2 << 10;
const FORMAT: u8 = 1;
const KEY: &[u8] = b"conclave recording 1";
