//! What an epoch gives: the frames' base key, and the code that people compare.

use std::fmt;

use openmls_traits::OpenMlsProvider as _;
use zeroize::Zeroizing;

use super::Group;

/// Keys of one epoch for SFrame (RFC 9605, section 5.2). Have no printable form.
#[derive(Clone, PartialEq, Eq)]
pub struct EpochKeys {
    pub epoch: u64,
    /// MLS-Exporter("SFrame 1.0 Base Key", "", 32).
    pub base_key: Zeroizing<[u8; 32]>,
}

/// Thirty digits of the epoch authenticator (RFC 9420, section 8.7). Whoever reads the same code is in the
/// same epoch of the same group; a fork among holders of the secret shows here and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityCode([u32; 6]);

impl Group {
    #[must_use]
    pub fn epoch_keys(&self) -> EpochKeys {
        let exported = Zeroizing::new(
            self.mls
                .export_secret(self.provider.crypto(), "SFrame 1.0 Base Key", b"", 32)
                .expect("a member's group exports 32 bytes"),
        );
        let mut base_key = Zeroizing::new([0; 32]);
        base_key.copy_from_slice(&exported);
        EpochKeys {
            epoch: self.epoch(),
            base_key,
        }
    }

    /// What only the members of this epoch know: a heartbeat signs it.
    pub(crate) fn epoch_mark(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(
            self.mls
                .export_secret(self.provider.crypto(), "Conclave Heartbeat", b"", 32)
                .expect("a member's group exports 32 bytes"),
        )
    }

    #[must_use]
    pub fn security_code(&self) -> SecurityCode {
        let authenticator = self.mls.epoch_authenticator().as_slice();
        let mut groups = [0; 6];
        for (group, bytes) in groups.iter_mut().zip(authenticator.chunks_exact(5)) {
            let number = bytes
                .iter()
                .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
            *group = u32::try_from(number % 100_000).unwrap_or_default();
        }
        SecurityCode(groups)
    }
}

impl fmt::Display for SecurityCode {
    /// Six groups of five, as they are read aloud.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, rest @ ..] = self.0;
        write!(f, "{first:05}")?;
        rest.iter().try_for_each(|group| write!(f, " {group:05}"))
    }
}
