//! Media: the owner threads with their shards, the port they share, and the handle to them.

mod calls;
mod counters;
mod egress;
mod ice_tcp;
mod ingress;
mod metrics;
mod orders;
mod owner;
mod reports;
mod sessions;
mod setup;
mod signal;
mod sockets;
mod streams;
#[cfg(test)]
mod tests;
mod threads;

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use conclave_livekit::join::Join;
use conclave_sfu::{
    Access, ApiRefusal, ApiRequest, ApiResponse, Connect, Fact, RoomName, SessionId,
};
use prometheus_client::registry::Registry;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::Config;

pub use signal::{Signal, SignalStream};

use counters::Counters;
use orders::{Order, Outbox, Reserved};
use setup::Setup;
use threads::Threads;

/// Why media can't start; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("the media port {port} is taken ({transport})")]
    PortTaken { transport: &'static str, port: u16 },
    #[error("could not bind the media port {port} ({transport}): {source}")]
    Bind {
        transport: &'static str,
        port: u16,
        #[source]
        source: io::Error,
    },
    #[error("could not set up the media sockets: {0}")]
    Socket(#[source] io::Error),
    #[error("could not start a media thread: {0}")]
    Thread(#[source] io::Error),
    #[error("could not read random bytes from the operating system")]
    Randomness,
}

/// The owner of the room has failed or was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("media is not available")]
pub struct Unavailable;

/// The room's owner has no place left in its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the media threads are busy")]
pub struct Busy;

/// Why a call of the server API did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    #[error(transparent)]
    Refused(#[from] ApiRefusal),
    #[error(transparent)]
    Busy(#[from] Busy),
    /// Whether it happened is not known.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// The running threads. They end with [`Media::stop`], or when this is dropped.
pub struct Media {
    handle: Handle,
    port: u16,
}

/// The way into the rooms. Cheap to clone.
#[derive(Clone)]
pub struct Handle(Arc<Inner>);

struct Inner {
    owners: Vec<Outbox>,
    /// Keyed at random, so that nobody can choose names that fall on one thread.
    placement: RandomState,
    last_session: AtomicU64,
    /// Effects of acts that owners who are behind may still be sent.
    effects: Arc<Semaphore>,
    threads: Threads,
}

impl Media {
    /// Binds the port and starts the threads. With `--dev`, on loopback only. `port` 0 lets the
    /// system choose.
    pub fn start(
        config: &Config,
        registry: &mut Registry,
        facts: mpsc::Sender<Fact>,
    ) -> Result<Self, MediaError> {
        let counters = Arc::new(Counters::default());
        let media = Self::start_counting(config, &counters, facts)?;
        metrics::register(registry, counters);
        Ok(media)
    }

    fn start_counting(
        config: &Config,
        counters: &Arc<Counters>,
        facts: mpsc::Sender<Fact>,
    ) -> Result<Self, MediaError> {
        let started = threads::start(&Setup::from(config), facts, counters)?;
        let inner = Inner {
            owners: started.owners,
            placement: RandomState::new(),
            last_session: AtomicU64::new(0),
            effects: Arc::new(Semaphore::new(MOST_OWED_EFFECTS)),
            threads: started.threads,
        };
        Ok(Self {
            handle: Handle(Arc::new(inner)),
            port: started.port,
        })
    }

    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// The bound port of UDP and ICE-TCP.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Tells everybody to go, flushes, and waits until the threads have ended.
    pub async fn stop(self) {
        let Handle(inner) = &self.handle;
        for owner in &inner.owners {
            // Who has ended needs no telling.
            let _ended = owner.order(Order::Shutdown).await;
        }
        inner.threads.ended().await;
    }
}

impl Drop for Media {
    fn drop(&mut self) {
        for owner in &self.handle.0.owners {
            // It has ended, or is so far behind that it ends with the process.
            let _ended = owner.try_order(Order::Shutdown);
        }
    }
}

impl Handle {
    /// Hands a WebSocket to the owner of the room that the place is for.
    pub fn connect(&self, place: Place, access: Access, join: Join) -> SignalStream {
        let session = SessionId(self.0.last_session.fetch_add(1, Ordering::Relaxed) + 1);
        let Place { reserved, room } = place;
        let owner = self.owner(&room).clone();
        let (signals, receiver) = mpsc::channel(signal::SIGNAL_QUEUE);
        let connect = Box::new(Connect {
            session,
            room,
            access,
            join,
        });
        reserved.fill(Order::Connect { connect, signals });
        SignalStream::new(session, owner, receiver)
    }

    /// One call of the server API.
    pub async fn call(
        &self,
        room: &RoomName,
        request: ApiRequest,
    ) -> Result<ApiResponse, CallError> {
        self.reserve(room)?.call(request).await
    }

    /// Every owner's answer to one call, such as a list of all rooms.
    pub async fn call_all(
        &self,
        request: impl Fn() -> ApiRequest,
    ) -> Result<Vec<ApiResponse>, CallError> {
        let mut replies = Vec::new();
        for owner in &self.0.owners {
            let place = Place {
                reserved: owner.reserve()?,
                room: RoomName(String::new()),
            };
            replies.push(place.call(request()));
        }
        let mut answers = Vec::new();
        for reply in replies {
            answers.push(reply.await?);
        }
        Ok(answers)
    }

    /// Takes a place in the queue of the room's owner, before a transaction that must not be
    /// refused afterwards.
    pub fn reserve(&self, room: &RoomName) -> Result<Place, Busy> {
        Ok(Place {
            reserved: self.owner(room).reserve()?,
            room: room.clone(),
        })
    }

    /// As [`Self::reserve`], and waits for the place.
    pub async fn wait_for_place(&self, room: &RoomName) -> Result<Place, Unavailable> {
        Ok(Place {
            reserved: self.owner(room).wait_for_place().await?,
            room: room.clone(),
        })
    }

    /// Lets somebody wait for a place in an owner's queue behind everybody's back: what they wait with
    /// has been promised.
    pub fn owe_effect(&self) -> Result<OwedEffect, Busy> {
        let permit = Arc::clone(&self.0.effects).try_acquire_owned();
        permit
            .map(|permit| OwedEffect { _permit: permit })
            .map_err(|_| Busy)
    }

    /// Whether every thread runs.
    pub fn alive(&self) -> bool {
        self.0.threads.all_run()
    }

    fn owner(&self, room: &RoomName) -> &Outbox {
        let hash = self.0.placement.hash_one(room) as usize;
        let owners = &self.0.owners;
        &owners[hash % owners.len()]
    }
}

/// One of [`MOST_OWED_EFFECTS`], until it is dropped.
pub struct OwedEffect {
    _permit: OwnedSemaphorePermit,
}

/// Effects that wait for owners who are behind, each in a task of its own. More is memory for a thread that
/// hangs; fewer refuses to end meetings while one catches up.
const MOST_OWED_EFFECTS: usize = 4_096;

/// A place in a room owner's queue; dropped, it is given back.
pub struct Place {
    reserved: Reserved,
    room: RoomName,
}

impl Place {
    /// Sends the request at once; await its answer, or let go of it. A room that is not there
    /// answers [`ApiRefusal::NoRoom`].
    pub fn call(self, request: ApiRequest) -> Reply {
        let (answer, receiver) = oneshot::channel();
        self.reserved.fill(Order::Api {
            room: self.room,
            request: Box::new(request),
            answer,
        });
        Reply { answer: receiver }
    }
}

/// An answer to come.
#[must_use = "drop it explicitly when the answer does not matter"]
pub struct Reply {
    answer: oneshot::Receiver<Result<ApiResponse, ApiRefusal>>,
}

impl Future for Reply {
    type Output = Result<ApiResponse, CallError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let reply = ready!(Pin::new(&mut self.answer).poll(context));
        Poll::Ready(match reply {
            Ok(reply) => reply.map_err(CallError::Refused),
            Err(_) => Err(Unavailable.into()),
        })
    }
}
