//! Drives an endpoint over a WebSocket and a UDP socket.
//!
//! Nothing here decides: inputs are brought to the endpoint, its outputs are carried out.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use livekit_protocol as proto;
use prost::Message as _;
use tokio::net::UdpSocket;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep_until, timeout};
use tokio_tungstenite::tungstenite::http::Uri;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, ClientRequestBuilder, Message as Frame};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::endpoint::{Endpoint, Input, Output};
use crate::event::Event;
use crate::options::Options;
use crate::trust::Trust;
use crate::udp::Udp;
use crate::upgrade::Upgrade;
use crate::wire::{ServerAddress, Unreached, Wire};

/// A participant that lives in a task of its own, until it leaves or nobody holds it any more.
pub struct Connection {
    handle: Handle,
    events: mpsc::Receiver<Event>,
}

/// Gives commands to a [`Connection`].
#[derive(Clone)]
pub struct Handle {
    commands: mpsc::Sender<Command>,
}

/// Why a connection can't begin. What follows is told by events.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the server can't be reached")]
    Unreached(#[from] Unreached),
    #[error("could not open a UDP socket")]
    Socket(#[source] io::Error),
}

type Command = Box<dyn FnOnce(&mut Endpoint, Instant) + Send>;
type WebSocket = WebSocketStream<Box<dyn Wire>>;
type Opening = Pin<Box<dyn Future<Output = Result<WebSocket, NotOpened>> + Send>>;

/// An owner that reads more slowly loses the events beyond.
const MOST_EVENTS: usize = 4096;
const MOST_COMMANDS: usize = 256;
/// In bytes: a description with hundreds of media sections is smaller.
const LARGEST_SIGNAL: usize = 4 << 20;
/// A server that takes no byte for so long is gone.
const SEND_TIME: Duration = Duration::from_secs(5);
/// Datagrams that are read before anything else gets its turn.
const BURST: usize = 64;
const LARGEST_DATAGRAM: usize = 2048;

impl Connection {
    /// Begins to join, from the local address that reaches the server.
    pub async fn open(mut options: Options) -> Result<Self, ConnectError> {
        let local = route(&options.url).await?;
        let first = Udp::bind(local).await.map_err(ConnectError::Socket)?;
        // Idle in the single topology.
        let second = Udp::bind(local).await.map_err(ConnectError::Socket)?;
        options.addresses = vec![first.local];
        options.subscriber_addresses = vec![second.local];

        let (commands, received) = mpsc::channel(MOST_COMMANDS);
        let (reported, events) = mpsc::channel(MOST_EVENTS);
        let driver = Driver {
            trust: options.trust.clone(),
            endpoint: Endpoint::new(options, Instant::now()),
            udp: [first, second],
            signal: Signal::Closed,
            events: reported,
        };
        tokio::spawn(driver.run(received));
        Ok(Self {
            handle: Handle { commands },
            events,
        })
    }

    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// `None`: it has ended.
    pub async fn next_event(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// As [`Handle::with`].
    pub async fn with<R: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Endpoint, Instant) -> R + Send + 'static,
    ) -> Option<R> {
        self.handle.with(act).await
    }
}

impl Handle {
    /// Lets `act` use the endpoint. `None`: the connection has ended.
    pub async fn with<R: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Endpoint, Instant) -> R + Send + 'static,
    ) -> Option<R> {
        let (answer, answered) = oneshot::channel();
        let command: Command = Box::new(move |endpoint, now| {
            // Who does not wait for the answer does not need it.
            let _ = answer.send(act(endpoint, now));
        });
        self.commands.send(command).await.ok()?;
        answered.await.ok()
    }
}

struct Driver {
    trust: Trust,
    endpoint: Endpoint,
    /// One per media connection.
    udp: [Udp; 2],
    signal: Signal,
    events: mpsc::Sender<Event>,
}

enum Signal {
    Closed,
    Opening(Opening),
    Open(Box<WebSocket>),
}

/// What the signal connection brought.
enum Heard {
    Opened(Box<WebSocket>),
    Refused(Option<u16>),
    Message(Box<proto::signal_response::Message>),
    Nothing,
    Closed,
}

