//! A host's word that one person may join one group: the voucher of a meeting with a lobby.
//!
//! The server's yes is not enough to come in, and neither is the meeting's secret: a denied guest holds it
//! too. The voucher names the joiner's key and credential, so nobody else can use it, nor the joiner under another
//! name, and the group and generation, so it ends with either. An expel starts a generation.
//!
//! Its expiry is the lenient part: members must agree on every commit, and their clocks don't. A voucher is
//! therefore taken for a day longer than it says, by every member whose clock is within a day of the host's.

use std::time::Duration;

use openmls_traits::crypto::OpenMlsCrypto;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};

use crate::identity::Identity;
use crate::meeting::GroupId;
use crate::provider::Crypto;
use crate::signer::{Signer, sign_content};
use crate::suite::Suite;

/// Carried in the authenticated data of the joiner's commit.
#[derive(Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Voucher {
    host_leaf: u32,
    /// Seconds since 1970, by the host's clock.
    expiry: u64,
    signature: VLBytes,
}

/// Whom a host sees in the lobby.
#[derive(Clone, Copy)]
pub struct Joiner<'a> {
    pub signature_key: &'a [u8],
    pub identity: &'a Identity,
}

/// Whom a voucher lets in, and where.
#[derive(Clone, Copy)]
pub(crate) struct Grant<'a> {
    pub(crate) group: GroupId,
    pub(crate) joiner: Joiner<'a>,
    pub(crate) generation: u32,
}

/// No voucher, or one that doesn't hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not admitted by a host")]
pub struct NotAdmitted;

impl Voucher {
    pub(crate) fn sign(host: &Signer, host_leaf: u32, grant: Grant<'_>, now: Duration) -> Self {
        let expiry = (now + VALIDITY).as_secs();
        Self {
            host_leaf,
            expiry,
            signature: host.sign_with_label(LABEL, &grant.content(expiry)).into(),
        }
    }

    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.tls_serialize_detached()
            .expect("two numbers and a signature are within the codec's bounds")
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAdmitted> {
        if bytes.len() > MOST_BYTES {
            return Err(NotAdmitted);
        }
        Self::tls_deserialize_exact_bytes(bytes).map_err(|_| NotAdmitted)
    }

    /// The leaf whose key has to be `host_key` in [`Self::check`].
    pub(crate) fn host_leaf(&self) -> u32 {
        self.host_leaf
    }

    /// `now` is the time since 1970.
    pub(crate) fn check(
        &self,
        suite: Suite,
        host_key: &[u8],
        grant: Grant<'_>,
        now: Duration,
    ) -> Result<(), NotAdmitted> {
        if now.saturating_sub(CLOCK_TOLERANCE).as_secs() > self.expiry {
            return Err(NotAdmitted);
        }
        Crypto::default()
            .verify_signature(
                suite.signature_scheme(),
                &sign_content(LABEL, &grant.content(self.expiry)),
                host_key,
                self.signature.as_slice(),
            )
            .map_err(|_| NotAdmitted)
    }
}

impl Grant<'_> {
    /// Unambiguous: all but the last have a fixed length, or their length in front.
    fn content(self, expiry: u64) -> Vec<u8> {
        let Joiner {
            signature_key,
            identity,
        } = self.joiner;
        [
            self.group.0.as_slice(),
            &expiry.to_be_bytes(),
            &self.generation.to_be_bytes(),
            &(signature_key.len() as u64).to_be_bytes(),
            signature_key,
            &identity.encode(),
        ]
        .concat()
    }
}

const LABEL: &str = "Conclave Admission";
/// Long enough for a join behind a crowd; a reload needs none, since its leaf is still there.
const VALIDITY: Duration = Duration::from_secs(15 * 60);
/// How wrong a device's clock may be.
pub(crate) const CLOCK_TOLERANCE: Duration = Duration::from_secs(25 * 60 * 60);
const MOST_BYTES: usize = 256;
