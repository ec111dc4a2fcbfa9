//! The task that owns one meeting's channels: between the store, the sockets and the clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use conclave_policy::delivery::{Delivery, Note, Terms};
use conclave_policy::time_out::TimeOuts;
use conclave_protocol::channel::{Bye, Downstream};
use conclave_protocol::meeting::DataMode;
use conclave_protocol::mls::GroupId;
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use conclave_store::action::SetConnected;
use conclave_store::read::companion::Companion;
use conclave_store::{ReadError, Store, UpkeepReason};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::meeting::{ConnectionId, Input, MeetingChannels, Output};
use super::notes::Notes;
use super::view::{self, Person, Snapshot};
use super::{closing, groups};
use crate::metrics::ChannelFigures;
use crate::policies::Policies;
use crate::{Clock, media};

/// For one socket, in order; closed without [`ToSocket::Close`] when the socket is too slow.
pub(super) enum ToSocket {
    Message(Downstream),
    Close(Bye),
}

/// What the owner is asked. That the meeting changed is told by a [`Notify`], so that it can't be lost.
pub(super) enum Order {
    Attach {
        participant: ParticipantId,
        after: Option<u64>,
        outbox: mpsc::Sender<ToSocket>,
        /// The number of the connection; `None` when the meeting can't be read.
        attached: oneshot::Sender<Option<ConnectionId>>,
    },
    Tell(Input),
}

pub(super) struct Owner {
    pub(super) meeting: MeetingId,
    pub(super) store: Store,
    pub(super) policies: Policies,
    pub(super) clock: Clock,
    pub(super) terms: Terms,
    pub(super) limits: TimeOuts,
    pub(super) media: media::Handle,
    pub(super) figures: ChannelFigures,
    pub(super) changed: Arc<Notify>,
    pub(super) orders: mpsc::Receiver<Order>,
    pub(super) stopping: CancellationToken,
    /// What goes on beside the owner, and is waited for when the server stops.
    pub(super) tasks: TaskTracker,
}

impl Owner {
    fn notes(&self, group: GroupId, what: Note, participants: Vec<ParticipantId>) -> Notes {
        Notes {
            store: self.store.clone(),
            clock: self.clock.clone(),
            meeting: self.meeting,
            group,
            what,
            participants,
        }
    }

    /// Serves until the meeting has ended, nobody has been there for a while, or the server stops.
    /// Gives back the orders that may still come.
    pub(super) async fn serve(mut self) -> mpsc::Receiver<Order> {
        let group = self.store.group(self.meeting).await;
        if let (Ok(Some(snapshot)), Ok(group)) = (self.read().await, group) {
            let delivery = Delivery::new(self.terms.clone(), group);
            let channels = MeetingChannels::new(self.clock.now(), snapshot, delivery, self.limits);
            Serving {
                channels,
                sockets: BTreeMap::new(),
                connections: 0,
                stale: false,
                unkept: BTreeMap::new(),
                group_is_stale: false,
                try_again_at: None,
            }
            .run(&mut self)
            .await;
        }
        self.orders
    }

    async fn read(&self) -> Result<Option<Snapshot>, ReadError> {
        let Some(meeting) = self.store.meeting(self.meeting).await? else {
            return Ok(None);
        };
        let data_mode = self.store.data_mode(self.meeting).await?;
        let permitted = self.policies.of_host(&meeting).await?;
        let people = self.store.people(self.meeting).await?;
        let by_emergency = self.store.emergency_visitors(self.meeting).await?;
        let companions = self.store.companions(self.meeting).await?;
        let people = people.into_iter().map(|participant| {
            let companion = companions.get(&participant.id).map(Companion::shown);
            let person = Person {
                display_name: participant.display_name,
                role: participant.role,
                signed_in: participant.account.is_some() && companion.is_none(),
                admission: participant.admission,
                since: participant.joined_at,
                gone_since: (!participant.connected).then_some(participant.connection_changed_at),
                serves_since: participant.co_host_since,
                by_emergency: by_emergency.contains(&participant.id),
                proven: participant.proven,
                companion,
            };
            (participant.id, person)
        });
        let mut people: BTreeMap<_, _> = people.collect();
        view::leave_with_owners(&mut people);
        Ok(Some(Snapshot {
            time_outs: meeting.time_outs(),
            revision: meeting.revision,
            organisation: meeting.organisation,
            title: meeting.title,
            code: meeting.code,
            started_at: meeting.started_at,
            ended: meeting
                .ended_at
                .map(|_| meeting.ended_because.unwrap_or_default()),
            data_mode: data_mode.unwrap_or(DataMode::Conduit),
            link_admits: meeting.is_support || (meeting.link_admits && permitted.enter_by_link),
            locked: meeting.locked,
            guarded_until: meeting.guarded_until,
            repeats: meeting
                .schedule
                .is_some_and(|schedule| schedule.repeats.is_some()),
            needs_passcode: meeting.is_support || !permitted.key_without_passcode,
            passcode_number: meeting.passcode_number,
            sharing: meeting.sharing,
            presenter: meeting.presenter,
            people,
        }))
    }
}

