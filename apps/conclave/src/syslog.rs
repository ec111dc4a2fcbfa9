//! Sends the audit entries, in their order, to the operator's collector: syslog over TLS (RFC 5425).
//!
//! The protocol has no acknowledgement. An entry counts as delivered when the connection has stood for a while after
//! it was sent; after a break, and after a restart, whatever does not count is sent again. So a collector may have an
//! entry twice (with one and the same id), and misses none.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::time::Duration;

use conclave_audit::{Entry, SyslogSender};
use conclave_store::action::KeepCollected;
use conclave_store::read::audit::Recorded;
use conclave_store::{ReadError, Store, UpkeepReason, WriteError};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::{InvalidDnsNameError, ServerName};
use tokio_util::sync::CancellationToken;

use crate::config::{self, SyslogFormat};
use crate::tls_client::{self, Identity, TlsClientError};

/// Why nothing can be sent to the collector; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum SyslogError {
    #[error("[syslog] can't be used")]
    Tls(#[from] TlsClientError),
    #[error("syslog.server is no name that a certificate can have")]
    Name(#[from] InvalidDnsNameError),
}

/// The way to the collector.
pub(crate) struct Syslog {
    store: Store,
    sender: SyslogSender,
    format: SyslogFormat,
    address: (String, u16),
    name: ServerName<'static>,
    tls: TlsConnector,
    figures: Figures,
}

#[derive(Clone, Default)]
struct Figures {
    sent: Counter,
    breaks: Counter,
    connected: Gauge,
}

/// One connection.
struct Line {
    stream: WriteHalf<TlsStream<TcpStream>>,
    /// Messages of this connection.
    sequence: u64,
    /// The last entry that was sent.
    sent: i64,
    /// When which was, of those that don't count yet.
    unsettled: VecDeque<(Instant, i64)>,
}

#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("the collector can't be reached")]
    Unreachable(#[from] io::Error),
    #[error("the collector does not answer")]
    Late,
    #[error("the collector has closed the connection")]
    Closed,
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl Syslog {
    /// `host`: what this server is called outside.
    pub(crate) fn new(
        config: &config::Syslog,
        store: Store,
        host: String,
        registry: &mut Registry,
    ) -> Result<Self, SyslogError> {
        let identity = config.certificate.as_deref().zip(config.key.as_deref());
        let identity = identity.map(|(certificate, key)| Identity { certificate, key });
        Ok(Self {
            store,
            sender: SyslogSender {
                host,
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            format: config.format,
            address: (config.server.clone(), config.port),
            name: ServerName::try_from(config.server.clone())?,
            tls: tls_client::connector(config.authority.as_deref(), identity)?,
            figures: Figures::register(registry),
        })
    }

    /// Sends until the server stops.
    pub(crate) async fn go_on(self, stopping: CancellationToken) {
        while !stopping.is_cancelled() {
            if let Err(broken) = self.connection(&stopping).await {
                self.figures.breaks.inc();
                tracing::warn!(
                    error = &broken as &dyn std::error::Error,
                    "audit entries wait for the collector"
                );
            }
            self.figures.connected.set(0);
            tokio::select! {
                () = stopping.cancelled() => {}
                () = tokio::time::sleep(AGAIN_AFTER) => {}
            }
        }
    }

    /// One connection, until it breaks or the server stops.
    async fn connection(&self, stopping: &CancellationToken) -> Result<(), Broken> {
        let stream = timeout(PATIENCE, self.connect());
        let (mut heard, stream) = tokio::io::split(stream.await.map_err(|_| Broken::Late)??);
        self.figures.connected.set(1);
        let mut line = Line {
            stream,
            sequence: 0,
            sent: self.store.collected().await?,
            unsettled: VecDeque::new(),
        };
        tokio::select! {
            broken = self.send(&mut line) => match broken? {},
            broken = until_closed(&mut heard) => return Err(broken),
            () = stopping.cancelled() => {}
        }
        let closed = timeout(PATIENCE, line.stream.shutdown()).await;
        Ok(closed.map_err(|_| Broken::Late)??)
    }

    async fn connect(&self) -> io::Result<TlsStream<TcpStream>> {
        let (host, port) = &self.address;
        let stream = TcpStream::connect((host.as_str(), *port)).await?;
        break_when_unheard(&stream)?;
        self.tls.connect(self.name.clone(), stream).await
    }

    async fn send(&self, line: &mut Line) -> Result<Infallible, Broken> {
        loop {
            let waiting = self.store.recorded_after(line.sent, MOST_AT_ONCE).await?;
            for recorded in &waiting {
                self.send_one(line, recorded).await?;
            }
            if let Some(last) = waiting.last() {
                line.flush().await?;
                line.unsettled.push_back((Instant::now(), last.position));
            }
            if let Some(position) = line.settled(Instant::now()) {
                let keep = KeepCollected { position };
                self.store
                    .write_unaudited(UpkeepReason::Delivery, keep)
                    .await?;
            }
            if waiting.is_empty() {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
    }

    async fn send_one(&self, line: &mut Line, recorded: &Recorded) -> Result<(), Broken> {
        if let Some(frame) = self.frame(line.sequence, recorded) {
            let sending = line.stream.write_all(&frame);
            timeout(PATIENCE, sending)
                .await
                .map_err(|_| Broken::Late)??;
            line.sequence += 1;
            self.figures.sent.inc();
        }
        line.sent = recorded.position;
        Ok(())
    }

    /// `None`: what is there was written by no version that this one knows. It stays in the log for who reads that.
    fn frame(&self, sequence: u64, recorded: &Recorded) -> Option<Vec<u8>> {
        let entry = Entry::from_canonical(&recorded.bytes);
        let Ok(entry) = entry else {
            let position = recorded.position;
            tracing::warn!(position, "an audit entry can't be read, and is not sent");
            return None;
        };
        let body = match self.format {
            SyslogFormat::Json => String::from_utf8_lossy(&recorded.bytes).into_owned(),
            SyslogFormat::Cef => entry.to_cef(&self.sender.version),
        };
        Some(self.sender.frame(&entry, sequence, &body))
    }
}

impl Line {
    async fn flush(&mut self) -> Result<(), Broken> {
        let flushed = timeout(PATIENCE, self.stream.flush()).await;
        Ok(flushed.map_err(|_| Broken::Late)??)
    }

    /// The last entry that counts as delivered by now, if there is another one than before.
    fn settled(&mut self, now: Instant) -> Option<i64> {
        let mut settled = None;
        while let Some((at, position)) = self.unsettled.front().copied() {
            if now.duration_since(at) < SETTLES_AFTER {
                break;
            }
            settled = Some(position);
            self.unsettled.pop_front();
        }
        settled
    }
}

/// What the other side's machine does not acknowledge breaks the connection (RFC 5482) before it counts as delivered. Left to
/// itself, the system goes on trying for a quarter of an hour.
#[cfg(target_os = "linux")]
fn break_when_unheard(stream: &TcpStream) -> io::Result<()> {
    SockRef::from(stream).set_tcp_user_timeout(Some(PATIENCE))
}

/// The system's own time it is.
#[cfg(not(target_os = "linux"))]
fn break_when_unheard(_stream: &TcpStream) -> io::Result<()> {
    Ok(())
}

/// A collector says nothing: whatever it sends is not read, and the end of it is the end of the connection.
async fn until_closed(heard: &mut ReadHalf<TlsStream<TcpStream>>) -> Broken {
    let mut ignored = [0; 256];
    loop {
        match heard.read(&mut ignored).await {
            Ok(0) => return Broken::Closed,
            Ok(_) => {}
            Err(error) => return error.into(),
        }
    }
}

impl Figures {
    fn register(registry: &mut Registry) -> Self {
        let figures = Self::default();
        let Self {
            sent,
            breaks,
            connected,
        } = figures.clone();
        registry.register(
            "syslog_sent",
            "Audit entries sent to the collector, repeated ones too",
            sent,
        );
        registry.register(
            "syslog_breaks",
            "Connections to the collector that failed or broke",
            breaks,
        );
        registry.register(
            "syslog_connected",
            "1 while the collector is connected",
            connected,
        );
        figures
    }
}

/// For the connection with its handshake, for each message, and for the acknowledgement of what was sent.
const PATIENCE: Duration = Duration::from_secs(10);
const AGAIN_AFTER: Duration = Duration::from_secs(5);
/// While nothing waits. An entry is on its way a second after its act at the latest.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// Longer than a broken connection stays unnoticed: twice [`PATIENCE`].
const SETTLES_AFTER: Duration = Duration::from_secs(20);
const MOST_AT_ONCE: u32 = 256;
