//! Hands letters to the mail server: a bounded number at a time, each tried again for half an hour.
//!
//! Letters that wait are in memory alone: they hold secrets that are kept nowhere as they are. A server that stops loses
//! them, and whoever waits for one asks again.

mod letter;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport, Message, Tokio1Executor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::config::{self, MailSecurity};

pub(crate) use letter::Letter;

/// The way to the mail server. Clones share its queue.
#[derive(Clone)]
pub(crate) struct Mail {
    inner: Arc<Inner>,
}

struct Inner {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Letters that wait or are under way.
    places: Arc<Semaphore>,
    /// Of those, to addresses that nobody of the organisation vouches for.
    strangers: Arc<Semaphore>,
    /// Connections to the mail server.
    connections: Semaphore,
    stopping: CancellationToken,
}

/// A letter with a place in the queue.
pub(crate) struct Outgoing {
    mail: Mail,
    message: Message,
    places: Places,
}

/// What a letter takes from the queue until it has gone.
type Places = (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>);

/// Why no mail can be sent; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the file of [mail] {} can't be read", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the certificates of mail.authority can't be used")]
    Authority,
    #[error("mail.from is not an address")]
    From,
}

impl Mail {
    pub(crate) fn new(
        config: &config::Mail,
        stopping: CancellationToken,
    ) -> Result<Self, MailError> {
        Ok(Self {
            inner: Arc::new(Inner {
                transport: transport(config)?,
                from: config.from.parse().map_err(|_| MailError::From)?,
                places: Arc::new(Semaphore::new(MOST_LETTERS)),
                strangers: Arc::new(Semaphore::new(MOST_TO_STRANGERS)),
                connections: Semaphore::new(MOST_CONNECTIONS),
                stopping,
            }),
        })
    }

    /// A place in the queue; `None` when it is full.
    pub(crate) fn take(&self, letter: Letter) -> Option<Outgoing> {
        self.take_with(letter, None)
    }

    /// As [`Self::take`], for a letter to an address that nobody of the organisation vouches for: such letters leave room
    /// for others.
    pub(crate) fn take_for_stranger(&self, letter: Letter) -> Option<Outgoing> {
        let strangers = Arc::clone(&self.inner.strangers);
        self.take_with(letter, Some(strangers.try_acquire_owned().ok()?))
    }

    fn take_with(
        &self,
        letter: Letter,
        of_strangers: Option<OwnedSemaphorePermit>,
    ) -> Option<Outgoing> {
        let places = Arc::clone(&self.inner.places);
        Some(Outgoing {
            places: (places.try_acquire_owned().ok()?, of_strangers),
            message: letter.message(self.inner.from.clone())?,
            mail: self.clone(),
        })
    }
}

impl Outgoing {
    /// Returns at once; the letter goes its own way.
    pub(crate) fn send(self) {
        tokio::spawn(async move {
            let stopping = self.mail.inner.stopping.clone();
            tokio::select! {
                () = stopping.cancelled() => tracing::warn!("a letter was not sent before the stop"),
                () = self.deliver() => {}
            }
        });
    }

    async fn deliver(self) {
        for wait in AGAIN_AFTER {
            match self.attempt().await {
                Ok(()) => return drop(self.places),
                Err(error) if error.is_permanent() => return give_up(&error),
                Err(error) => say(&error, "a letter was not taken; it is tried again"),
            }
            tokio::time::sleep(wait).await;
        }
        if let Err(error) = self.attempt().await {
            give_up(&error);
        }
    }

    async fn attempt(&self) -> Result<(), Error> {
        // The semaphore is never closed: without a permit there is one more connection.
        let _connection = self.mail.inner.connections.acquire().await;
        let transport = &self.mail.inner.transport;
        transport.send(self.message.clone()).await.map(drop)
    }
}

fn give_up(error: &Error) {
    say(error, "a letter was given up");
}

/// The mail server's words may hold an address; its code does not.
fn say(error: &Error, what: &'static str) {
    let code = error.status().map(|code| code.to_string());
    tracing::warn!(
        code = code.as_deref().unwrap_or("none"),
        tls = error.is_tls(),
        timeout = error.is_timeout(),
        "{what}"
    );
}

fn transport(config: &config::Mail) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailError> {
    let tls = match config.security {
        MailSecurity::None => Tls::None,
        MailSecurity::Starttls => Tls::Required(parameters(config)?),
        MailSecurity::Tls => Tls::Wrapper(parameters(config)?),
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.server)
        .port(config.port)
        .timeout(Some(PATIENCE))
        .tls(tls);
    Ok(match (&config.user, &config.password_file) {
        (Some(user), Some(path)) => {
            let password = String::from_utf8_lossy(&read(path)?).trim().to_owned();
            builder
                .credentials(Credentials::new(user.clone(), password))
                .build()
        }
        _ => builder.build(),
    })
}

/// Those that the system trusts, and the configured ones. rustls accepts no other certificate.
fn parameters(config: &config::Mail) -> Result<TlsParameters, MailError> {
    let mut builder = TlsParameters::builder(config.server.clone());
    if let Some(path) = &config.authority {
        let authority = Certificate::from_pem(&read(path)?);
        builder = builder.add_root_certificate(authority.map_err(|_| MailError::Authority)?);
    }
    builder.build().map_err(|_| MailError::Authority)
}

fn read(path: &std::path::Path) -> Result<Vec<u8>, MailError> {
    std::fs::read(path).map_err(|source| MailError::File {
        path: path.to_owned(),
        source,
    })
}

/// More letters under way are refused. A hospital invites its staff over days.
const MOST_LETTERS: usize = 256;
/// A mail server that puts strangers' letters off keeps no invitation waiting.
const MOST_TO_STRANGERS: usize = 64;
/// Mail servers refuse many at a time.
const MOST_CONNECTIONS: usize = 4;
/// For each step of the conversation with the mail server.
const PATIENCE: Duration = Duration::from_secs(20);
/// Together about half an hour: then a link that was asked for is too old.
const AGAIN_AFTER: [Duration; 6] = [
    Duration::from_secs(2),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(3 * 60),
    Duration::from_secs(8 * 60),
    Duration::from_secs(15 * 60),
];
