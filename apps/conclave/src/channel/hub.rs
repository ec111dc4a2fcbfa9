//! Finds, or starts, the task that owns a meeting's channels.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::ws::WebSocket;
use conclave_policy::delivery::{Submission, Terms};
use conclave_policy::time_out::TimeOuts;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::Store;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::meeting::{ConnectionId, Input};
use super::owner::{Order, Owner, ToSocket};
use super::socket::{self, TurnedAway};
use crate::allowance::Allowance;
use crate::metrics::ChannelFigures;
use crate::policies::Policies;
use crate::{Clock, media};

/// All meetings' channels. Clones share them.
#[derive(Clone)]
pub(crate) struct Channels {
    inner: Arc<Inner>,
}

/// What channels need.
pub(crate) struct Resources {
    pub(crate) store: Store,
    pub(crate) policies: Policies,
    pub(crate) clock: Clock,
    pub(crate) stopping: CancellationToken,
    /// Of every meeting's group.
    pub(crate) terms: Terms,
    /// That may be open at one time.
    pub(crate) sockets: usize,
    /// Of every meeting, unless it has shorter ones.
    pub(crate) limits: TimeOuts,
    pub(crate) media: media::Handle,
    pub(crate) figures: ChannelFigures,
}

struct Inner {
    store: Store,
    policies: Policies,
    clock: Clock,
    stopping: CancellationToken,
    terms: Terms,
    limits: TimeOuts,
    media: media::Handle,
    figures: ChannelFigures,
    tasks: TaskTracker,
    /// Those that have not said hello included: they cost strangers nothing.
    sockets: Arc<Semaphore>,
    owners: Mutex<BTreeMap<MeetingId, Door>>,
}

/// Held for as long as one socket is open.
pub(crate) struct SocketPlace(
    #[expect(dead_code, reason = "gives the place back when dropped")] OwnedSemaphorePermit,
);

/// The way to one owner.
#[derive(Clone)]
struct Door {
    changed: Arc<Notify>,
    orders: mpsc::Sender<Order>,
}

/// The owner's door is found for as long as this is there, and not after the owner has failed.
struct Nameplate {
    channels: Channels,
    meeting: MeetingId,
}

impl Drop for Nameplate {
    fn drop(&mut self) {
        self.channels.owners().remove(&self.meeting);
    }
}

/// One socket's place in its meeting.
pub(super) struct Attachment {
    meeting: MeetingId,
    participant: ParticipantId,
    connection: ConnectionId,
    channels: Channels,
}

impl Channels {
    pub(crate) fn new(resources: Resources) -> Self {
        Self {
            inner: Arc::new(Inner {
                store: resources.store,
                policies: resources.policies,
                clock: resources.clock,
                stopping: resources.stopping,
                terms: resources.terms,
                limits: resources.limits,
                media: resources.media,
                figures: resources.figures,
                tasks: TaskTracker::new(),
                sockets: Arc::new(Semaphore::new(resources.sockets)),
                owners: Mutex::default(),
            }),
        }
    }

    /// The meeting's state in the store is another than before: whoever listens is told.
    pub(crate) fn changed(&self, meeting: MeetingId) {
        let owners = self.owners();
        if let Some(door) = owners.get(&meeting) {
            door.changed.notify_one();
        }
    }

    /// A participant's media connection is up, or gone.
    pub(crate) async fn media(
        &self,
        meeting: MeetingId,
        participant: ParticipantId,
        connected: bool,
    ) {
        let input = Input::Media {
            participant,
            connected,
        };
        self.order(meeting, Order::Tell(input)).await;
    }

    /// Somebody shows a screen, or did something while they do; or shows none any more.
    pub(crate) async fn presents(
        &self,
        meeting: MeetingId,
        participant: ParticipantId,
        is_active: bool,
    ) {
        let input = Input::Presents {
            participant,
            is_active,
        };
        self.order(meeting, Order::Tell(input)).await;
    }

    /// A host asks somebody to speak; whoever has no channel at this moment hears it when they are back.
    pub(crate) async fn ask_to_unmute(&self, meeting: MeetingId, participant: ParticipantId) {
        let input = Input::AskedToUnmute { participant };
        self.order(meeting, Order::Tell(input)).await;
    }

    /// A meeting that goes on has an owner, who looks at the time: nobody may have come since the server started.
    pub(crate) async fn look_after(&self, meeting: MeetingId) {
        self.order(meeting, Order::Tell(Input::Timeout)).await;
    }

