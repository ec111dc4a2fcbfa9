//! Sends what one turn of an owner produced, many datagrams per system call.
//!
//! Datagrams for one destination keep their order. Runs of equal size (the last may be shorter)
//! leave as one segmented send, which is what makes forwarding cheap: the kernel's UDP path is
//! four fifths of its cost.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::counters::{Counters, DropReason};
use super::sockets::Addresses;

/// Datagrams of one owner that wait for the socket. Larger: more delay before loss; smaller: loss
/// at bursts. At 1,200 bytes these are 5 MB.
pub(super) const MAX_WAITING: usize = 4_096;
/// The kernel's bound on segments of one send (UDP_MAX_SEGMENTS).
const MAX_SEGMENTS: usize = 64;
/// The largest UDP payload over IPv4.
const MAX_SEND: usize = 65_507;

/// Takes one send. The real one is the UDP socket.
pub(super) trait Wire {
    fn max_segments(&self) -> usize;
    /// `segment` is the size of all datagrams in `contents` but the last.
    fn send(&self, flow: Flow, contents: &[u8], segment: usize) -> io::Result<()>;
}

/// From where to where: what must stay in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Flow {
    pub(super) remote: SocketAddr,
    pub(super) local: SocketAddr,
}

/// The unsent datagrams of one owner.
pub(super) struct Egress {
    /// Flows in the order in which they first got something.
    order: VecDeque<Flow>,
    waiting: BTreeMap<Flow, VecDeque<Vec<u8>>>,
    count: usize,
    /// Reused for every send.
    buffer: Vec<u8>,
    counters: Arc<Counters>,
}

impl Egress {
    pub(super) fn new(counters: Arc<Counters>) -> Self {
        Self {
            order: VecDeque::new(),
            waiting: BTreeMap::new(),
            count: 0,
            buffer: Vec::with_capacity(MAX_SEND),
            counters,
        }
    }

    /// Takes a datagram for the next flush; counts and forgets it when too many wait.
    pub(super) fn push(&mut self, flow: Flow, bytes: Vec<u8>) {
        if self.count >= MAX_WAITING {
            self.counters.drop_one(DropReason::SendQueueFull);
            return;
        }
        let waiting = self.waiting.entry(flow).or_default();
        if waiting.is_empty() {
            self.order.push_back(flow);
        }
        waiting.push_back(bytes);
        self.count += 1;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn is_full(&self) -> bool {
        self.count >= MAX_WAITING
    }

    /// Sends until nothing waits or the socket takes no more; then the rest keeps its place.
    pub(super) fn flush(&mut self, wire: &impl Wire) {
        while let Some(flow) = self.order.front().copied() {
            let Some(waiting) = self.waiting.get_mut(&flow) else {
                self.order.pop_front();
                continue;
            };
            while !waiting.is_empty() {
                let run = Run::gather(waiting, wire.max_segments(), &mut self.buffer);
                match wire.send(flow, &self.buffer, run.segment) {
                    Ok(()) => self.counters.sent(run.datagrams),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                    // The first refusal of a segmented send ends offload for this socket (quinn-udp);
                    // the same datagrams go again, singly.
                    Err(_) if run.datagrams > wire.max_segments() => continue,
                    Err(_) => self
                        .counters
                        .drop_many(DropReason::SendRefused, run.datagrams),
                }
                waiting.drain(..run.datagrams);
                self.count -= run.datagrams;
            }
            self.waiting.remove(&flow);
            self.order.pop_front();
        }
    }
}

/// Datagrams at the head of a queue that one send can carry.
struct Run {
    datagrams: usize,
    segment: usize,
}

impl Run {
    fn gather(waiting: &VecDeque<Vec<u8>>, max_segments: usize, buffer: &mut Vec<u8>) -> Self {
        buffer.clear();
        let segment = waiting.front().map_or(0, Vec::len);
        let mut datagrams = 0;
        for bytes in waiting.iter().take(max_segments.clamp(1, MAX_SEGMENTS)) {
            let fits = bytes.len() <= segment && buffer.len() + bytes.len() <= MAX_SEND;
            if datagrams > 0 && !fits {
                break;
            }
            buffer.extend_from_slice(bytes);
            datagrams += 1;
            if bytes.len() < segment {
                break;
            }
        }
        Self { datagrams, segment }
    }
}

/// The UDP socket, shared by the owners: the kernel serialises.
pub(super) struct UdpWire {
    pub(super) socket: Arc<std::net::UdpSocket>,
    pub(super) batching: Arc<quinn_udp::UdpSocketState>,
    pub(super) addresses: Arc<Addresses>,
}

impl Wire for UdpWire {
    fn max_segments(&self) -> usize {
        self.batching.max_gso_segments()
    }

