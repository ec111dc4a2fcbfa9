//! The running server: its parts, their start and their stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::livekit::LiveKit;
use crate::media::{Media, MediaError};
use crate::metrics::Metrics;
use crate::tickets::Tickets;
use crate::{Clock, Config, config, http};

/// What request handlers share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

struct Parts {
    config: Config,
    metrics: Metrics,
    media: crate::media::Handle,
}

impl App {
    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn needs_owner(&self) -> bool {
        true
    }

    /// Why requests can't be served at this moment.
    pub(crate) async fn not_ready(&self) -> Option<&'static str> {
        (!self.0.media.alive()).then_some("the media threads do not answer\n")
    }
}

/// Why the server did not start; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    #[error("{address} can't be listened on: {source}")]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Media(#[from] MediaError),
}

/// Starts servers.
pub struct Server;

/// Where a running server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    pub main: SocketAddr,
    pub admin: SocketAddr,
    /// UDP and ICE-TCP.
    pub media_port: u16,
}

/// A server that serves until it is stopped.
pub struct Running {
    addresses: Addresses,
    stopping: CancellationToken,
    media: Media,
    listeners: Vec<JoinHandle<()>>,
}

impl Server {
    /// Serves as soon as it returns. Port 0 lets the system choose.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        Self::start_at(config, Clock::default()).await
    }

    /// As [`Self::start`], by this clock.
    pub async fn start_at(config: Config, clock: Clock) -> Result<Running, StartError> {
        config.check()?;
        let main = listen(config.listen).await?;
        let admin = listen(config.admin.listen).await?;
        let metrics = Metrics::default();
        let (facts, _facts) = mpsc::channel(FACTS);
        let media = metrics.register(|registry| Media::start(&config, registry, facts))?;
        let stopping = CancellationToken::new();
        let livekit = LiveKit {
            media: media.handle(),
            tickets: Tickets,
            developer_keys: config.developer_keys(),
            clock,
            stopping: stopping.clone(),
        };
        let app = App(Arc::new(Parts {
            config,
            metrics,
            media: media.handle(),
        }));
        let addresses = Addresses {
            main: main.1,
            admin: admin.1,
            media_port: media.port(),
        };
        let listeners = vec![
            serve(main.0, http::router(app.clone(), livekit), &stopping),
            serve(admin.0, http::admin_router(app), &stopping),
        ];
        Ok(Running {
            addresses,
            stopping,
            media,
            listeners,
        })
    }
}

impl Running {
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// Tells everybody to go, finishes what is under way, and closes.
    pub async fn stop(self) {
        self.stopping.cancel();
        self.media.stop().await;
        for mut listener in self.listeners {
            if tokio::time::timeout(DRAIN, &mut listener).await.is_err() {
                listener.abort();
            }
        }
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

fn serve(
    listener: TcpListener,
    router: axum::Router,
    stopping: &CancellationToken,
) -> JoinHandle<()> {
    let stopping = stopping.clone();
    tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let _ended = axum::serve(listener, service)
            .with_graceful_shutdown(async move { stopping.cancelled().await })
            .await;
    })
}

/// Facts that wait to be recorded; the media threads drop what is over and count it.
const FACTS: usize = 4_096;
/// How long requests that are under way may take when the server stops.
const DRAIN: Duration = Duration::from_secs(5);
