//! The way into an owner thread: batches of datagrams, and orders that are never dropped.

use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::Thread;

use conclave_sfu::{ApiRefusal, ApiRequest, ApiResponse, Command, Connect, RoomName, Transport};
use tokio::sync::{mpsc, oneshot};

use super::signal::Signal;
use super::{Busy, Unavailable};

/// Received batches that an owner may be behind. A batch is at most 64 kB, mostly one video frame.
pub(super) const BATCH_QUEUE: usize = 1_024;
/// Orders that an owner may be behind; whoever sends one more waits.
pub(super) const ORDER_QUEUE: usize = 1_024;

/// Datagrams of one sender, end to end, each `stride` long but the last.
pub(super) struct Batch {
    pub(super) transport: Transport,
    pub(super) remote: SocketAddr,
    pub(super) local: SocketAddr,
    pub(super) bytes: Box<[u8]>,
    pub(super) stride: usize,
}

pub(super) enum Order {
    Connect {
        connect: Box<Connect>,
        signals: mpsc::Sender<Signal>,
    },
    Command(Command),
    Api {
        room: RoomName,
        request: Box<ApiRequest>,
        answer: Answer,
    },
    /// With the frame that opened it: its answer needs the stream, and STUN over TCP asks once.
    StreamOpened {
        frames: mpsc::Sender<Vec<u8>>,
        first: Batch,
    },
    StreamClosed {
        remote: SocketAddr,
    },
    Shutdown,
}

/// Where the reply to a call goes.
pub(super) type Answer = oneshot::Sender<Result<ApiResponse, ApiRefusal>>;

/// The owner's end.
pub(super) struct Inbox {
    pub(super) batches: Receiver<Batch>,
    pub(super) orders: mpsc::Receiver<Order>,
}

/// The senders' end, before the owner's thread exists.
pub(super) struct Mouth {
    batches: SyncSender<Batch>,
    orders: mpsc::Sender<Order>,
}

/// The senders' end.
#[derive(Clone)]
pub(super) struct Outbox {
    thread: Thread,
    batches: SyncSender<Batch>,
    orders: mpsc::Sender<Order>,
}

/// A place in an owner's queue of orders, held until it is used or let go.
pub(super) struct Reserved {
    thread: Thread,
    permit: mpsc::OwnedPermit<Order>,
}

pub(super) fn queues() -> (Mouth, Inbox) {
    let (batch_sender, batches) = sync_channel(BATCH_QUEUE);
    let (order_sender, orders) = mpsc::channel(ORDER_QUEUE);
    let mouth = Mouth {
        batches: batch_sender,
        orders: order_sender,
    };
    (mouth, Inbox { batches, orders })
}

impl Mouth {
    /// `thread` rests by parking and is woken by whatever arrives.
    pub(super) fn of(self, thread: Thread) -> Outbox {
        Outbox {
            thread,
            batches: self.batches,
            orders: self.orders,
        }
    }
}

impl Outbox {
    /// Gives the batch back when the owner is behind or gone.
    pub(super) fn deliver(&self, batch: Batch) -> Result<(), Batch> {
        self.batches.try_send(batch).map_err(|error| match error {
            TrySendError::Full(batch) | TrySendError::Disconnected(batch) => batch,
        })?;
        self.thread.unpark();
        Ok(())
    }

    /// Waits for a place.
    pub(super) async fn order(&self, order: Order) -> Result<(), Unavailable> {
        self.orders.send(order).await.map_err(|_| Unavailable)?;
        self.thread.unpark();
        Ok(())
    }

    /// For where nobody can wait.
    pub(super) fn try_order(&self, order: Order) -> Result<(), Unavailable> {
        self.orders.try_send(order).map_err(|_| Unavailable)?;
        self.thread.unpark();
        Ok(())
    }

    pub(super) fn reserve(&self) -> Result<Reserved, Busy> {
        let permit = self.orders.clone().try_reserve_owned();
        Ok(Reserved {
            thread: self.thread.clone(),
            permit: permit.map_err(|_| Busy)?,
        })
    }

    /// As [`Self::reserve`], and waits for the place.
    pub(super) async fn wait_for_place(&self) -> Result<Reserved, Unavailable> {
        let permit = self.orders.clone().reserve_owned().await;
        Ok(Reserved {
            thread: self.thread.clone(),
            permit: permit.map_err(|_| Unavailable)?,
        })
    }
}

impl Reserved {
    pub(super) fn fill(self, order: Order) {
        self.permit.send(order);
        self.thread.unpark();
    }
}
