//! One WebSocket's two directions between the HTTP side and the owner of its room.

use conclave_sfu::{Command, SessionId};
use livekit_protocol::{signal_request, signal_response};
use tokio::sync::mpsc;

use super::Unavailable;
use super::orders::{Order, Outbox};

/// Messages that a WebSocket's peer may be behind before its session is closed. A join into a
/// full room brings a few dozen at once.
pub(super) const SIGNAL_QUEUE: usize = 512;

/// What the WebSocket is to do.
pub enum Signal {
    Message(Box<signal_response::Message>),
    /// Flush, then close. Nothing follows.
    Close,
}

/// A session with the owner of its room. Dropped without [`SignalStream::disconnected`], it says so as well as it can.
pub struct SignalStream {
    session: SessionId,
    owner: Outbox,
    signals: mpsc::Receiver<Signal>,
    /// The owner has not been told yet that the WebSocket is gone.
    open: bool,
}

impl SignalStream {
    pub(super) fn new(session: SessionId, owner: Outbox, signals: mpsc::Receiver<Signal>) -> Self {
        Self {
            session,
            owner,
            signals,
            open: true,
        }
    }

    /// The next thing to do. `None`: the session ended without a farewell, because its peer
    /// read too slowly or its owner failed.
    pub async fn next(&mut self) -> Option<Signal> {
        self.signals.recv().await
    }

    pub async fn request(&self, request: signal_request::Message) -> Result<(), Unavailable> {
        let session = self.session;
        let request = Box::new(request);
        self.command(Command::Request { session, request }).await
    }

    /// A frame could not be read.
    pub async fn malformed(&self) -> Result<(), Unavailable> {
        let session = self.session;
        self.command(Command::Malformed { session }).await
    }

    /// The WebSocket is gone.
    pub async fn disconnected(mut self) {
        self.open = false;
        let session = self.session;
        // An owner that failed has nobody to disconnect.
        let _gone = self.command(Command::Disconnected { session }).await;
    }

    async fn command(&self, command: Command) -> Result<(), Unavailable> {
        self.owner.order(Order::Command(command)).await
    }
}

impl Drop for SignalStream {
    fn drop(&mut self) {
        if self.open {
            let session = self.session;
            let order = Order::Command(Command::Disconnected { session });
            // A full queue: the owner sees the closed stream at the next signal for it.
            let _behind = self.owner.try_order(order);
        }
    }
}
