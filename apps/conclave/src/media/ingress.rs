//! The thread that reads the media port and gives each datagram to its owner.

use std::cell::RefCell;
use std::future::Future;
use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use conclave_sfu::demux::Demux;
use conclave_sfu::{Datagram, Transport};
use quinn_udp::{BATCH_SIZE, RecvMeta, UdpSocketState};
use tokio::io::Interest;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;

use super::counters::{Counters, DropReason};
use super::ice_tcp;
use super::orders::{Batch, Outbox};
use super::sockets::Addresses;

/// Addresses whose owner is remembered: several per participant of a full server.
const MAX_ADDRESSES: usize = 65_536;
/// Claims that owners may be ahead; an owner with one more waits, and this thread never waits for an owner.
pub(super) const CLAIM_QUEUE: usize = 1_024;
/// Receive buffers per call. More: fewer calls under load; each is 64 kB.
const BUFFERS: usize = if BATCH_SIZE < 16 { BATCH_SIZE } else { 16 };
/// What the kernel may merge into one buffer.
const BUFFER_SIZE: usize = 65_535;
/// Calls before claims and streams get their turn.
const CALLS_PER_TURN: usize = 8;

/// STUN user names change hands.
pub(super) enum ClaimChange {
    Claim { ufrag: String, owner: usize },
    Release { ufrag: String },
}

pub(super) struct Ingress {
    pub(super) udp: Arc<std::net::UdpSocket>,
    pub(super) batching: Arc<UdpSocketState>,
    pub(super) tcp: std::net::TcpListener,
    pub(super) addresses: Arc<Addresses>,
    pub(super) owners: Vec<Outbox>,
    pub(super) claims: mpsc::Receiver<ClaimChange>,
    pub(super) counters: Arc<Counters>,
}

/// What this thread's tasks share. They run one at a time, so there is no lock.
pub(super) struct Routes {
    pub(super) demux: RefCell<Demux<usize>>,
    pub(super) owners: Vec<Outbox>,
    pub(super) addresses: Arc<Addresses>,
    pub(super) counters: Arc<Counters>,
}

impl Ingress {
    /// Runs until every owner has ended.
    pub(super) fn run(self) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        tokio::task::LocalSet::new().block_on(&runtime, self.serve()?)
    }

    fn serve(self) -> io::Result<impl Future<Output = io::Result<()>>> {
        let udp = self.udp.try_clone()?;
        let tcp = self.tcp;
        let batching = self.batching;
        let mut claims = self.claims;
        let routes = Rc::new(Routes {
            demux: RefCell::new(Demux::new(MAX_ADDRESSES)),
            owners: self.owners,
            addresses: self.addresses,
            counters: self.counters,
        });
        Ok(async move {
            let udp = UdpSocket::from_std(udp)?;
            let tcp = tokio::net::TcpListener::from_std(tcp)?;
            let streams = tokio::task::spawn_local(ice_tcp::accept(tcp, routes.clone()));
            let mut receiver = Receiver::new(&udp, &batching, &routes);
            loop {
                tokio::select! {
                    biased;
                    change = claims.recv() => match change {
                        Some(change) => routes.change(change),
                        None => break,
                    },
                    ready = udp.readable() => {
                        ready?;
                        receiver.receive();
                        // Streams and claims must get on while media floods in.
                        tokio::task::yield_now().await;
                    }
                }
            }
            streams.abort();
            Ok(())
        })
    }
}

impl Routes {
    fn change(&self, change: ClaimChange) {
        let mut demux = self.demux.borrow_mut();
        match change {
            ClaimChange::Claim { ufrag, owner } => demux.claim(ufrag, owner),
            ClaimChange::Release { ufrag } => demux.release(&ufrag),
        }
    }

    /// The owner of a datagram, by number.
    pub(super) fn owner(&self, now: Instant, datagram: &Datagram<'_>) -> Option<usize> {
        self.demux.borrow_mut().owner(now, datagram)
    }