/// The owner at work.
struct Serving {
    channels: MeetingChannels,
    sockets: BTreeMap<ConnectionId, (ParticipantId, mpsc::Sender<ToSocket>)>,
    connections: u64,
    /// The store could not be read when the meeting changed.
    stale: bool,
    /// Who is connected and who is not, where the store could not keep it yet: the last of each.
    unkept: BTreeMap<ParticipantId, SetConnected>,
    /// The store could not be read when its group was another.
    group_is_stale: bool,
    /// When the store is tried again, whatever happens until then.
    try_again_at: Option<Instant>,
}

impl Serving {
    async fn run(mut self, owner: &mut Owner) {
        let mut wake_at = self.perform(owner).await;
        loop {
            let now = owner.clock.now();
            tokio::select! {
                () = owner.stopping.cancelled() => return self.farewell(Bye::ServerStopping),
                () = owner.changed.notified() => self.reload(owner).await,
                order = owner.orders.recv() => match order {
                    Some(Order::Attach { participant, after, outbox, attached }) => {
                        self.reload(owner).await;
                        let connection = self.attach(owner, participant, after, outbox);
                        let _gone = attached.send(Some(connection));
                    }
                    Some(Order::Tell(input)) => self.channels.handle_input(owner.clock.now(), input),
                    None => return,
                },
                () = try_again(self.try_again_at) => self.catch_up(owner).await,
                () = tokio::time::sleep(patience(now, wake_at)) => {
                    if !self.channels.attended() && self.try_again_at.is_none() && wake_at.is_none() {
                        return;
                    }
                    self.channels.handle_input(owner.clock.now(), Input::Timeout);
                }
            }
            wake_at = self.perform(owner).await;
            if self.channels.ended() && self.sockets.is_empty() {
                return;
            }
        }
    }

    /// Tries again what the store did not do.
    async fn catch_up(&mut self, owner: &Owner) {
        self.try_again_at = None;
        self.keep_up(owner).await;
        if self.group_is_stale {
            self.reload_group(owner).await;
        }
        if self.stale {
            self.reload(owner).await;
        }
    }

    fn try_again_soon(&mut self) {
        self.try_again_at
            .get_or_insert_with(|| Instant::now() + RETRY);
    }

    async fn reload(&mut self, owner: &Owner) {
        match owner.read().await {
            Ok(Some(snapshot)) => {
                self.stale = false;
                let input = Input::Snapshot(Box::new(snapshot));
                self.channels.handle_input(owner.clock.now(), input);
            }
            Ok(None) => self.stale = false,
            Err(error) => {
                tracing::warn!(%error, "a changed meeting could not be read; trying again");
                self.stale = true;
                self.try_again_soon();
            }
        }
    }

    async fn reload_group(&mut self, owner: &Owner) {
        match owner.store.group(owner.meeting).await {
            Ok(group) => {
                self.group_is_stale = false;
                let now = owner.clock.now();
                self.channels.handle_input(now, Input::Group(group));
            }
            Err(error) => {
                tracing::warn!(%error, "a meeting's group could not be read; trying again");
                self.group_is_stale = true;
                self.try_again_soon();
            }
        }
    }

    fn attach(
        &mut self,
        owner: &Owner,
        participant: ParticipantId,
        after: Option<u64>,
        outbox: mpsc::Sender<ToSocket>,
    ) -> ConnectionId {
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        self.sockets.insert(connection, (participant, outbox));
        let input = Input::Attached {
            connection,
            participant,
            after,
        };
        self.channels.handle_input(owner.clock.now(), input);
        connection
    }

    /// Does what the core says until it has nothing more to say.
    async fn perform(&mut self, owner: &Owner) -> Option<Timestamp> {
        loop {
            match self.channels.poll_output() {
                Output::Send {
                    connection,
                    message,
                } => self.send(owner, connection, message),
                Output::Pass {
                    connection,
                    message,
                } => self.pass(owner, connection, message),
                Output::NotPassed(reason) => owner.figures.not_passed(reason.code()),
                Output::Close { connection, bye } => {
                    if let Some((_, outbox)) = self.sockets.remove(&connection) {
                        let _slow = outbox.try_send(ToSocket::Close(bye));
                    }
                }
                Output::Remember {
                    participant,
                    connected,
                } => self.remember(owner, participant, connected).await,
                Output::Keep(write) => {
                    let outcome = groups::keep(owner, write).await;
                    let now = owner.clock.now();
                    self.channels.handle_input(now, Input::Kept(outcome));
                }
                Output::Record {
                    group,
                    what,
                    participants,
                } => {
                    let notes = owner.notes(group, what, participants);
                    owner.tasks.spawn(notes.keep());
                }
                Output::ReadGroup => self.reload_group(owner).await,
                Output::StopShare(presenter) => closing::stop_share(owner, presenter).await,
                Output::SendOff(companion) => closing::send_off(owner, companion).await,
                Output::End(cause) => {
                    closing::end(owner, cause).await;
                    self.reload(owner).await;
                }
                Output::Wait(wake_at) => {
                    self.forget_closed();
                    return wake_at;
                }
            }
        }
    }