impl Driver {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut wake = self.carry_out().await;
        while let Some(at) = wake {
            let [first, second] = &self.udp;
            tokio::select! {
                // An error is about a datagram that was sent, and says nothing that ICE does not.
                _ = first.socket.readable() => self.datagrams(0),
                _ = second.socket.readable() => self.datagrams(1),
                () = first.has_room() => self.catch_up(0),
                () = second.has_room() => self.catch_up(1),
                heard = self.signal.hear() => self.heard(heard),
                command = commands.recv() => match command {
                    Some(command) => command(&mut self.endpoint, Instant::now()),
                    None => self.endpoint.leave(Instant::now()),
                },
                () = sleep_until(at.into()) => self.input(Input::Timeout),
            }
            wake = self.carry_out().await;
        }
    }

    fn input(&mut self, input: Input<'_>) {
        self.endpoint.handle_input(Instant::now(), input);
    }

    fn datagrams(&mut self, socket: usize) {
        let mut buffer = [0; LARGEST_DATAGRAM];
        for _ in 0..BURST {
            let Some(udp) = self.udp.get(socket) else {
                return;
            };
            let Ok((length, remote)) = udp.socket.try_recv_from(&mut buffer) else {
                return;
            };
            let input = Input::Datagram {
                local: udp.local,
                remote,
                bytes: buffer.get(..length).unwrap_or_default(),
            };
            self.input(input);
        }
    }

    fn catch_up(&mut self, socket: usize) {
        if let Some(udp) = self.udp.get_mut(socket) {
            udp.catch_up();
        }
    }

    fn heard(&mut self, heard: Heard) {
        match heard {
            Heard::Opened(socket) => {
                self.signal = Signal::Open(socket);
                self.input(Input::SignalOpen);
            }
            Heard::Refused(status) => {
                self.signal = Signal::Closed;
                self.input(Input::SignalRefused { status });
            }
            Heard::Message(message) => self.input(Input::Signal(message)),
            Heard::Nothing => {}
            Heard::Closed => {
                self.signal = Signal::Closed;
                self.input(Input::SignalClosed);
            }
        }
    }

    /// Carries out what the endpoint wants. `None`: it has ended.
    async fn carry_out(&mut self) -> Option<Instant> {
        loop {
            match self.endpoint.poll_output() {
                Output::Transmit {
                    local,
                    remote,
                    bytes,
                } => {
                    let mut udp = self.udp.iter_mut();
                    if let Some(udp) = udp.find(|udp| udp.local == local) {
                        udp.send(remote, bytes);
                    }
                }
                Output::Event(event) => {
                    if self.events.try_send(event).is_err() {
                        tracing::debug!("an event was not read in time");
                    }
                }
                Output::Connect(upgrade) => {
                    self.signal = Signal::Opening(open(&upgrade, self.trust.clone()));
                }
                Output::Signal(message) => {
                    if !self.signal.say(*message).await {
                        self.heard(Heard::Closed);
                    }
                }
                Output::CloseSignal => self.signal.close().await,
                Output::Wait(wake) => return wake,
            }
        }
    }
}

impl Signal {
    async fn hear(&mut self) -> Heard {
        match self {
            Self::Closed => std::future::pending().await,
            Self::Opening(opening) => match opening.await {
                Ok(socket) => Heard::Opened(Box::new(socket)),
                Err(error) => error.told(),
            },
            Self::Open(socket) => match socket.next().await {
                Some(Ok(Frame::Binary(bytes))) => read(&bytes),
                Some(Ok(Frame::Close(_)) | Err(_)) | None => Heard::Closed,
                Some(Ok(_)) => Heard::Nothing,
            },
        }
    }

    /// False: the connection is gone.
    async fn say(&mut self, message: proto::signal_request::Message) -> bool {
        let Self::Open(socket) = self else {
            return false;
        };
        let message = proto::SignalRequest {
            message: Some(message),
        };
        let sending = socket.send(Frame::Binary(message.encode_to_vec().into()));
        matches!(timeout(SEND_TIME, sending).await, Ok(Ok(())))
    }

    async fn close(&mut self) {
        if let Self::Open(socket) = self {
            // A server that is gone can't be told. (By its full name: where futures' `alloc` is
            // on, the box itself has a `close` too.)
            let _ = timeout(SEND_TIME, WebSocketStream::close(socket, None)).await;
        }
        *self = Self::Closed;
    }
}

fn read(frame: &[u8]) -> Heard {
    let response = proto::SignalResponse::decode(frame).ok();
    // Messages of a later version of the protocol are empty here.
    let message = response.and_then(|response| response.message);
    message.map_or(Heard::Nothing, |message| Heard::Message(Box::new(message)))
}

fn open(upgrade: &Upgrade, trust: Trust) -> Opening {
    let (url, token) = (upgrade.url(), format!("Bearer {}", upgrade.token));
    Box::pin(async move {
        let uri: Uri = url.parse().map_err(|_| Unreached::Address)?;
        let wire = ServerAddress::of(&uri)?.connect(&trust).await?;
        let request = ClientRequestBuilder::new(uri).with_header("Authorization", token);
        let config = WebSocketConfig::default()
            .max_message_size(Some(LARGEST_SIGNAL))
            .max_frame_size(Some(LARGEST_SIGNAL));
        let (socket, _) = client_async_with_config(request, wire, Some(config)).await?;
        Ok(socket)
    })
}

/// Why there is no WebSocket.
#[derive(Debug, thiserror::Error)]
enum NotOpened {
    #[error(transparent)]
    Unreached(#[from] Unreached),
    #[error(transparent)]
    Refused(#[from] tungstenite::Error),
}

impl NotOpened {
    fn told(self) -> Heard {
        match self {
            Self::Refused(tungstenite::Error::Http(response)) => {
                Heard::Refused(Some(response.status().as_u16()))
            }
            Self::Unreached(Unreached::Distrusted(why)) => {
                tracing::warn!(%why, "the server is not trusted");
                Heard::Refused(None)
            }
            Self::Refused(_) | Self::Unreached(_) => Heard::Refused(None),
        }
    }
}

/// The local address that datagrams to the server leave from, with any port.
async fn route(url: &str) -> Result<SocketAddr, ConnectError> {
    let uri: Uri = url.parse().map_err(|_| Unreached::Address)?;
    let found = ServerAddress::of(&uri)?.addresses().await?;
    let server = found.first().ok_or(Unreached::Address)?;
    let any: SocketAddr = if server.is_ipv4() {
        ([0, 0, 0, 0], 0).into()
    } else {
        ([0_u16; 8], 0).into()
    };
    // Connecting a UDP socket sends nothing.
    let probe = UdpSocket::bind(any).await.map_err(ConnectError::Socket)?;
    probe.connect(server).await.map_err(ConnectError::Socket)?;
    let mut local = probe.local_addr().map_err(ConnectError::Socket)?;
    local.set_port(0);
    Ok(local)
}
