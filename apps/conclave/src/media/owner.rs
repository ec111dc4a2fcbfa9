//! The thread that owns a shard: it feeds it and does what it says. Nothing here decides.

use std::time::{Duration, Instant};

use conclave_sfu::{Command, Datagram, Input, Output, Shard, Transmit, Transport};
use tokio::sync::mpsc;

use super::calls::Calls;
use super::egress::{Egress, Flow, UdpWire};
use super::ingress::ClaimChange;
use super::orders::{Batch, Inbox, Order};
use super::reports::Reports;
use super::sessions::Sessions;
use super::streams::Streams;

/// Work of one kind before the next kind gets its turn.
const BATCHES_PER_TURN: usize = 64;
const ORDERS_PER_TURN: usize = 64;
/// How long to wait for a socket that took no more. Longer: burstier; shorter: busier.
const SOCKET_RETRY: Duration = Duration::from_millis(1);
/// With nothing to do and no timer, an owner still looks up this often.
const LONGEST_REST: Duration = Duration::from_secs(1);
/// Attempts to send what is left at the end.
const LAST_FLUSHES: u32 = 20;

pub(super) struct Owner {
    pub(super) shard: Shard,
    pub(super) inbox: Inbox,
    pub(super) wire: UdpWire,
    pub(super) egress: Egress,
    pub(super) sessions: Sessions,
    pub(super) calls: Calls,
    pub(super) streams: Streams,
    pub(super) claims: mpsc::Sender<ClaimChange>,
    pub(super) number: usize,
    pub(super) reports: Reports,
    pub(super) wake_at: Option<Instant>,
    pub(super) stopping: bool,
}

impl Owner {
    pub(super) fn run(mut self) {
        while !self.stopping {
            // 1. Send what is pending.
            self.egress.flush(&self.wire);
            // 2. Receive.
            let mut busy = self.receive();
            // 3. Commands.
            busy |= self.obey();
            // 4. Timer.
            busy |= self.tick(Instant::now());
            // 5. Reports that found no place.
            self.reports.flush();
            if !busy {
                self.rest();
            }
        }
        self.flush_for_the_last_time();
        self.reports.finish();
    }

    fn receive(&mut self) -> bool {
        for done in 0..BATCHES_PER_TURN {
            let Ok(batch) = self.inbox.batches.try_recv() else {
                return done > 0;
            };
            self.receive_batch(&batch);
        }
        true
    }

    fn receive_batch(&mut self, batch: &Batch) {
        let now = Instant::now();
        for bytes in batch.bytes.chunks(batch.stride.max(1)) {
            let datagram = Datagram {
                transport: batch.transport,
                remote: batch.remote,
                local: batch.local,
                bytes,
            };
            self.feed(now, Input::Datagram(datagram));
        }
    }

    fn obey(&mut self) -> bool {
        for done in 0..ORDERS_PER_TURN {
            let Ok(order) = self.inbox.orders.try_recv() else {
                return done > 0;
            };
            self.obey_order(Instant::now(), order);
        }
        true
    }

    fn obey_order(&mut self, now: Instant, order: Order) {
        match order {
            Order::Connect { connect, signals } => {
                self.sessions.open(connect.session, signals);
                self.feed(now, Input::Command(Command::Connect(connect)));
            }
            Order::Command(command) => self.feed(now, Input::Command(command)),
            Order::Api {
                room,
                request,
                answer,
            } => {
                let call = self.calls.open(answer);
                let command = Command::Api {
                    call,
                    room,
                    request,
                };
                self.feed(now, Input::Command(command));
            }
            Order::StreamOpened { frames, first } => {
                self.streams.open(first.remote, frames);
                self.receive_batch(&first);
            }
            Order::StreamClosed { remote } => {
                self.streams.close(remote);
                self.feed(now, Input::StreamClosed { remote });
            }
            Order::Shutdown => {
                self.feed(now, Input::Command(Command::Shutdown));
                self.stopping = true;
            }
        }
    }

    fn tick(&mut self, now: Instant) -> bool {
        let due = self.wake_at.is_some_and(|at| at <= now);
        if due {
            self.feed(now, Input::Timeout);
        }
        due
    }

    /// Gives the shard one input and carries out all that follows from it.
    fn feed(&mut self, now: Instant, input: Input<'_>) {
        self.shard.handle_input(now, input);
        self.drain();
        while let Some(session) = self.sessions.next_overflow() {
            let command = Command::Disconnected { session };
            self.shard.handle_input(now, Input::Command(command));
            self.drain();
        }
    }

    fn drain(&mut self) {
        loop {
            match self.shard.poll_output() {
                Output::Wait(until) => {
                    self.wake_at = until;
                    return;
                }
                Output::Transmit(transmit) => self.transmit(transmit),
                Output::Signal { session, message } => self.sessions.signal(session, message),
                Output::CloseSignal { session } => self.sessions.close(session),
                Output::Claim { ufrag } => self.claim(ClaimChange::Claim {
                    ufrag,
                    owner: self.number,
                }),
                Output::Release { ufrag } => self.claim(ClaimChange::Release { ufrag }),
                Output::Reply { call, reply } => self.calls.answer(call, reply),
                Output::Fact(fact) => self.reports.report(fact),
            }
        }
    }

    fn transmit(&mut self, transmit: Transmit) {
        let Transmit {
            transport,
            local,
            remote,
            bytes,
        } = transmit;
        match transport {
            Transport::Tcp => self.streams.send(remote, bytes),
            Transport::Udp => {
                if self.egress.is_full() {
                    self.egress.flush(&self.wire);
                }
                self.egress.push(Flow { remote, local }, bytes);
            }
        }
    }

    /// The ingress never waits for an owner, so waiting for it ends.
    fn claim(&self, change: ClaimChange) {
        // Without an ingress no datagram arrives, and the server is not ready.
        let _stopped = self.claims.blocking_send(change);
    }

    /// Sleeps until something arrives or the timer is due.
    fn rest(&self) {
        let until_timer = self.wake_at.map_or(LONGEST_REST, |at| {
            at.saturating_duration_since(Instant::now())
        });
        let longest = if self.egress.is_empty() {
            LONGEST_REST
        } else {
            SOCKET_RETRY
        };
        std::thread::park_timeout(until_timer.min(longest));
    }

    fn flush_for_the_last_time(&mut self) {
        for _ in 0..LAST_FLUSHES {
            self.egress.flush(&self.wire);
            if self.egress.is_empty() {
                return;
            }
            std::thread::sleep(SOCKET_RETRY);
        }
    }
}