    /// Behind what could not be kept before: nothing overtakes it, and the time is the right one.
    async fn remember(&mut self, owner: &Owner, participant: ParticipantId, connected: bool) {
        let at = owner.clock.now();
        let change = SetConnected {
            participant,
            connected,
            at,
        };
        let idle = self.unkept.is_empty();
        self.unkept.insert(participant, change);
        if idle {
            self.keep_up(owner).await;
        }
    }

    /// Stops at the first that can't be kept: the next would wait as long for nothing.
    async fn keep_up(&mut self, owner: &Owner) {
        while let Some((participant, change)) = self.unkept.pop_first() {
            let reason = UpkeepReason::Presence;
            let written = owner.store.write_unaudited(reason, change.clone());
            if !matches!(timeout(KEEP, written).await, Ok(Ok(()))) {
                tracing::warn!("a participant's presence was not kept in time; trying again");
                self.unkept.insert(participant, change);
                self.try_again_soon();
                return;
            }
        }
    }

    /// A socket that does not keep up is let go: its client comes back with what it knows.
    fn send(&mut self, owner: &Owner, connection: ConnectionId, message: Downstream) {
        let Some((participant, outbox)) = self.sockets.get(&connection) else {
            return;
        };
        if outbox.try_send(ToSocket::Message(message)).is_err() {
            let participant = *participant;
            self.sockets.remove(&connection);
            let input = Input::Detached {
                connection,
                participant,
            };
            self.channels.handle_input(owner.clock.now(), input);
        }
    }

    fn pass(&self, owner: &Owner, connection: ConnectionId, message: Downstream) {
        if let Some((_, outbox)) = self.sockets.get(&connection)
            && !pass(outbox, message)
        {
            owner.figures.not_passed("slow");
        }
    }

    /// Sockets that the core has never seated, or that ended by themselves.
    fn forget_closed(&mut self) {
        self.sockets.retain(|_, (_, outbox)| !outbox.is_closed());
    }

    fn farewell(self, bye: Bye) {
        for (_, outbox) in self.sockets.into_values() {
            let _slow = outbox.try_send(ToSocket::Close(bye));
        }
    }
}

/// Whether it went: what may be lost never takes the place of what may not.
fn pass(outbox: &mpsc::Sender<ToSocket>, message: Downstream) -> bool {
    let waiting = outbox.max_capacity() - outbox.capacity();
    waiting < MOST_WAITING && outbox.try_send(ToSocket::Message(message)).is_ok()
}

/// How long to wait for something to happen.
fn patience(now: Timestamp, wake_at: Option<Timestamp>) -> Duration {
    match wake_at {
        Some(at) => at.since(now) + Duration::from_millis(1),
        None => RETIRE,
    }
}

/// Never, when nothing is to be tried again.
async fn try_again(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Between tries of the store. Shorter loads a store that is in trouble.
const RETRY: Duration = Duration::from_secs(1);
/// How long the meeting waits until the store has kept who is connected. Longer delays everybody's news
/// while the database hangs; shorter writes the same more than once while it is merely slow.
const KEEP: Duration = Duration::from_millis(250);
/// Messages that wait for a socket which is passed heartbeats and letters. More let a slow one hear of what is
/// over; fewer lose them in a burst of a large meeting.
const MOST_WAITING: usize = 64;
/// How long an empty meeting's channels keep their logs for reconnections.
const RETIRE: Duration = Duration::from_secs(10 * 60);

#[cfg(test)]
mod tests {
    use conclave_protocol::mls::Opaque;

    use super::*;

    #[test]
    fn who_is_slow_is_passed_no_words_and_loses_nothing_else() {
        let (outbox, mut inbox) = mpsc::channel(2 * MOST_WAITING);
        let beat = || Downstream::MlsHeartbeat {
            bytes: Opaque::new([7]).unwrap(),
        };

        let passed = (0..2 * MOST_WAITING).filter(|_| pass(&outbox, beat()));

        assert_eq!(passed.count(), MOST_WAITING);
        assert!(outbox.try_send(ToSocket::Close(Bye::Denied)).is_ok());
        inbox.try_recv().unwrap();
        assert!(!pass(&outbox, beat()));
        inbox.try_recv().unwrap();
        assert!(pass(&outbox, beat()));
    }
}
