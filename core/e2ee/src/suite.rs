//! The cipher suites that a meeting may have.
//!
//! Each has the same number in every build of one protocol version: the post-quantum code points
//! are provisional (draft-ietf-mls-pq-ciphersuites), so a change of them is a change of version.

use openmls_traits::types::{Ciphersuite, SignatureScheme};

/// A meeting has one, from its creation to its end; a group with another one is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suite {
    /// 0x004E: X-Wing (ML-KEM-768 with X25519), AES-256-GCM, SHA-384, Ed25519.
    #[default]
    Hybrid,
    /// 0x0007: P-384, AES-256-GCM, SHA-384, for organisations that want NIST's curves.
    P384,
    /// 0x0002: P-256, AES-128-GCM, SHA-256, which other implementations have too.
    P256,
    /// 0x0001: X25519, AES-128-GCM, SHA-256, Ed25519, where X-Wing fails.
    Fallback,
}

impl Suite {
    /// Every suite of protocol version 1.
    pub const ALL: [Self; 4] = [Self::Hybrid, Self::P384, Self::P256, Self::Fallback];

    /// The number on the wire (RFC 9420, section 17.1).
    #[must_use]
    pub fn code_point(self) -> u16 {
        self.mls() as u16
    }

    /// `None` for a suite that no meeting has.
    #[must_use]
    pub fn from_code_point(code_point: u16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|suite| suite.code_point() == code_point)
    }

    pub(crate) fn mls(self) -> Ciphersuite {
        match self {
            Self::Hybrid => Ciphersuite::MLS_128_MLKEM768X25519_AES256GCM_SHA384_Ed25519,
            Self::P384 => Ciphersuite::MLS_256_DHKEMP384_AES256GCM_SHA384_P384,
            Self::P256 => Ciphersuite::MLS_128_DHKEMP256_AES128GCM_SHA256_P256,
            Self::Fallback => Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
        }
    }

    pub(crate) fn signature_scheme(self) -> SignatureScheme {
        self.mls().signature_algorithm()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_points_of_version_one_stand() {
        let code_points = Suite::ALL.map(Suite::code_point);
        assert_eq!(code_points, [0x004E, 0x0007, 0x0002, 0x0001]);
    }

    #[test]
    fn a_suite_that_no_meeting_has_is_unknown() {
        for weak in [0x0000, 0x0003, 0x0050, 0xFFFF] {
            assert_eq!(Suite::from_code_point(weak), None);
        }
    }
}
