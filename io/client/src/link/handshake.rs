//! Which SRTP profile a handshake agreed on.
//!
//! The engine does not tell. Its DTLS is wrapped: the keys that pass by name their profile. The
//! provider lives for ever and belongs to no connection, but the engine takes the keys within the
//! call that polls it, so that a thread-local carries the profile to the end of that call.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Instant;

use str0m::crypto::dtls::{
    DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion,
    SrtpProfile,
};
use str0m::crypto::{CryptoError, CryptoProvider, from_feature_flags};

/// The engine's cryptography, with its DTLS watched.
pub(super) fn provider() -> Arc<CryptoProvider> {
    static OBSERVED: Observed = Observed;
    Arc::new(CryptoProvider {
        dtls_provider: &OBSERVED,
        ..from_feature_flags()
    })
}

/// The profile of the last handshake that ended on this thread, as IANA names it; once.
pub(super) fn take_profile() -> Option<&'static str> {
    PROFILE.take()
}

thread_local! {
    static PROFILE: Cell<Option<&'static str>> = const { Cell::new(None) };
}

#[derive(Debug)]
struct Observed;

#[derive(Debug)]
struct Session(Box<dyn DtlsInstance>);

impl DtlsProvider for Observed {
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
        let provider = from_feature_flags().dtls_provider;
        let session = provider.new_dtls(certificate, now, version, mtu)?;
        Ok(Box::new(Session(session)))
    }
}

impl DtlsInstance for Session {
    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        let output = self.0.poll_output(buffer);
        if let DtlsOutput::KeyingMaterial(_, profile) = &output {
            PROFILE.set(Some(name(*profile)));
        }
        output
    }

    fn set_active(&mut self, active: bool) {
        self.0.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.0.handle_packet(packet)
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.0.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.0.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.0.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.0.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.0.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.0.close()
    }
}

fn name(profile: SrtpProfile) -> &'static str {
    match profile {
        SrtpProfile::AEAD_AES_256_GCM => "SRTP_AEAD_AES_256_GCM",
        SrtpProfile::AEAD_AES_128_GCM => "SRTP_AEAD_AES_128_GCM",
        SrtpProfile::AES128_CM_SHA1_80 => "SRTP_AES128_CM_HMAC_SHA1_80",
        _ => "unknown",
    }
}
