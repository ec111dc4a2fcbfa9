//! The main listener with a certificate.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use conclave::config::Tls;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::server_in_a_box::Server;

// Shows: REQ-CR-13.
#[tokio::test]
async fn https_is_spoken_in_both_versions_and_asks_browsers_to_stay_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let (certificate, tls) = made_in(directory.path());
    let server = Server::start_with(|config| config.tls = Some(tls)).await;

    for version in [&TLS12, &TLS13] {
        let mut stream = connect(server.address(), &certificate, version).await;
        let request = "GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();

        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(
            answer.contains("strict-transport-security: max-age="),
            "{answer}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn whoever_speaks_no_tls_gets_no_answer_and_disturbs_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let (certificate, tls) = made_in(directory.path());
    let server = Server::start_with(|config| config.tls = Some(tls)).await;

    let mut plain = TcpStream::connect(server.address()).await.unwrap();
    plain
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    // The connection may be reset with what it has not read.
    let _reset = plain.read_to_end(&mut answer).await;

    assert!(!answer.starts_with(b"HTTP"));
    connect(server.address(), &certificate, &TLS13).await;
    server.stop().await;
}

#[tokio::test]
async fn the_application_can_be_used_over_http_2() {
    let directory = tempfile::tempdir().unwrap();
    let (certificate, tls) = made_in(directory.path());
    let server = Server::start_with(|config| config.tls = Some(tls)).await;
    let authority = format!("localhost:{}", server.address().port());
    let stream = connect_with(server.address(), &certificate, &TLS13, &[b"h2"]).await;
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);

    let page = Request::get(format!("https://{authority}/")).body(Body::empty());
    let page = client.send_request(page.unwrap()).await.unwrap();
    let mut statuses = Vec::new();
    for origin in [
        format!("https://{authority}"),
        format!("http://{authority}"),
        "https://evil.example".to_owned(),
    ] {
        let request = Request::post(format!("https://{authority}/api/v1/session"))
            .header("origin", origin)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/json")
            .body(Body::from(r#"{"email":"a@b.example","password":"wrong"}"#));
        let response = client.send_request(request.unwrap()).await.unwrap();
        statuses.push(response.status().as_u16());
    }

    assert_eq!(page.version(), Version::HTTP_2);
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains(&format!("wss://{authority}")), "{policy}");
    assert_eq!(statuses, [401, 403, 403]);
    server.stop().await;
}

#[tokio::test]
async fn an_admin_listener_that_other_machines_reach_speaks_tls_alone() {
    let directory = tempfile::tempdir().unwrap();
    let (certificate, tls) = made_in(directory.path());
    let server = Server::start_with(|config| {
        config.dev = false;
        config.media.advertise = vec![std::net::Ipv4Addr::LOCALHOST.into()];
        config.tls = Some(tls);
        config.admin.listen = "0.0.0.0:0".parse().unwrap();
        config.admin.allow_remote = true;
    })
    .await;
    let address = SocketAddr::from(([127, 0, 0, 1], server.admin_address().port()));
    let request = "GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

    let mut stream = connect(address, &certificate, &TLS13).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(request.as_bytes()).await.unwrap();
    let mut unread = Vec::new();
    // The connection may be reset with what it has not read.
    let _reset = plain.read_to_end(&mut unread).await;

    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(!unread.starts_with(b"HTTP"));
    server.stop().await;
}

/// A certificate for `localhost`, and the files of it and its key.
pub(crate) fn made_in(directory: &Path) -> (CertificateDer<'static>, Tls) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let tls = Tls {
        certificate: directory.join("certificate.pem"),
        key: directory.join("key.pem"),
    };
    std::fs::write(&tls.certificate, pem("CERTIFICATE", made.cert.der())).unwrap();
    let key = made.signing_key.serialize_der();
    std::fs::write(&tls.key, pem("PRIVATE KEY", &key)).unwrap();
    (made.cert.der().clone(), tls)
}

/// A server with such a certificate.
pub(crate) fn self_signed(directory: &Path) -> TlsAcceptor {
    let (certificate, files) = made_in(directory);
    let key = PrivateKeyDer::from_pem_file(files.key).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// RFC 7468.
fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(String::from_utf8_lossy)
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// A client that trusts this certificate, and speaks this version alone.
async fn connect(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
) -> TlsStream<TcpStream> {
    connect_with(address, trusted, version, &[]).await
}

/// As [`connect`], and offers these protocols.
async fn connect_with(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
    protocols: &[&[u8]],
) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap()
}
