//! A client that sends on whatever the server says, over sockets of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use conclave_client::{Endpoint, Input, Options, Output, Upgrade, proto};
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use proto::signal_response::Message;
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::http::Uri;
use tokio_tungstenite::tungstenite::{ClientRequestBuilder, Message as Frame};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// In a room until it is dropped: nothing that it is told makes it stop, nor that its signalling is closed.
pub(crate) struct Stubborn {
    sent: Arc<AtomicU64>,
    is_deaf: Arc<AtomicBool>,
    is_cut: Arc<AtomicBool>,
    commands: mpsc::UnboundedSender<Command>,
    driving: JoinHandle<()>,
}

type Command = Box<dyn FnOnce(&mut Endpoint, Instant) + Send>;

impl Stubborn {
    /// With what `publish` publishes.
    pub(crate) async fn enter(
        server: SocketAddr,
        ticket: String,
        publish: impl FnOnce(&mut Endpoint, Instant),
    ) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let local = socket.local_addr().unwrap();
        let now = Instant::now();
        let mut options = Options::new(format!("ws://{server}"), ticket, now);
        options.addresses = vec![local];
        options.longest_data = usize::MAX;
        let mut endpoint = Endpoint::new(options, now);
        publish(&mut endpoint, now);
        let (sent, is_deaf) = <(Arc<AtomicU64>, Arc<AtomicBool>)>::default();
        let is_cut = Arc::default();
        let (commands, received) = mpsc::unbounded_channel();
        let driver = Driver {
            endpoint,
            socket,
            local,
            signal: None,
            has_entered: false,
            sent: Arc::clone(&sent),
            is_deaf: Arc::clone(&is_deaf),
            is_cut: Arc::clone(&is_cut),
            commands: received,
        };
        Self {
            sent,
            is_deaf,
            is_cut,
            commands,
            driving: tokio::spawn(driver.run()),
        }
    }

    /// Hears nothing of the server's media connection any more, so not its end either.
    pub(crate) fn stops_listening(&self) {
        self.is_deaf.store(true, Ordering::Relaxed);
    }

    /// Lets `act` use the endpoint.
    pub(crate) async fn with<R: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Endpoint, Instant) -> R + Send + 'static,
    ) -> R {
        let (answer, answered) = oneshot::channel();
        let command: Command = Box::new(move |endpoint, now| {
            let _gone = answer.send(act(endpoint, now));
        });
        assert!(self.commands.send(command).is_ok(), "nobody drives it");
        answered.await.unwrap()
    }

    /// Whether the server has ended its media connection.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::Relaxed)
    }

    /// Waits until so many more packets of sound and pictures have left for the server.
    pub(crate) async fn sends(&self, packets: u64) {
        let enough = self.sent.load(Ordering::Relaxed) + packets;
        let leave = async {
            while self.sent.load(Ordering::Relaxed) < enough {
                // The driver's own task makes the progress.
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, leave).await.unwrap();
    }
}

impl Drop for Stubborn {
    fn drop(&mut self) {
        self.driving.abort();
    }
}

struct Driver {
    endpoint: Endpoint,
    socket: UdpSocket,
    local: SocketAddr,
    signal: Option<Signal>,
    has_entered: bool,
    sent: Arc<AtomicU64>,
    is_deaf: Arc<AtomicBool>,
    is_cut: Arc<AtomicBool>,
    commands: mpsc::UnboundedReceiver<Command>,
}

type Signal = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Driver {
    async fn run(mut self) {
        while let Some(wake) = self.carry_out().await {
            tokio::select! {
                _ = self.socket.readable() => self.datagrams(),
                message = hear(&mut self.signal) => self.told(message),
                Some(command) = self.commands.recv() => command(&mut self.endpoint, Instant::now()),
                () = sleep_until(wake.into()) => self.input(Input::Timeout),
            }
        }
    }

    fn input(&mut self, input: Input<'_>) {
        self.endpoint.handle_input(Instant::now(), input);
    }

    fn datagrams(&mut self) {
        let mut buffer = [0; LARGEST_DATAGRAM];
        while let Ok((length, remote)) = self.socket.try_recv_from(&mut buffer) {
            if !self.is_deaf.load(Ordering::Relaxed) {
                let (local, bytes) = (self.local, &buffer[..length]);
                self.input(Input::Datagram {
                    local,
                    remote,
                    bytes,
                });
            }
        }
    }

    /// All but what would make it stop.
    fn told(&mut self, message: Option<Message>) {
        match message {
            None | Some(Message::Mute(_) | Message::TrackUnpublished(_) | Message::Leave(_)) => {}
            Some(Message::Answer(mut answer)) => {
                answer.sdp = takes_any_length(&answer.sdp);
                self.input(Input::Signal(Box::new(Message::Answer(answer))));
            }
            Some(message) => self.input(Input::Signal(Box::new(message))),
        }
    }

    async fn carry_out(&mut self) -> Option<Instant> {
        loop {
            match self.endpoint.poll_output() {
                Output::Transmit { remote, bytes, .. } => self.transmit(remote, &bytes),
                Output::Connect(upgrade) => self.connect(&upgrade).await,
                Output::Signal(message) => self.say(*message).await,
                Output::Event(_) => {}
                Output::CloseSignal => self.is_cut.store(true, Ordering::Relaxed),
                Output::Wait(wake) => return wake,
            }
        }
    }

    fn transmit(&mut self, remote: SocketAddr, bytes: &[u8]) {
        if self.socket.try_send_to(bytes, remote).is_ok() && is_rtp(bytes) {
            self.sent.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Once: whoever has lost their place gets no other.
    async fn connect(&mut self, upgrade: &Upgrade) {
        if std::mem::replace(&mut self.has_entered, true) {
            return;
        }
        let uri: Uri = upgrade.url().parse().unwrap();
        let token = format!("Bearer {}", upgrade.token);
        let request = ClientRequestBuilder::new(uri).with_header("Authorization", token);
        let (signal, _) = connect_async(request).await.unwrap();
        self.signal = Some(signal);
        self.input(Input::SignalOpen);
    }

    async fn say(&mut self, message: proto::signal_request::Message) {
        let Some(signal) = &mut self.signal else {
            return;
        };
        let message = Some(message);
        let request = proto::SignalRequest { message };
        let frame = Frame::Binary(request.encode_to_vec().into());
        // Whether anybody hears it is not asked.
        let _gone = signal.send(frame).await;
    }
}

async fn hear(open: &mut Option<Signal>) -> Option<Message> {
    let Some(signal) = open else {
        return std::future::pending().await;
    };
    let heard = signal.next().await;
    match heard {
        Some(Ok(Frame::Binary(bytes))) => {
            let response = proto::SignalResponse::decode(&bytes[..]).unwrap();
            response.message
        }
        Some(Ok(Frame::Close(_)) | Err(_)) | None => {
            *open = None;
            None
        }
        Some(Ok(_)) => None,
    }
}

/// As if the server took messages of any length (RFC 8841, section 6).
fn takes_any_length(answer: &str) -> String {
    let lines = answer.lines().map(|line| match line.split_once(':') {
        Some(("a=max-message-size", _)) => "a=max-message-size:16777216\r\n".to_owned(),
        _ => format!("{line}\r\n"),
    });
    lines.collect()
}

/// RFC 7983, section 7, and RFC 5761, section 4.
pub(crate) fn is_rtp(bytes: &[u8]) -> bool {
    matches!(bytes, [128..=191, kind, ..] if !(192..=223).contains(kind))
}

const LARGEST_DATAGRAM: usize = 2048;
const PATIENCE: Duration = Duration::from_secs(30);
