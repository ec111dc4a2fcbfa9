//! Asks the identity provider: one request on a connection of its own, bounded in time and in bytes.
//!
//! No user names an address that is asked: they are the operator's, and those that the operator's provider names.
//! A redirect is an answer like another that is no use.

use std::path::Path;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{HeaderValue, Method, Request, StatusCode};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use url::{Position, Url};

use crate::config::single_sign_on::is_safe;
use crate::tls_client;

pub(super) struct Fetch {
    tls: TlsConnector,
    /// For one answer, with the connection.
    patience: Duration,
}

/// Why the provider gave no answer that is of use. Nothing of what it said is kept: it may hold a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error("the address is not one that is asked")]
    Address,
    #[error("the provider can't be reached")]
    Unreachable,
    #[error("the provider's certificate does not fit, or it speaks no TLS")]
    Tls,
    #[error("the provider took too long")]
    Late,
    #[error("the provider answered {0}")]
    Status(StatusCode),
    #[error("the provider's answer is too long, or not what it should be")]
    Unreadable,
}

/// The certificates can't be used.
pub(super) struct NoAuthority;

impl Fetch {
    pub(super) fn new(authority: Option<&Path>, patience: Duration) -> Result<Self, NoAuthority> {
        let tls = tls_client::connector(authority, None).map_err(|_| NoAuthority)?;
        Ok(Self { tls, patience })
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, address: &Url) -> Result<T, NoAnswer> {
        let request = request(address, Method::GET);
        let request = request.body(Body::empty());
        self.ask(address, request.map_err(|_| NoAnswer::Address)?)
            .await
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        address: &Url,
        authorisation: Option<HeaderValue>,
        form: String,
    ) -> Result<T, NoAnswer> {
        let mut request = request(address, Method::POST)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorisation) = authorisation {
            request = request.header(AUTHORIZATION, authorisation);
        }
        let request = request.body(Body::from(form));
        self.ask(address, request.map_err(|_| NoAnswer::Address)?)
            .await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        address: &Url,
        request: Request<Body>,
    ) -> Result<T, NoAnswer> {
        let answer = timeout(self.patience, self.exchange(address, request)).await;
        let bytes = answer.map_err(|_| NoAnswer::Late)??;
        serde_json::from_slice(&bytes).map_err(|_| NoAnswer::Unreadable)
    }

    async fn exchange(&self, address: &Url, request: Request<Body>) -> Result<Bytes, NoAnswer> {
        if !is_safe(address) {
            return Err(NoAnswer::Address);
        }
        let host = address.host_str().ok_or(NoAnswer::Address)?;
        let port = address.port_or_known_default().ok_or(NoAnswer::Address)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((bare, port)).await;
        let stream = stream.map_err(|_| NoAnswer::Unreachable)?;
        if address.scheme() == "http" {
            return send(stream, request).await;
        }
        let name = ServerName::try_from(bare.to_owned()).map_err(|_| NoAnswer::Address)?;
        let stream = self.tls.connect(name, stream).await;
        send(stream.map_err(|_| NoAnswer::Tls)?, request).await
    }
}

fn request(address: &Url, method: Method) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(&address[Position::BeforePath..Position::AfterQuery])
        .header(HOST, &address[Position::BeforeHost..Position::AfterPort])
        .header(ACCEPT, "application/json")
}

async fn send(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Body>,
) -> Result<Bytes, NoAnswer> {
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|_| NoAnswer::Unreachable)?;
    let conversation = async {
        let answer = sender.send_request(request).await;
        let answer = answer.map_err(|_| NoAnswer::Unreachable)?;
        if answer.status() != StatusCode::OK {
            return Err(NoAnswer::Status(answer.status()));
        }
        let body = Body::new(answer.into_body());
        let bytes = to_bytes(body, LARGEST_ANSWER).await;
        bytes.map_err(|_| NoAnswer::Unreadable)
    };
    tokio::pin!(conversation);
    // The connection must be driven while the answer is awaited, and ends with it.
    tokio::select! {
        answer = &mut conversation => answer,
        _ended = connection => conversation.await,
    }
}

/// Of a description, of keys, of tokens: ten times what any provider sends.
const LARGEST_ANSWER: usize = 256 * 1_024;