    fn send(&self, flow: Flow, contents: &[u8], segment: usize) -> io::Result<()> {
        // EINVAL would make quinn-udp give up segmentation for everybody.
        if flow.remote.port() == 0 || flow.remote.ip().is_unspecified() || segment == 0 {
            return Err(io::ErrorKind::AddrNotAvailable.into());
        }
        self.batching.try_send(
            (&*self.socket).into(),
            &quinn_udp::Transmit {
                destination: self.addresses.destination(flow.remote),
                ecn: None,
                contents,
                segment_size: (segment < contents.len()).then_some(segment),
                src_ip: self.addresses.source_for(flow.local),
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    #[test]
    fn datagrams_of_equal_size_leave_as_one_send_and_a_shorter_one_ends_it() {
        let wire = Recorder::default();
        let mut egress = egress();
        for size in [1200, 1200, 1200, 300, 1200] {
            egress.push(flow(1), vec![0; size]);
        }

        egress.flush(&wire);

        assert_eq!(wire.sizes(), [(1, 3_900, 1200), (1, 1_200, 1200)]);
        assert!(egress.is_empty());
    }

    #[test]
    fn a_longer_datagram_starts_another_send() {
        let wire = Recorder::default();
        let mut egress = egress();
        for size in [100, 1200] {
            egress.push(flow(1), vec![0; size]);
        }

        egress.flush(&wire);

        assert_eq!(wire.sizes(), [(1, 100, 100), (1, 1_200, 1200)]);
    }

    #[test]
    fn one_send_stays_under_the_largest_datagram() {
        let wire = Recorder::default();
        let mut egress = egress();
        for _ in 0..60 {
            egress.push(flow(1), vec![0; 1_400]);
        }

        egress.flush(&wire);

        assert!(wire.sizes().iter().all(|(_, len, _)| *len <= MAX_SEND));
        assert_eq!(
            wire.sizes().iter().map(|(_, len, _)| len).sum::<usize>(),
            84_000
        );
    }

    #[test]
    fn interleaved_flows_are_grouped_and_each_keeps_its_order() {
        let wire = Recorder::default();
        let mut egress = egress();
        for tag in 0..4_u8 {
            egress.push(flow(1), vec![tag; 10]);
            egress.push(flow(2), vec![tag; 10]);
        }

        egress.flush(&wire);

        assert_eq!(wire.sizes(), [(1, 40, 10), (2, 40, 10)]);
        let first = wire.sends.borrow()[0].1.clone();
        assert_eq!(
            first.chunks(10).map(|chunk| chunk[0]).collect::<Vec<_>>(),
            [0, 1, 2, 3]
        );
    }

    #[test]
    fn what_the_socket_does_not_take_waits_in_order() {
        let wire = Recorder::default();
        wire.room.set(1);
        let mut egress = egress();
        egress.push(flow(1), vec![1; 10]);
        egress.push(flow(2), vec![2; 10]);
        egress.flush(&wire);
        egress.push(flow(2), vec![3; 10]);
        assert!(!egress.is_empty());

        wire.room.set(usize::MAX);
        egress.flush(&wire);

        assert_eq!(wire.sizes(), [(1, 10, 10), (2, 20, 10)]);
    }

    #[test]
    fn a_full_queue_drops_and_counts() {
        let wire = Recorder::default();
        wire.room.set(0);
        let mut egress = egress();

        for _ in 0..MAX_WAITING + 3 {
            egress.push(flow(1), vec![0; 10]);
            egress.flush(&wire);
        }

        assert_eq!(egress.counters.dropped(DropReason::SendQueueFull), 3);
    }

    #[test]
    fn without_offload_each_datagram_is_sent_singly() {
        let wire = Recorder::default();
        wire.offload.set(false);
        let mut egress = egress();
        for _ in 0..3 {
            egress.push(flow(1), vec![0; 10]);
        }

        egress.flush(&wire);

        assert_eq!(wire.sizes(), [(1, 10, 10); 3]);
    }

    #[test]
    fn datagrams_survive_the_loss_of_offload() {
        let wire = Recorder::default();
        wire.offload_breaks.set(true);
        let mut egress = egress();
        for _ in 0..3 {
            egress.push(flow(1), vec![0; 10]);
        }

        egress.flush(&wire);

        assert_eq!(wire.sizes(), [(1, 10, 10); 3]);
        assert_eq!(egress.counters.dropped(DropReason::SendRefused), 0);
    }

    fn egress() -> Egress {
        Egress::new(Arc::default())
    }

    fn flow(port: u16) -> Flow {
        Flow {
            remote: ([127, 0, 0, 1], port).into(),
            local: ([127, 0, 0, 1], 7882).into(),
        }
    }

    /// Keeps what it is given, up to its room.
    struct Recorder {
        sends: RefCell<Vec<(u16, Vec<u8>, usize)>>,
        room: Cell<usize>,
        offload: Cell<bool>,
        offload_breaks: Cell<bool>,
    }

    impl Default for Recorder {
        fn default() -> Self {
            Self {
                sends: RefCell::default(),
                room: Cell::new(usize::MAX),
                offload: Cell::new(true),
                offload_breaks: Cell::new(false),
            }
        }
    }

    impl Recorder {
        fn sizes(&self) -> Vec<(u16, usize, usize)> {
            self.sends
                .borrow()
                .iter()
                .map(|(port, contents, segment)| (*port, contents.len(), *segment))
                .collect()
        }
    }

    impl Wire for Recorder {
        fn max_segments(&self) -> usize {
            if self.offload.get() { 64 } else { 1 }
        }

        fn send(&self, flow: Flow, contents: &[u8], segment: usize) -> io::Result<()> {
            if self.room.get() == 0 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            if self.offload_breaks.get() && segment < contents.len() {
                self.offload.set(false);
                return Err(io::Error::other("EIO"));
            }
            self.room.set(self.room.get() - 1);
            let sent = (flow.remote.port(), contents.to_vec(), segment);
            self.sends.borrow_mut().push(sent);
            Ok(())
        }
    }
}
