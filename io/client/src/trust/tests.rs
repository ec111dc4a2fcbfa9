use std::io::Write as _;
use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;
use rcgen::{CertificateParams, CertifiedIssuer, IsCa, KeyPair, PublicKeyData as _};
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::tungstenite::Message as Frame;

use super::*;
use crate::membership::tests::membership;
use crate::wire::Unreached;
use crate::{Channel, Guest, NotDone};

#[tokio::test]
async fn a_server_that_somebody_who_is_trusted_vouches_for_is_spoken_with() {
    let server = Server::start(|_| ()).await;

    assert_eq!(server.ask(server.trust()).await, Ok(()));
    assert_eq!(
        server.ask(server.trust().and_only(server.key)).await,
        Ok(())
    );
}

// Shows: ABUSE-51.
#[tokio::test]
async fn a_certificate_of_another_name_is_not_taken() {
    let server = Server::start(|params| {
        params.subject_alt_names = vec![rcgen::SanType::DnsName("elsewhere".try_into().unwrap())];
    });
    let server = server.await;

    assert_eq!(server.ask(server.trust()).await, Err(Distrust::OtherName));
}

// Shows: ABUSE-51.
#[tokio::test]
async fn a_certificate_that_has_expired_is_not_taken() {
    let server = Server::start(|params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    });
    let server = server.await;

    assert_eq!(server.ask(server.trust()).await, Err(Distrust::OutOfDate));
}

// Shows: ABUSE-51.
#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_taken() {
    let server = Server::start(|_| ()).await;
    let other = Server::start(|_| ()).await;

    for trust in [Trust::nobody(), Trust::system(), other.trust()] {
        assert_eq!(server.ask(trust).await, Err(Distrust::UnknownIssuer));
    }
}

// Shows: ABUSE-51.
#[tokio::test]
async fn another_key_is_not_taken_whoever_vouches_for_it() {
    let server = Server::start(|_| ()).await;

    let trust = server.trust().and_only(KeyPin([7; 32]));
    assert_eq!(server.ask(trust).await, Err(Distrust::OtherKey));
}

// Shows: ABUSE-51.
#[tokio::test]
async fn the_right_key_alone_is_not_enough() {
    let server = Server::start(|_| ()).await;

    for trust in [Trust::nobody(), Trust::system()] {
        let asked = server.ask(trust.and_only(server.key)).await;
        assert_eq!(asked, Err(Distrust::UnknownIssuer));
    }
}

// Shows: ABUSE-51.
#[tokio::test]
async fn without_tls_nothing_is_said_to_another_computer() {
    // Of the block for documentation: nobody has it.
    for address in ["192.0.2.1:80", "[2001:db8::1]:80"] {
        let guest = Guest::new(format!("http://{address}"));
        let refused = guest.get::<Value>("/", None).await.unwrap_err();
        assert_eq!(refused.distrust(), Some(Distrust::Plain));
    }
}

#[tokio::test]
async fn a_meetings_channel_opens_within_tls_and_says_its_secret_to_nobody_else() {
    let server = Server::start(|_| ()).await;
    let url = format!("wss://localhost:{}", server.address.port());

    let mut stranger = Channel::open(&url, Trust::nobody(), membership());
    while !matches!(stranger.next_news().await, Some(crate::News::Lost)) {}
    drop(stranger);
    let _channel = Channel::open(&url, server.trust(), membership());

    let hello = server.said().await;
    assert!(hello.contains("\"hello\""), "{hello}");
}

#[test]
fn a_file_without_certificates_is_no_authority() {
    let file = NamedTempFile::new().unwrap();

    let trust = Trust::nobody().and_file(file.path());
    assert!(matches!(trust, Err(NoAuthority::Empty(_))));
    let trust = Trust::nobody().and_file(Path::new("/nowhere"));
    assert!(matches!(trust, Err(NoAuthority::File { .. })));
}

#[test]
fn a_pin_is_64_hexadecimal_digits() {
    let pin = "0a".repeat(32);
    assert_eq!(KeyPin::parse(&pin), Ok(KeyPin([10; 32])));
    assert_eq!(String::from(KeyPin([10; 32])), pin);
    for wrong in [
        "",
        "0a",
        &"0g".repeat(32),
        &"+a".repeat(32),
        &"0a".repeat(33),
    ] {
        assert_eq!(KeyPin::parse(wrong), Err(NoKeyPin), "{wrong}");
    }
}

/// A server of this computer with a certificate of an authority of its own.
struct Server {
    address: SocketAddr,
    authority: NamedTempFile,
    key: KeyPin,
    listener: tokio::sync::Mutex<TcpListener>,
    acceptor: TlsAcceptor,
}

impl Server {
    async fn start(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let (authority, chain, key) = certified(change);
        let pin = KeyPin::of(&key.subject_public_key_info());
        let provider = Arc::new(aws_lc_rs::default_provider());
        let private = key.serialize_der().try_into().unwrap();
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![chain], private)
            .unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        Self {
            address: listener.local_addr().unwrap(),
            authority,
            key: pin,
            listener: listener.into(),
            acceptor: Arc::new(config).into(),
        }
    }

    fn trust(&self) -> Trust {
        Trust::nobody().and_file(self.authority.path()).unwrap()
    }

    /// One request, and what became of it.
    async fn ask(&self, trust: Trust) -> Result<(), Distrust> {
        let origin = format!("https://localhost:{}", self.address.port());
        let guest = Guest::new(origin).trusting(trust);
        let asked = guest.get::<Value>("/anything", None);
        let (asked, ()) = tokio::join!(asked, self.answer());
        match asked {
            Ok(_) => Ok(()),
            Err(NotDone::Unreachable(Unreached::Distrusted(why))) => Err(why),
            Err(error) => panic!("{error:?}"),
        }
    }

    /// The first request that comes within TLS, if one does.
    async fn answer(&self) {
        let Some(mut stream) = self.accept().await else {
            return;
        };
        let mut asked = [0; 1024];
        if stream.read(&mut asked).await.is_ok_and(|length| length > 0) {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            stream.write_all(answer).await.unwrap();
        }
    }

    async fn accept(&self) -> Option<TlsStream<TcpStream>> {
        let (stream, _) = self.listener.lock().await.accept().await.unwrap();
        self.acceptor.accept(stream).await.ok()
    }

    /// The first words over a WebSocket.
    async fn said(&self) -> String {
        loop {
            let Some(stream) = self.accept().await else {
                continue;
            };
            let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
            if let Some(Ok(Frame::Text(text))) = socket.next().await {
                return text.to_string();
            }
        }
    }
}

fn certified(
    change: impl FnOnce(&mut CertificateParams),
) -> (NamedTempFile, CertificateDer<'static>, KeyPair) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let mut file = NamedTempFile::new().unwrap();
    let authority = STANDARD.encode(authority.der());
    writeln!(
        file,
        "-----BEGIN CERTIFICATE-----\n{authority}\n-----END CERTIFICATE-----"
    )
    .unwrap();
    (file, certificate.der().clone(), key)
}
