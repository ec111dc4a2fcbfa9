//! What a DTLS handshake agreed on.
//!
//! The engine has no question for it. Its DTLS is wrapped here: the cipher suite is read from the
//! ServerHello that passes by, the SRTP profile from the keys that come out. A provider lives for
//! ever and knows no connection, but the engine runs the handshake within the call that polls it,
//! so that the result is carried to that call's end in a thread-local.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Instant;

use str0m::crypto::dtls::{
    DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion,
    SrtpProfile,
};
use str0m::crypto::{CryptoError, CryptoProvider, from_feature_flags};

use super::Security;

/// The engine's cryptography, watched.
pub(super) fn watched_provider() -> Arc<CryptoProvider> {
    static WATCHED: WatchedProvider = WatchedProvider;
    Arc::new(CryptoProvider {
        dtls_provider: &WATCHED,
        ..from_feature_flags()
    })
}

/// What the last handshake on this thread agreed on, once.
pub(super) fn take_agreed() -> Option<Security> {
    AGREED.take()
}

thread_local! {
    static AGREED: Cell<Option<Security>> = const { Cell::new(None) };
}

#[derive(Debug)]
struct WatchedProvider;

impl DtlsProvider for WatchedProvider {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        from_feature_flags().dtls_provider.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let inner = from_feature_flags()
            .dtls_provider
            .new_dtls(certificate, now, version, mtu)?;
        Ok(Box::new(Watched {
            inner,
            cipher: None,
        }))
    }
}

#[derive(Debug)]
struct Watched {
    inner: Box<dyn DtlsInstance>,
    cipher: Option<u16>,
}

impl DtlsInstance for Watched {
    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        let output = self.inner.poll_output(buffer);
        match &output {
            DtlsOutput::Packet(packet) => self.cipher = self.cipher.or_else(|| chosen(packet)),
            DtlsOutput::KeyingMaterial(_, profile) => AGREED.set(Some(Security {
                dtls: version_name(self.inner.protocol_version()),
                cipher: cipher_name(self.cipher),
                srtp: profile_name(*profile),
            })),
            _ => {}
        }
        output
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.cipher = self.cipher.or_else(|| chosen(packet));
        self.inner.handle_packet(packet)
    }

    fn set_active(&mut self, active: bool) {
        self.inner.set_active(active);
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.inner.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.inner.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.inner.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.inner.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.inner.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.inner.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.inner.close()
    }
}

/// The cipher suite of a ServerHello (RFC 5246, section 7.4.1.3) at the start of a datagram.
fn chosen(datagram: &[u8]) -> Option<u16> {
    const RECORD_HEADER: usize = 13;
    const HANDSHAKE_HEADER: usize = 12;
    const VERSION_AND_RANDOM: usize = 2 + 32;
    const HANDSHAKE: u8 = 22;
    const SERVER_HELLO: u8 = 2;

    let is_handshake = *datagram.first()? == HANDSHAKE;
    let message = datagram.get(RECORD_HEADER..)?;
    let is_server_hello = *message.first()? == SERVER_HELLO;
    let body = message.get(HANDSHAKE_HEADER + VERSION_AND_RANDOM..)?;
    let session_id_length = usize::from(*body.first()?);
    let suite = body.get(1 + session_id_length..)?.first_chunk::<2>()?;
    (is_handshake && is_server_hello).then(|| u16::from_be_bytes(*suite))
}

fn version_name(version: Option<ProtocolVersion>) -> &'static str {
    match version {
        Some(ProtocolVersion::DTLS1_2) => "DTLS 1.2",
        Some(ProtocolVersion::DTLS1_3) => "DTLS 1.3",
        _ => "unknown",
    }
}

/// The suites that the engine implements.
fn cipher_name(suite: Option<u16>) -> &'static str {
    match suite {
        Some(0xc02b) => "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        Some(0xc02c) => "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        Some(0xcca9) => "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        Some(0x1301) => "TLS_AES_128_GCM_SHA256",
        Some(0x1302) => "TLS_AES_256_GCM_SHA384",
        Some(0x1303) => "TLS_CHACHA20_POLY1305_SHA256",
        _ => "unknown",
    }
}

fn profile_name(profile: SrtpProfile) -> &'static str {
    match profile {
        SrtpProfile::AEAD_AES_256_GCM => "SRTP_AEAD_AES_256_GCM",
        SrtpProfile::AEAD_AES_128_GCM => "SRTP_AEAD_AES_128_GCM",
        SrtpProfile::AES128_CM_SHA1_80 => "SRTP_AES128_CM_HMAC_SHA1_80",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_is_read_from_a_server_hello_only() {
        let mut hello = vec![22; 13];
        hello.extend([2; 12]);
        hello.extend([0; 34]);
        hello.extend([1, 0xff, 0xc0, 0x2b]);

        assert_eq!(chosen(&hello), Some(0xc02b));
        for length in 0..hello.len() {
            assert_eq!(chosen(&hello[..length]), None);
        }
        hello[13] = 1;
        assert_eq!(chosen(&hello), None);
    }
}
