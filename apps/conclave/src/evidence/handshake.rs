//! A TLS handshake of the server with itself: what somebody who connects is offered.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    ClientConfig, DigitallySignedStruct, Error, ProtocolVersion, SignatureScheme,
};

/// Whether the server at this address is ours, by this certificate, and speaks TLS 1.3, whose suites are all AEADs.
pub(super) async fn is_sound(main: SocketAddr, certificate: CertificateDer<'static>) -> bool {
    let attempt = tokio::time::timeout(PATIENCE, version(main, certificate)).await;
    matches!(attempt, Ok(Ok(Some(ProtocolVersion::TLSv1_3))))
}

async fn version(
    main: SocketAddr,
    certificate: CertificateDer<'static>,
) -> std::io::Result<Option<ProtocolVersion>> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let ours = Arc::new(Ours {
        certificate,
        provider: Arc::clone(&provider),
    });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(ours)
        .with_no_client_auth();
    let address = reachable(main);
    let tcp = TcpStream::connect(address).await?;
    let name = ServerName::IpAddress(address.ip().into());
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await?;
    let (_, session) = stream.get_ref();
    Ok(session.protocol_version())
}

/// A listener on all addresses is reached on this machine.
fn reachable(main: SocketAddr) -> SocketAddr {
    let ip = match main.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, main.port())
}

/// Accepts the one certificate that this server has, and no other: whom browsers trust is not asked here.
#[derive(Debug)]
struct Ours {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Ours {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match *end_entity == self.certificate {
            true => Ok(ServerCertVerified::assertion()),
            false => Err(Error::General("another server answers".to_owned())),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// This machine answers itself.
const PATIENCE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use tokio::net::TcpListener;

    use super::*;
    use crate::config::Tls;
    use crate::tls;

    /// A server with a certificate of its own, and that.
    async fn serves(directory: &std::path::Path) -> (SocketAddr, CertificateDer<'static>) {
        let names = vec!["localhost".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        let files = Tls {
            certificate: directory.join("certificate.pem"),
            key: directory.join("key.pem"),
        };
        let pem = |label: &str, der: &[u8]| {
            let text = STANDARD.encode(der);
            format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
        };
        std::fs::write(&files.certificate, pem("CERTIFICATE", made.cert.der())).unwrap();
        let key = pem("PRIVATE KEY", &made.signing_key.serialize_der());
        std::fs::write(&files.key, key).unwrap();
        let acceptor = tls::acceptor(&files).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _refused = acceptor.accept(stream).await;
            }
        });
        (address, made.cert.der().clone())
    }

    #[tokio::test]
    async fn a_server_knows_itself_by_its_certificate_and_no_other() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (address, ours) = serves(one.path()).await;
        let (_, another) = serves(two.path()).await;

        assert!(is_sound(address, ours.clone()).await);
        assert!(!is_sound(address, another).await);
        // Nobody is there.
        let gone = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        assert!(!is_sound(gone, ours).await);
    }
}
