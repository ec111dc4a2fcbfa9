//! Starts the media threads, and knows whether they run.

use std::sync::Arc;
use std::thread::Thread;
use std::time::{Instant, SystemTime};

use conclave_sfu::{Anchor, Fact, Shard};
use tokio::sync::{mpsc, watch};

use super::MediaError;
use super::calls::Calls;
use super::counters::Counters;
use super::egress::{Egress, UdpWire};
use super::ingress::{CLAIM_QUEUE, ClaimChange, Ingress};
use super::orders::{Inbox, Outbox, queues};
use super::owner::Owner;
use super::reports::Reports;
use super::sessions::Sessions;
use super::setup::Setup;
use super::sockets::{Addresses, Sockets};
use super::streams::Streams;

pub(super) struct Started {
    pub(super) owners: Vec<Outbox>,
    pub(super) threads: Threads,
    pub(super) port: u16,
}

/// How many of the threads run.
pub(super) struct Threads {
    running: watch::Receiver<usize>,
    started: usize,
}

impl Threads {
    pub(super) fn all_run(&self) -> bool {
        *self.running.borrow() == self.started
    }

    pub(super) async fn ended(&self) {
        let mut running = self.running.clone();
        // The last thread's end closes the channel, which means the same.
        let _all = running.wait_for(|running| *running == 0).await;
    }
}

pub(super) fn start(
    setup: &Setup,
    facts: mpsc::Sender<Fact>,
    counters: &Arc<Counters>,
) -> Result<Started, MediaError> {
    let sockets = Sockets::bind(setup.bind, setup.port)?;
    let addresses = Arc::new(Addresses::new(setup.bind, &setup.advertise, sockets.port));
    let mut shard = setup.shard.clone();
    shard.udp = addresses.candidates();
    shard.tcp = addresses.candidates();

    let (claims, claim_receiver) = mpsc::channel(CLAIM_QUEUE);
    let nursery = Nursery::new();
    let shared = Shared {
        udp: Arc::new(sockets.udp),
        batching: Arc::new(sockets.batching),
        addresses,
        claims,
        facts,
        counters: counters.clone(),
        anchor: Anchor {
            instant: Instant::now(),
            wall: SystemTime::now(),
        },
        shard,
    };
    let owners = (0..setup.threads)
        .map(|number| shared.start_owner(&nursery, number))
        .collect::<Result<Vec<_>, _>>()?;
    let ingress = Ingress {
        udp: shared.udp.clone(),
        batching: shared.batching.clone(),
        tcp: sockets.tcp,
        addresses: shared.addresses.clone(),
        owners: owners.clone(),
        claims: claim_receiver,
        counters: counters.clone(),
    };
    nursery.start("media-ingress".to_owned(), move || {
        if let Err(error) = ingress.run() {
            tracing::error!(%error, "the media port can't be read");
        }
    })?;
    Ok(Started {
        owners,
        threads: nursery.threads(setup.threads + 1),
        port: sockets.port,
    })
}

/// What every owner gets a part of.
struct Shared {
    udp: Arc<std::net::UdpSocket>,
    batching: Arc<quinn_udp::UdpSocketState>,
    addresses: Arc<Addresses>,
    claims: mpsc::Sender<ClaimChange>,
    facts: mpsc::Sender<Fact>,
    counters: Arc<Counters>,
    anchor: Anchor,
    shard: conclave_sfu::Config,
}

impl Shared {
    fn start_owner(&self, nursery: &Nursery, number: usize) -> Result<Outbox, MediaError> {
        let (mouth, inbox) = queues();
        let owner = self.owner(number, inbox)?;
        let thread = nursery.start(format!("media-owner-{number}"), move || owner.run())?;
        Ok(mouth.of(thread))
    }

    fn owner(&self, number: usize, inbox: Inbox) -> Result<Owner, MediaError> {
        let seed = getrandom::u64().map_err(|_| MediaError::Randomness)?;
        Ok(Owner {
            shard: Shard::new(self.shard.clone(), self.anchor, seed),
            inbox,
            wire: UdpWire {
                socket: self.udp.clone(),
                batching: self.batching.clone(),
                addresses: self.addresses.clone(),
            },
            egress: Egress::new(self.counters.clone()),
            sessions: Sessions::new(self.counters.clone()),
            calls: Calls::default(),
            streams: Streams::new(self.counters.clone()),
            claims: self.claims.clone(),
            number,
            reports: Reports::new(self.facts.clone(), self.counters.clone()),
            wake_at: None,
            stopping: false,
        })
    }
}

/// Starts threads and counts them out.
struct Nursery {
    running: Arc<watch::Sender<usize>>,
}

/// Lives on a thread's stack; its end is the thread's, however that comes.
struct Pulse {
    running: Arc<watch::Sender<usize>>,
}

impl Nursery {
    fn new() -> Self {
        Self {
            running: Arc::new(watch::Sender::new(0)),
        }
    }

    fn start(
        &self,
        name: String,
        run: impl FnOnce() + Send + 'static,
    ) -> Result<Thread, MediaError> {
        let pulse = Pulse::new(&self.running);
        let thread = std::thread::Builder::new().name(name).spawn(move || {
            let _pulse = pulse;
            run();
        });
        let handle = thread.map_err(MediaError::Thread)?;
        Ok(handle.thread().clone())
    }

    fn threads(&self, started: usize) -> Threads {
        Threads {
            running: self.running.subscribe(),
            started,
        }
    }
}

impl Pulse {
    fn new(running: &Arc<watch::Sender<usize>>) -> Self {
        running.send_modify(|count| *count += 1);
        Self {
            running: running.clone(),
        }
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let thread = std::thread::current();
            tracing::error!(
                thread = thread.name().unwrap_or_default(),
                "a media thread failed; its rooms are gone until a restart"
            );
        }
        self.running.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[tokio::test]
    async fn a_thread_that_fails_is_noticed_and_takes_no_other_along() {
        let nursery = Nursery::new();
        let (order, orders) = channel::<()>();
        let (answer, answers) = channel();
        let steady = nursery.start("steady".to_owned(), move || {
            for () in orders {
                answer.send(()).unwrap();
            }
        });
        let failing = nursery.start("failing".to_owned(), || panic!("on purpose"));
        assert!(steady.is_ok() && failing.is_ok());
        let threads = nursery.threads(2);

        let mut running = threads.running.clone();
        running.wait_for(|running| *running == 1).await.unwrap();

        assert!(!threads.all_run());
        order.send(()).unwrap();
        assert_eq!(answers.recv(), Ok(()));
        drop(order);
        threads.ended().await;
    }
}
