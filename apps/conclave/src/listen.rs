//! Takes connections on one address, with or without TLS, and serves HTTP on them.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::allowance::{Allowance, Allowed};

/// One address at work.
pub(crate) struct Listener {
    pub(crate) tcp: TcpListener,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) router: Router,
    /// Connections at one time; more wait in the system's queue.
    pub(crate) most: usize,
    pub(crate) stopping: CancellationToken,
}

impl Listener {
    /// Takes connections until the token is cancelled, then finishes those that are under way.
    pub(crate) async fn serve(self) {
        let permits = Arc::new(Semaphore::new(self.most));
        let connections = TaskTracker::new();
        loop {
            let next = async {
                let permit = Arc::clone(&permits).acquire_owned().await;
                (self.tcp.accept().await, permit)
            };
            let (accepted, permit) = tokio::select! {
                () = self.stopping.cancelled() => break,
                next = next => next,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    pause_after(&error).await;
                    continue;
                }
            };
            let connection = Connection {
                tls: self.tls.clone(),
                router: self.router.clone(),
                stopping: self.stopping.clone(),
                peer,
            };
            connections.spawn(async move {
                connection.serve(stream).await;
                drop(permit);
            });
        }
        drop(self.tcp);
        connections.close();
        connections.wait().await;
    }
}

/// One peer's connection, after `accept`.
struct Connection {
    tls: Option<TlsAcceptor>,
    router: Router,
    stopping: CancellationToken,
    peer: SocketAddr,
}

impl Connection {
    async fn serve(self, stream: TcpStream) {
        let _best_effort = stream.set_nodelay(true);
        let Some(tls) = self.tls.clone() else {
            return self.speak_http(stream).await;
        };
        if let Ok(Ok(stream)) = timeout(HANDSHAKE, tls.accept(stream)).await {
            self.speak_http(stream).await;
        }
    }

    async fn speak_http(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self {
            router,
            stopping,
            peer,
            ..
        } = self;
        let allowance = Allowance::default();
        let stream = Allowed::new(stream, allowance.clone());
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            answer(router.clone(), request, peer, allowance.clone())
        });
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_buf_size(LONGEST_HEAD);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(LONGEST_HEAD as u32)
            .keep_alive_interval(KEEP_ALIVE);
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stopping.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::trace!(%error, "a connection broke");
        }
    }
}

async fn answer(
    router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
    allowance: Allowance,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(allowance);
    router.oneshot(request).await
}

/// Out of file descriptors: others must end first. Anything else was one peer's own trouble.
async fn pause_after(error: &io::Error) {
    let of_the_peer = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    );
    if !of_the_peer {
        tracing::error!(%error, "no connection can be taken");
        tokio::time::sleep(PAUSE).await;
    }
}

/// For the TLS handshake. Longer helps slow phones; it holds a place for strangers too.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// For a request's head, and between two requests of one connection.
const HEAD: Duration = Duration::from_secs(60);
/// A join request of LiveKit's clients is a URL of some kilobytes.
const LONGEST_HEAD: usize = 64 * 1_024;
const STREAMS: u32 = 100;
const KEEP_ALIVE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);
