//! The running server: its parts, their start and their stop.

use std::net::SocketAddr;
use std::time::Duration;

use conclave_audit::{Actor, Code, Event};
use conclave_policy::delivery::Terms;
use conclave_store::action::DisconnectAll;
use conclave_store::{OpenError, Options, ReadError, Store, UpkeepReason, WriteError};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::anomalies::AnomalyWatch;
use crate::app::{App, Parts, Throttles};
use crate::audit_key::{AuditKey, AuditKeyError, NamesNoLog};
use crate::audit_scrub::{AuditFigures, AuditScrub};
use crate::channel::{self, Channels};
use crate::clock_watch::{self, ClockFigures, ClockWatch, FarBehind};
use crate::computers::{self, Computers};
use crate::emergencies::{self, Emergencies};
use crate::evidence::{Evidence, Rounds};
use crate::facts::Facts;
use crate::http::audit::exports::Exports;
use crate::http::audit::looked::Looked;
use crate::http::pace::Pace;
use crate::installation_key::{InstallationKey, KeyError};
use crate::listen::Listener;
use crate::livekit::{Developers, LiveKit};
use crate::mail::{Mail, MailError};
use crate::media::{Media, MediaError};
use crate::metrics::{ChannelFigures, MediaFigures, Metrics, RequestFigures};
use crate::owner_link::{self, OwnerLinkError};
use crate::passkeys::Passkeys;
use crate::passwords::Passwords;
use crate::policies::Policies;
use crate::recording_scrub::{RecordingFigures, RecordingScrub};
use crate::sealing::{self, Sealing};
use crate::second_factors::SecondFactors;
use crate::secret::NoRandomness;
use crate::single_sign_on::{SingleSignOn, SingleSignOnError};
use crate::support_queue::SupportQueue;
use crate::syslog::{Syslog, SyslogError};
use crate::tickets::{self, Tickets};
use crate::tls::{self, TlsError};
use crate::upkeep::Upkeep;
use crate::{Clock, Config, config, external_sender, http, made_keys, recorded};

