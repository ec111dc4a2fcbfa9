//! A member's signed word that it is in an epoch at a time by its own clock.
//!
//! It is signed by the leaf's key, since a frame's key is known to every member of the epoch; and over a secret of
//! the epoch, since two forks of a group have the same number for it. It echoes the challenges of those who can't
//! tell by its time how old it is: a clock that stood still looks like a heartbeat that was held back.

use std::time::Duration;

use openmls_traits::crypto::OpenMlsCrypto;
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes,
};

use crate::meeting::GroupId;
use crate::provider::Crypto;
use crate::signer::{Signer, sign_content};
use crate::suite::Suite;

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(crate) struct Heartbeat {
    group: [u8; 16],
    pub(crate) epoch: u64,
    pub(crate) leaf: u32,
    /// Milliseconds by the sender's clock.
    sent: u64,
    pub(crate) echoes: Vec<u64>,
    signature: VLBytes,
}

/// A number that nobody can guess: whoever signs it is here after it was drawn. 24 bytes: shorter than a heartbeat.
#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(crate) struct Challenge {
    pub(crate) group: [u8; 16],
    pub(crate) nonce: u64,
}

impl Challenge {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.tls_serialize_detached()
            .expect("fixed fields are within the codec's bounds")
    }

    /// `None` for what is no challenge in this group.
    pub(crate) fn read(bytes: &[u8], group: GroupId) -> Option<Self> {
        let challenge = Self::tls_deserialize_exact_bytes(bytes).ok()?;
        (challenge.group == group.0).then_some(challenge)
    }
}

/// Where a heartbeat was signed.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) group: GroupId,
    pub(crate) epoch: u64,
    pub(crate) leaf: u32,
    /// A secret of the epoch.
    pub(crate) mark: &'a [u8],
}

impl Heartbeat {
    pub(crate) fn sign(
        signer: &Signer,
        place: Place<'_>,
        echoes: Vec<u64>,
        now: Duration,
    ) -> Vec<u8> {
        let sent = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        let signature = signer.sign_with_label(LABEL, &place.content(sent, &echoes));
        Self {
            group: place.group.0,
            epoch: place.epoch,
            leaf: place.leaf,
            sent,
            echoes,
            signature: signature.into(),
        }
        .tls_serialize_detached()
        .expect("fixed fields and a signature are within the codec's bounds")
    }

    /// `None` for what is no heartbeat of this group.
    pub(crate) fn read(bytes: &[u8], group: GroupId) -> Option<Self> {
        let bytes = (bytes.len() <= MOST_BYTES).then_some(bytes)?;
        let heartbeat = Self::tls_deserialize_exact_bytes(bytes).ok()?;
        (heartbeat.group == group.0).then_some(heartbeat)
    }

    /// The sender's time, if the leaf's key signed it with the epoch's mark.
    pub(crate) fn verify(&self, suite: Suite, key: &[u8], mark: &[u8]) -> Option<Duration> {
        let place = Place {
            group: GroupId(self.group),
            epoch: self.epoch,
            leaf: self.leaf,
            mark,
        };
        Crypto::default()
            .verify_signature(
                suite.signature_scheme(),
                &sign_content(LABEL, &place.content(self.sent, &self.echoes)),
                key,
                self.signature.as_slice(),
            )
            .ok()?;
        Some(Duration::from_millis(self.sent))
    }
}

impl Place<'_> {
    /// Unambiguous: the mark has one length in a suite, and what is behind it comes in eights.
    fn content(self, sent: u64, echoes: &[u64]) -> Vec<u8> {
        let echoes: Vec<u8> = echoes.iter().flat_map(|echo| echo.to_be_bytes()).collect();
        [
            self.group.0.as_slice(),
            &self.epoch.to_be_bytes(),
            &self.leaf.to_be_bytes(),
            &sent.to_be_bytes(),
            self.mark,
            &echoes,
        ]
        .concat()
    }
}

const LABEL: &str = "Conclave Heartbeat";
/// Echoes of one heartbeat.
pub(crate) const MOST_ECHOES: usize = 32;
const MOST_BYTES: usize = 256 + 8 * MOST_ECHOES;

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::provider::Seed;

    #[test]
    fn a_heartbeat_of_a_fork_or_of_another_leaf_is_none() {
        let key = |number| Signer::generate(Suite::Fallback, Seed(Zeroizing::new([number; 32])));
        let [signer, other] = [key(1), key(2)];
        let place = Place {
            group: GroupId([1; 16]),
            epoch: 7,
            leaf: 3,
            mark: b"one fork",
        };
        let now = Duration::from_millis(123_456);
        let bytes = Heartbeat::sign(&signer, place, vec![5], now);
        let heartbeat = Heartbeat::read(&bytes, place.group).unwrap();
        let verify = |key: &Signer, mark| heartbeat.verify(Suite::Fallback, key.public(), mark);
        assert_eq!(verify(&signer, b"one fork".as_slice()), Some(now));
        assert_eq!(verify(&signer, b"the other"), None);
        assert_eq!(verify(&other, b"one fork"), None);
        assert!(Heartbeat::read(&bytes, GroupId([2; 16])).is_none());
    }

    #[test]
    fn an_echo_that_was_put_in_on_the_way_is_none() {
        let signer = Signer::generate(Suite::Fallback, Seed(Zeroizing::new([1; 32])));
        let place = Place {
            group: GroupId([1; 16]),
            epoch: 7,
            leaf: 3,
            mark: b"mark",
        };
        let bytes = Heartbeat::sign(&signer, place, vec![5], Duration::from_secs(1));
        let mut heartbeat = Heartbeat::read(&bytes, place.group).unwrap();
        let verify = |heartbeat: &Heartbeat| {
            heartbeat
                .verify(Suite::Fallback, signer.public(), b"mark")
                .is_some()
        };
        assert!(verify(&heartbeat));
        heartbeat.echoes = vec![6];
        assert!(!verify(&heartbeat));
    }
}
