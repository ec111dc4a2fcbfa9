//! The meeting's secret, and the pre-shared key that it becomes.
//!
//! The secret travels in the fragment of the invitation's link, which a browser never sends. Whoever
//! joins mixes the key into the group's key schedule, so a server that invents a member, or that told the
//! first member other terms, ends in another group.
//!
//! It is never derived from a passcode: somebody with a fake group could try passcodes at leisure.

use openmls::messages::proposals::PreSharedKeyProposal;
use openmls::schedule::{PreSharedKeyId, Psk};
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::HashType;
use tls_codec::{Deserialize as _, Serialize as _};
use zeroize::Zeroizing;

use crate::meeting::{Meeting, MeetingId};
use crate::provider::{Crypto, Entropy};

/// 16 to 64 random bytes. Has no printable form.
pub struct MeetingSecret(Zeroizing<Vec<u8>>);

/// Fewer than 16 bytes, or more than 64.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a meeting's secret")]
pub struct NotASecret;

impl MeetingSecret {
    pub fn new(bytes: &[u8]) -> Result<Self, NotASecret> {
        if (LEAST_BYTES..=MOST_BYTES).contains(&bytes.len()) {
            Ok(Self(Zeroizing::new(bytes.to_vec())))
        } else {
            Err(NotASecret)
        }
    }

    /// 48 bytes: HKDF-SHA-384 (RFC 5869) of the secret, bound to the meeting's terms.
    pub(crate) fn pre_shared_key(&self, meeting: &Meeting) -> Zeroizing<Vec<u8>> {
        let crypto = Crypto::default();
        let extracted = crypto
            .hkdf_extract(HashType::Sha2_384, SALT, &self.0)
            .expect("SHA-384 is supported");
        let expanded = crypto
            .hkdf_expand(
                HashType::Sha2_384,
                extracted.as_slice(),
                &meeting.binding(),
                KEY_LENGTH,
            )
            .expect("48 bytes are one block of SHA-384");
        Zeroizing::new(expanded.as_slice().to_vec())
    }
}

/// The key's name in the group: one per meeting.
pub(crate) fn psk_name(meeting: MeetingId) -> Vec<u8> {
    [b"conclave meeting 1".as_slice(), &meeting.0].concat()
}

/// The key's name with a fresh nonce, as long as the suite's hash (RFC 9420, section 8.4).
pub(crate) fn psk_id(meeting: &Meeting, entropy: &Entropy) -> PreSharedKeyId {
    let nonce = entropy.bytes::<48>();
    let length = meeting.suite.mls().hash_length();
    PreSharedKeyId::external(psk_name(meeting.meeting), nonce[..length].to_vec())
}

/// Whether a proposal mixes in this meeting's key. openmls shows the id only in its encoding.
pub(crate) fn is_ours(proposal: &PreSharedKeyProposal, meeting: MeetingId) -> bool {
    let encoded = proposal.tls_serialize_detached().unwrap_or_default();
    let id = PreSharedKeyId::tls_deserialize_exact(encoded);
    id.is_ok_and(|id| match id.psk() {
        Psk::External(external) => external.psk_id() == psk_name(meeting),
        Psk::Resumption(_) => false,
    })
}

/// 128 bits: out of reach of guessing.
const LEAST_BYTES: usize = 16;
const MOST_BYTES: usize = 64;
const SALT: &[u8] = b"conclave psk 1";
const KEY_LENGTH: usize = 48;
