//! What an epoch gives: the frames' base key, what heartbeats sign, and the code that people compare.

use std::fmt;

use openmls_traits::OpenMlsProvider as _;
use zeroize::Zeroizing;

use super::{Failed, Group};
use crate::frame::BaseKey;

/// Thirty digits of the epoch authenticator (RFC 9420, section 8.7). Whoever reads the same code is in the
/// same epoch of the same group; a fork among holders of the secret shows here and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityCode([u32; 6]);

impl Group {
    /// What the frames of this epoch are sealed with (RFC 9605, section 5.2). Whoever is out of the group has none.
    pub(crate) fn base_key(&self) -> Result<BaseKey, Failed> {
        let exported = self.export("SFrame 1.0 Base Key")?;
        let mut base_key = BaseKey::default();
        base_key.copy_from_slice(&exported);
        Ok(base_key)
    }

    /// What only the members of this epoch know: a heartbeat signs it.
    pub(crate) fn epoch_mark(&self) -> Result<Zeroizing<Vec<u8>>, Failed> {
        self.export("Conclave Heartbeat")
    }

    /// 32 bytes of MLS-Exporter (RFC 9420, section 8.5).
    fn export(&self, label: &str) -> Result<Zeroizing<Vec<u8>>, Failed> {
        let exported = self
            .mls
            .export_secret(self.provider.crypto(), label, b"", 32);
        exported.map(Zeroizing::new).map_err(|_| Failed)
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