    /// Hands over what came from one address, cut where its owner changes.
    fn route(&self, from: &Source, bytes: &[u8], stride: usize) {
        let now = Instant::now();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (owner, len) = self.run_of_one_owner(now, from, rest, stride);
            let (run, after) = rest.split_at(len);
            rest = after;
            let datagrams = run.len().div_ceil(stride);
            match owner {
                Some(owner) => self.deliver(owner, from.batch(run, stride), datagrams),
                None => self.counters.drop_many(DropReason::Unclaimed, datagrams),
            }
        }
    }

    fn run_of_one_owner(
        &self,
        now: Instant,
        from: &Source,
        bytes: &[u8],
        stride: usize,
    ) -> (Option<usize>, usize) {
        let mut datagrams = bytes.chunks(stride);
        let owner = |bytes| self.owner(now, &from.datagram(bytes));
        let first = datagrams.next().unwrap_or_default();
        let owner_of_first = owner(first);
        let same = datagrams.take_while(|next| owner(next) == owner_of_first);
        let len = first.len() + same.map(<[u8]>::len).sum::<usize>();
        (owner_of_first, len)
    }

    pub(super) fn deliver(&self, owner: usize, batch: Batch, datagrams: usize) {
        self.counters.received(datagrams);
        let delivered = self
            .owners
            .get(owner)
            .is_some_and(|owner| owner.deliver(batch).is_ok());
        if !delivered {
            self.counters.drop_many(DropReason::OwnerBehind, datagrams);
        }
    }
}

/// Where datagrams came from and arrived at.
#[derive(Clone, Copy)]
pub(super) struct Source {
    pub(super) transport: Transport,
    pub(super) remote: SocketAddr,
    pub(super) local: SocketAddr,
}

impl Source {
    pub(super) fn datagram<'a>(&self, bytes: &'a [u8]) -> Datagram<'a> {
        Datagram {
            transport: self.transport,
            remote: self.remote,
            local: self.local,
            bytes,
        }
    }

    pub(super) fn batch(&self, bytes: &[u8], stride: usize) -> Batch {
        Batch {
            transport: self.transport,
            remote: self.remote,
            local: self.local,
            bytes: bytes.into(),
            stride,
        }
    }
}

/// Reads the UDP socket, many datagrams per call.
struct Receiver<'a> {
    udp: &'a UdpSocket,
    batching: &'a UdpSocketState,
    routes: &'a Routes,
    buffers: Vec<Vec<u8>>,
}

impl<'a> Receiver<'a> {
    fn new(udp: &'a UdpSocket, batching: &'a UdpSocketState, routes: &'a Routes) -> Self {
        Self {
            udp,
            batching,
            routes,
            buffers: vec![vec![0; BUFFER_SIZE]; BUFFERS],
        }
    }

    fn receive(&mut self) {
        for _ in 0..CALLS_PER_TURN {
            let mut metas = [RecvMeta::default(); BUFFERS];
            let mut slices: Vec<IoSliceMut<'_>> = self
                .buffers
                .iter_mut()
                .map(|buffer| IoSliceMut::new(buffer))
                .collect();
            let received = self.udp.try_io(Interest::READABLE, || {
                self.batching.recv(self.udp.into(), &mut slices, &mut metas)
            });
            // WouldBlock: all is read. Any other error is about an earlier send (ICMP).
            let Ok(messages) = received else {
                return;
            };
            for (meta, buffer) in metas.iter().take(messages).zip(&self.buffers) {
                self.route(meta, buffer);
            }
        }
    }

    fn route(&self, meta: &RecvMeta, buffer: &[u8]) {
        let bytes = buffer.get(..meta.len).unwrap_or_default();
        let arrived_at = meta.dst_ip.unwrap_or(meta.addr.ip()).to_canonical();
        let Some(local) = self.routes.addresses.advertised_for(arrived_at) else {
            return;
        };
        let from = Source {
            transport: Transport::Udp,
            remote: SocketAddr::new(meta.addr.ip().to_canonical(), meta.addr.port()),
            local,
        };
        self.routes.route(&from, bytes, meta.stride.max(1));
    }
}
