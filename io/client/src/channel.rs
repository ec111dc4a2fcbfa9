//! Drives a membership over the meeting channel's WebSocket.
//!
//! Nothing here decides: inputs are brought to the membership, its outputs are carried out.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use conclave_protocol::channel::Downstream;
use futures_util::{SinkExt, StreamExt};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::{sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message as Frame};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::membership::{Input, Membership, News, Output};
use crate::trust::Trust;
use crate::wire::{ServerAddress, Unreached, Wire};

/// A membership that lives in a task of its own, until it ends or nobody holds it any more.
pub struct Channel {
    commands: mpsc::Sender<Command>,
    news: mpsc::Receiver<News>,
    driving: AbortHandle,
}

type Command = Box<dyn FnOnce(&mut Membership, Instant) + Send>;
pub(crate) type WebSocket = WebSocketStream<Box<dyn Wire>>;
type Opening = Pin<Box<dyn Future<Output = Result<WebSocket, NotOpened>> + Send>>;

/// An owner that reads more slowly loses the news beyond.
const MOST_NEWS: usize = 4096;
const MOST_COMMANDS: usize = 64;
/// In bytes: the tree of the largest group in base64 is smaller.
const LARGEST_MESSAGE: usize = 4 << 20;
/// A server that takes no byte for so long is gone.
const SEND_TIME: Duration = Duration::from_secs(10);
/// For the WebSocket to open.
const OPENING_TIME: Duration = Duration::from_secs(15);

impl Channel {
    /// `url`: `wss://host`, or `ws://host:port` of this computer.
    #[must_use]
    pub fn open(url: &str, trust: Trust, membership: Membership) -> Self {
        let (commands, received) = mpsc::channel(MOST_COMMANDS);
        let (told, news) = mpsc::channel(MOST_NEWS);
        let driver = Driver {
            url: format!("{url}/api/v1/meetings/{}/channel", membership.meeting()),
            trust,
            membership,
            socket: Socket::Closed,
            news: told,
        };
        let driving = tokio::spawn(driver.run(received)).abort_handle();
        Self {
            commands,
            news,
            driving,
        }
    }

    /// As a device that loses its network at once: nobody is told, and the seat stays as it is.
    pub fn vanish(self) {
        self.driving.abort();
    }

    /// `None`: it has ended.
    pub async fn next_news(&mut self) -> Option<News> {
        self.news.recv().await
    }

    /// Lets `act` use the membership. `None`: it has ended.
    pub async fn with<R: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Membership, Instant) -> R + Send + 'static,
    ) -> Option<R> {
        let (answer, answered) = oneshot::channel();
        let command: Command = Box::new(move |membership, now| {
            // Who does not wait for the answer does not need it.
            let _ = answer.send(act(membership, now));
        });
        self.commands.send(command).await.ok()?;
        answered.await.ok()
    }
}

struct Driver {
    url: String,
    trust: Trust,
    membership: Membership,
    socket: Socket,
    news: mpsc::Sender<News>,
}

enum Socket {
    Closed,
    Opening(Opening),
    Open(Box<WebSocket>),
}

/// What the WebSocket brought.
enum Heard {
    Opened(Box<WebSocket>),
    Message(Box<Downstream>),
    Nothing,
    Closed,
}

impl Driver {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut wake = self.carry_out().await;
        while let Some(at) = wake {
            tokio::select! {
                heard = self.socket.hear() => self.heard(heard),
                command = commands.recv() => match command {
                    Some(command) => command(&mut self.membership, Instant::now()),
                    None => self.membership.leave(Instant::now()),
                },
                () = sleep_until(at.into()) => self.input(Input::Timeout),
            }
            wake = self.carry_out().await;
        }
    }

    fn input(&mut self, input: Input) {
        self.membership.handle_input(Instant::now(), input);
    }

    fn heard(&mut self, heard: Heard) {
        match heard {
            Heard::Opened(socket) => {
                self.socket = Socket::Open(socket);
                self.input(Input::Opened);
            }
            Heard::Message(message) => self.input(Input::Heard(message)),
            Heard::Nothing => {}
            Heard::Closed => {
                self.socket = Socket::Closed;
                self.input(Input::Closed);
            }
        }
    }

    /// Carries out what the membership wants. `None`: it has ended.
    async fn carry_out(&mut self) -> Option<Instant> {
        loop {
            match self.membership.poll_output() {
                Output::Open => {
                    let opening = open(self.url.clone(), self.trust.clone());
                    self.socket = Socket::Opening(opening);
                }
                Output::Say(words) => {
                    if !self.socket.say(words.text()).await {
                        self.heard(Heard::Closed);
                    }
                }
                Output::Close => self.socket.close().await,
                Output::News(news) => {
                    if self.news.try_send(news).is_err() {
                        tracing::debug!("news were not read in time");
                    }
                }
                Output::Wait(_) if self.membership.has_ended() => return None,
                Output::Wait(wake) => return Some(wake.unwrap_or_else(|| Instant::now() + IDLE)),
            }
        }
    }
}

/// Nothing is due, but somebody may say something.
const IDLE: Duration = Duration::from_secs(60);

impl Socket {
    async fn hear(&mut self) -> Heard {
        match self {
            Self::Closed => std::future::pending().await,
            Self::Opening(opening) => match opening.await {
                Ok(socket) => Heard::Opened(Box::new(socket)),
                Err(error) => error.told(),
            },
            Self::Open(socket) => match socket.next().await {
                Some(Ok(Frame::Text(text))) => read(text.as_str()),
                Some(Ok(Frame::Close(_)) | Err(_)) | None => Heard::Closed,
                Some(Ok(_)) => Heard::Nothing,
            },
        }
    }

    /// False: the connection is gone.
    async fn say(&mut self, text: String) -> bool {
        let Self::Open(socket) = self else {
            return false;
        };
        let sending = socket.send(Frame::text(text));
        matches!(timeout(SEND_TIME, sending).await, Ok(Ok(())))
    }

    async fn close(&mut self) {
        if let Self::Open(socket) = self {
            // A server that is gone can't be told.
            let _ = timeout(SEND_TIME, WebSocketStream::close(socket, None)).await;
        }
        *self = Self::Closed;
    }
}

/// Messages of a later version of the protocol say nothing here.
fn read(text: &str) -> Heard {
    let message = serde_json::from_str(text).ok();
    message.map_or(Heard::Nothing, |message| Heard::Message(Box::new(message)))
}

fn open(url: String, trust: Trust) -> Opening {
    Box::pin(async move {
        let opened = timeout(OPENING_TIME, connect(&url, &trust)).await;
        opened.unwrap_or(Err(NotOpened::Unreached(Unreached::Late)))
    })
}

pub(crate) async fn connect(url: &str, trust: &Trust) -> Result<WebSocket, NotOpened> {
    let uri = url.parse().map_err(|_| Unreached::Address)?;
    let wire = ServerAddress::of(&uri)?.connect(trust).await?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(LARGEST_MESSAGE))
        .max_frame_size(Some(LARGEST_MESSAGE));
    let (socket, _) = client_async_with_config(uri, wire, Some(config)).await?;
    Ok(socket)
}

/// Why there is no WebSocket.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    #[error(transparent)]
    Unreached(#[from] Unreached),
    #[error(transparent)]
    Refused(#[from] tungstenite::Error),
}

impl NotOpened {
    /// It is tried again, and never with less.
    fn told(&self) -> Heard {
        if let Self::Unreached(Unreached::Distrusted(why)) = self {
            tracing::warn!(%why, "the meeting's server is not trusted");
        }
        Heard::Closed
    }
}