    /// A place for one more socket; `None` when there are as many as the server takes.
    pub(crate) fn place(&self) -> Option<SocketPlace> {
        let sockets = Arc::clone(&self.inner.sockets);
        sockets.try_acquire_owned().ok().map(SocketPlace)
    }

    /// Carries one socket's messages until it, the meeting or the server ends. Whoever was let nowhere.
    pub(crate) async fn talk(
        &self,
        socket: WebSocket,
        allowance: Allowance,
        meeting: MeetingId,
        place: SocketPlace,
    ) -> Option<TurnedAway> {
        let talk = socket::talk(socket, allowance, meeting, self.clone());
        let turned_away = self.inner.tasks.track_future(talk).await;
        drop(place);
        turned_away
    }

    /// Waits until every channel has said goodbye. The token of [`Resources`] is cancelled.
    pub(crate) async fn stopped(&self) {
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    pub(super) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(super) async fn stopping(&self) {
        self.inner.stopping.cancelled().await;
    }

    /// `None` when the meeting can't be read at this moment.
    pub(super) async fn attach(
        &self,
        meeting: MeetingId,
        participant: ParticipantId,
        after: Option<u64>,
        outbox: mpsc::Sender<ToSocket>,
    ) -> Option<Attachment> {
        let (attached, answer) = oneshot::channel();
        let order = Order::Attach {
            participant,
            after,
            outbox,
            attached,
        };
        self.order(meeting, order).await;
        let connection = answer.await.ok()??;
        Some(Attachment {
            meeting,
            participant,
            connection,
            channels: self.clone(),
        })
    }

    /// Hands an order to the meeting's owner; an owner that retires at this moment is followed by another.
    async fn order(&self, meeting: MeetingId, mut order: Order) {
        for _ in 0..RETRIES {
            if self.inner.stopping.is_cancelled() {
                return;
            }
            match self.door(meeting).orders.send(order).await {
                Ok(()) => return,
                Err(mpsc::error::SendError(returned)) => order = returned,
            }
        }
    }

    fn door(&self, meeting: MeetingId) -> Door {
        let mut owners = self.owners();
        let door = owners.entry(meeting).or_insert_with(|| self.start(meeting));
        door.clone()
    }

    fn start(&self, meeting: MeetingId) -> Door {
        let (orders, receiver) = mpsc::channel(ORDERS);
        let changed = Arc::new(Notify::new());
        let owner = Owner {
            meeting,
            store: self.inner.store.clone(),
            policies: self.inner.policies.clone(),
            clock: self.inner.clock.clone(),
            terms: self.inner.terms.clone(),
            limits: self.inner.limits,
            media: self.inner.media.clone(),
            figures: self.inner.figures.clone(),
            changed: Arc::clone(&changed),
            orders: receiver,
            stopping: self.inner.stopping.clone(),
            tasks: self.inner.tasks.clone(),
        };
        let nameplate = Nameplate {
            channels: self.clone(),
            meeting,
        };
        self.inner.tasks.spawn(async move {
            let receiver = owner.serve().await;
            drop(nameplate);
            drop(receiver);
        });
        Door { changed, orders }
    }

    fn owners(&self) -> std::sync::MutexGuard<'_, BTreeMap<MeetingId, Door>> {
        let owners = self.inner.owners.lock();
        owners.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attachment {
    /// The client has applied everything up to `seq`.
    pub(super) async fn acknowledge(&self, seq: u64) {
        let participant = self.participant;
        let order = Order::Tell(Input::Acknowledged { participant, seq });
        self.channels.order(self.meeting, order).await;
    }

    /// For the delivery service of the meeting's group.
    pub(super) async fn submit(&self, submission: Submission) {
        let input = Input::Submitted {
            connection: self.connection,
            participant: self.participant,
            submission,
        };
        self.channels.order(self.meeting, Order::Tell(input)).await;
    }

    pub(super) async fn detach(self) {
        let input = Input::Detached {
            connection: self.connection,
            participant: self.participant,
        };
        self.channels.order(self.meeting, Order::Tell(input)).await;
    }
}

/// Orders that wait for one owner. Senders wait when it is full.
const ORDERS: usize = 256;
/// An owner retires once in minutes, so a second try finds another one.
const RETRIES: usize = 3;