/// Why the server did not start; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    #[error("{address} can't be listened on")]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error("the database can't be read")]
    Read(#[from] ReadError),
    #[error("the database can't be written")]
    Write(#[from] WriteError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    AuditKey(#[from] AuditKeyError),
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error(transparent)]
    OwnerLink(#[from] OwnerLinkError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error(transparent)]
    SingleSignOn(#[from] SingleSignOnError),
    #[error(transparent)]
    Syslog(#[from] SyslogError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    #[error(transparent)]
    LogName(#[from] NamesNoLog),
    #[error(transparent)]
    Clock(#[from] FarBehind),
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
    owner_link: Option<String>,
    app: App,
    media: Media,
    stopping: CancellationToken,
    facts: TaskTracker,
    tasks: TaskTracker,
}

impl Server {
    /// Serves as soon as it returns. Port 0 lets the system choose.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        Self::start_at(config, Clock::default()).await
    }

    /// As [`Self::start`], by this clock.
    pub async fn start_at(config: Config, clock: Clock) -> Result<Running, StartError> {
        config.check()?;
        let tls = config.tls.as_ref().map(tls::acceptor).transpose()?;
        let (main, main_address) = listen(config.listen).await?;
        let (admin, admin_address) = listen(config.admin.listen).await?;
        let origin = origin(&config, main_address);
        let store = open(&config, &clock).await?;
        let audit_key = AuditKey::for_logs(&config.data_dir, &store).await?;
        store.keep_logs(audit_key.notary(&origin)?).await;
        let key = InstallationKey::open(&config.data_dir, tickets::KEY_FILE)?;
        let seal = InstallationKey::open(&config.data_dir, sealing::KEY_FILE)?;
        let external_sender = external_sender::open(&config.data_dir)?;
        made_keys::record(&store, &clock, &config.data_dir).await?;
        let evidence = Evidence::new(&config.evidence, main_address, clock.now());
        let metrics = Metrics::default();
        let (facts, heard) = mpsc::channel(FACTS);
        let media = metrics.register(|registry| Media::start(&config, registry, facts))?;
        let addresses = Addresses {
            main: main_address,
            admin: admin_address,
            media_port: media.port(),
        };
        let owner_link = owner_link::make(&store, &clock, &origin).await?;
        let stopping = CancellationToken::new();
        let mail = config.mail.as_ref();
        let mail = mail.map(|mail| Mail::new(mail, stopping.clone()));
        let mail = mail.transpose()?;
        let sealing = Sealing::new(seal);
        let second_factors = SecondFactors::new(sealing.clone(), &origin);
        warn_of_other_domains(&store, &second_factors).await?;
        let single_sign_on = config.single_sign_on.as_ref();
        let single_sign_on = single_sign_on.map(|provider| SingleSignOn::new(provider, &origin));
        let single_sign_on = single_sign_on.transpose()?;
        let syslog = collector(&config, &store, &origin, &metrics)?;
        let most = config.limits.connections;
        let encrypted = config.meetings.require_end_to_end_encryption;
        let policies = Policies::new(store.clone(), &config);
        let app = App::new(Parts {
            passwords: metrics
                .register(|registry| Passwords::new(&config.passwords).count_in(registry)),
            channels: Channels::new(channel::Resources {
                store: store.clone(),
                policies: policies.clone(),
                clock: clock.clone(),
                stopping: stopping.clone(),
                terms: Terms {
                    external_sender: external_sender.clone(),
                    required: encrypted,
                },
                sockets: most,
                limits: config.meetings.time_outs(),
                media: media.handle(),
                figures: metrics.register(ChannelFigures::register),
            }),
            computers: Computers::new(stopping.clone()),
            external_sender: external_sender.described(),
            evidence,
            media: media.handle(),
            tickets: Tickets::new(
                store.clone(),
                clock.clone(),
                key,
                encrypted,
                policies.clone(),
            ),
            requests: metrics.register(RequestFigures::register),
            throttles: Throttles::new(&config.lockout),
            second_factors,
            emergencies: Emergencies::new(sealing),
            pace: Pace::new(config.limits.changes_per_second),
            strangers_pace: Pace::new(config.limits.changes_per_second),
            origin,
            mail,
            single_sign_on,
            audit_key,
            looked: Looked::default(),
            exports: Exports::default(),
            policies,
            config,
            clock,
            store,
            metrics,
        });
        // Figures cross a network under the certificate of the main listener, or not at all.
        let admin_tls = tls.clone().filter(|_| !admin_address.ip().is_loopback());
        let running = Running {
            addresses,
            owner_link,
            media,
            stopping,
            facts: TaskTracker::new(),
            tasks: TaskTracker::new(),
            app,
        };
        running.listen_to_facts(heard);
        running.serve(
            main,
            tls,
            http::router(running.app.clone(), running.livekit()),
            most,
        );
        running.serve(
            admin,
            admin_tls,
            http::admin_router(running.app.clone()),
            ADMIN_CONNECTIONS,
        );
        running.keep_up();
        if let Some(syslog) = syslog {
            let sending = syslog.go_on(running.stopping.clone());
            running.tasks.spawn(sending);
        }
        Ok(running)
    }
}

impl Running {
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// The one-time link that makes the owner, where there was none at the start. Print it, keep it nowhere.
    pub fn owner_link(&self) -> Option<&str> {
        self.owner_link.as_deref()
    }

    /// The server's own store, for whoever runs it in their own program.
    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// Tells everybody to go, finishes what is under way, and closes.
    pub async fn stop(self) {
        let Self {
            app,
            media,
            stopping,
            facts,
            tasks,
            ..
        } = self;
        stopping.cancel();
        let told = async { tokio::join!(app.channels.stopped(), media.stop()) };
        let _late = timeout(DRAIN, told).await;
        let _late = timeout(DRAIN, tasks.wait()).await;
        let _late = timeout(DRAIN, facts.wait()).await;
        if let Ok(entry) = system_entry(&app.clock, |version| Event::SystemStop { version }) {
            app.record(entry).await;
        }
        app.store.close().await;
    }

    fn livekit(&self) -> LiveKit {
        LiveKit {
            app: self.app.clone(),
            developers: Developers::new(&self.app.config),
            stopping: self.stopping.clone(),
        }
    }

    fn listen_to_facts(&self, heard: mpsc::Receiver<conclave_sfu::Fact>) {
        let facts = Facts {
            store: self.app.store.clone(),
            policies: self.app.policies.clone(),
            clock: self.app.clock.clone(),
            channels: self.app.channels.clone(),
            media: self.media.handle(),
            figures: self.app.metrics.register(MediaFigures::register),
        };
        self.facts.spawn(facts.listen(heard));
        self.facts.close();
    }

    fn serve(
        &self,
        tcp: TcpListener,
        tls: Option<tokio_rustls::TlsAcceptor>,
        router: axum::Router,
        most: usize,
    ) {
        let listener = Listener {
            tcp,
            tls,
            router,
            most,
            stopping: self.stopping.clone(),
        };
        self.tasks.spawn(listener.serve());
        self.tasks.close();
    }

    fn keep_up(&self) {
        let upkeep = Upkeep {
            store: self.app.store.clone(),
            clock: self.app.clock.clone(),
            channels: self.app.channels.clone(),
        };
        self.tasks.spawn(upkeep.go_round(self.stopping.clone()));
        let queue = SupportQueue {
            store: self.app.store.clone(),
            clock: self.app.clock.clone(),
        };
        self.tasks.spawn(queue.go_round(self.stopping.clone()));
        let figures = self.app.metrics.register(AuditFigures::register);
        let scrub = AuditScrub {
            store: self.app.store.clone(),
            clock: self.app.clock.clone(),
            key: self.app.audit_key.clone(),
            figures: figures.clone(),
        };
        self.tasks.spawn(scrub.go_round(self.stopping.clone()));
        let scrub = RecordingScrub {
            store: self.app.store.clone(),
            clock: self.app.clock.clone(),
            figures: self.app.metrics.register(RecordingFigures::register),
        };
        self.tasks.spawn(scrub.go_round(self.stopping.clone()));
        let watch = ClockWatch {
            store: self.app.store.clone(),
            clock: self.app.clock.clone(),
            figures: self.app.metrics.register(ClockFigures::register),
        };
        self.tasks.spawn(watch.watch(self.stopping.clone()));
        let rounds = Rounds::new(self.app.clone(), figures);
        self.tasks.spawn(rounds.go(self.stopping.clone()));
        let watch = emergencies::watch(self.app.clone(), self.stopping.clone());
        self.tasks.spawn(watch);
        let watch = computers::watch(self.app.clone(), self.stopping.clone());
        self.tasks.spawn(watch);
        let watch = AnomalyWatch::new(self.app.clone());
        self.tasks.spawn(watch.go(self.stopping.clone()));
    }
}

/// Passkeys are for the domain that they were made under: whoever moves the server to another name ends them.
async fn warn_of_other_domains(
    store: &Store,
    second_factors: &SecondFactors,
) -> Result<(), ReadError> {
    let domain = second_factors.passkeys.as_ref().map(Passkeys::domain);
    let passkeys = store
        .passkeys_of_other_domains(domain.unwrap_or_default())
        .await?;
    if passkeys > 0 {
        tracing::warn!(
            passkeys,
            "passkeys that were made under another name than public_url's open nothing here"
        );
    }
    Ok(())
}

/// The way to the operator's collector, if there is one.
fn collector(
    config: &Config,
    store: &Store,
    origin: &str,
    metrics: &Metrics,
) -> Result<Option<Syslog>, SyslogError> {
    let Some(config) = &config.syslog else {
        return Ok(None);
    };
    let host = url::Url::parse(origin).ok();
    let host = host.and_then(|url| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_default();
    let made = metrics.register(|registry| Syslog::new(config, store.clone(), host, registry));
    made.map(Some)
}

/// The store, with the start on record and nobody connected.
async fn open(config: &Config, clock: &Clock) -> Result<Store, StartError> {
    let store = Store::open(Options::sqlite(&config.data_dir)).await?;
    if let Err(error) = clock_watch::go_on_from_the_last(&store, clock).await {
        store.close().await;
        return Err(error);
    }
    let application = http::application_digest().and_then(Code::parse);
    let start = |version| Event::SystemStart {
        version,
        application,
        configuration: config.digest(),
    };
    let entry = system_entry(clock, start)?;
    store.record(entry).await?;
    let nobody = DisconnectAll { at: clock.now() };
    store
        .write_unaudited(UpkeepReason::Presence, nobody)
        .await?;
    Ok(store)
}

fn system_entry(
    clock: &Clock,
    event: impl FnOnce(Code) -> Event,
) -> Result<conclave_audit::Entry, NoRandomness> {
    let version = Code::new(env!("CARGO_PKG_VERSION"));
    recorded::entry(clock.now(), Actor::System, event(version))
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// Where people find this server: as configured, or as it listens.
pub(crate) fn origin(config: &Config, bound: SocketAddr) -> String {
    match &config.public_url {
        Some(url) => url.origin().to_owned(),
        None if config.tls.is_some() => format!("https://{bound}"),
        // Browsers make passkeys for the name, and for no address.
        None if config.dev && bound.ip().is_loopback() => {
            format!("http://localhost:{}", bound.port())
        }
        None => format!("http://{bound}"),
    }
}

/// Facts that wait to be recorded. Beyond it the media threads drop figures, and keep who came and went.
const FACTS: usize = 4_096;
/// How long each part may take to stop.
const DRAIN: Duration = Duration::from_secs(5);
/// A probe and a collector of figures, and the operator beside them.
const ADMIN_CONNECTIONS: usize = 32;
