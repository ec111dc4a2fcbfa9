//! Media over TCP for networks that let no UDP through: passive ICE-TCP candidates (RFC 6544).
//!
//! Frames carry their length in two bytes (RFC 4571). A stream that does not begin with a STUN
//! request for a claimed user name within a few seconds, stalls, or sends a frame longer than a
//! datagram, is closed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use conclave_sfu::Transport;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{timeout, timeout_at};

use super::counters::DropReason;
use super::ingress::{Routes, Source};
use super::orders::Order;

/// STUN, DTLS and SRTP keep to the path's MTU; this leaves room for tunnels with larger ones.
const MAX_FRAME: usize = 2_048;
/// From accepting to a claimed STUN request.
const HANDSHAKE_TIME: Duration = Duration::from_secs(5);
/// ICE checks its consent at least every 5 s on average (RFC 7675); this is several lost ones.
const IDLE_TIME: Duration = Duration::from_secs(30);
/// A peer that takes no byte for so long is gone.
const WRITE_TIME: Duration = Duration::from_secs(10);
/// Frames waiting for one stream: about half a second of good video.
const FRAME_QUEUE: usize = 256;
const MAX_STREAMS: usize = 4_096;
/// A clinic behind one address.
const MAX_STREAMS_PER_SOURCE: usize = 256;
/// After a failure to accept (no file descriptors left), before the next attempt.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves streams until it is aborted.
pub(super) async fn accept(listener: TcpListener, routes: Rc<Routes>) {
    let census = Rc::new(RefCell::new(Census::default()));
    loop {
        let Ok((stream, remote)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        match Seat::take(&census, remote.ip().to_canonical()) {
            Some(seat) => {
                tokio::task::spawn_local(serve(stream, routes.clone(), seat));
            }
            None => routes.counters.drop_one(DropReason::StreamLimit),
        }
    }
}

/// Holds `_seat` for as long as the stream lives.
async fn serve(tcp: TcpStream, routes: Rc<Routes>, _seat: Seat) {
    let Some(source) = source(&tcp, &routes) else {
        return;
    };
    let (reader, writer) = tcp.into_split();
    let mut reader = BufReader::new(reader);
    let opening = timeout(HANDSHAKE_TIME, introduction(&mut reader, &source, &routes));
    let Ok(Ok((owner, first))) = opening.await else {
        routes.counters.drop_one(DropReason::StreamRefused);
        return;
    };
    let (frames, queue) = mpsc::channel(FRAME_QUEUE);
    let remote = source.remote;
    let Some(outbox) = routes.owners.get(owner) else {
        return;
    };
    let first = source.batch(&first, first.len());
    if outbox
        .order(Order::StreamOpened { frames, first })
        .await
        .is_ok()
    {
        let ended = tokio::select! {
            ended = read(reader, &source, &routes) => ended,
            ended = write(writer, queue) => ended,
        };
        if ended.is_err_and(|error| error.kind() == io::ErrorKind::InvalidData) {
            routes.counters.drop_one(DropReason::StreamRefused);
        }
    }
    routes.demux.borrow_mut().forget(Transport::Tcp, remote);
    // An owner that has ended has no streams.
    let _ended = outbox.order(Order::StreamClosed { remote }).await;
}

fn source(tcp: &TcpStream, routes: &Routes) -> Option<Source> {
    // Frames must not wait for each other.
    tcp.set_nodelay(true).ok()?;
    let remote = tcp.peer_addr().ok()?;
    let arrived_at = tcp.local_addr().ok()?.ip().to_canonical();
    Some(Source {
        transport: Transport::Tcp,
        remote: (remote.ip().to_canonical(), remote.port()).into(),
        local: routes.addresses.advertised_for(arrived_at)?,
    })
}

/// The first frame, and whose it is.
async fn introduction(
    reader: &mut BufReader<OwnedReadHalf>,
    source: &Source,
    routes: &Routes,
) -> io::Result<(usize, Vec<u8>)> {
    let mut frame = Vec::new();
    read_frame(reader, &mut frame).await?;
    let owner = routes.owner(Instant::now(), &source.datagram(&frame));
    owner
        .map(|owner| (owner, frame))
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// Ends when the peer closes, or says nothing for long that is somebody's.
async fn read(
    mut reader: BufReader<OwnedReadHalf>,
    source: &Source,
    routes: &Routes,
) -> io::Result<()> {
    let mut frame = Vec::with_capacity(MAX_FRAME);
    let mut heard = tokio::time::Instant::now();
    loop {
        timeout_at(heard + IDLE_TIME, read_frame(&mut reader, &mut frame)).await??;
        match routes.owner(Instant::now(), &source.datagram(&frame)) {
            Some(owner) => {
                heard = tokio::time::Instant::now();
                routes.deliver(owner, source.batch(&frame, frame.len()), 1);
            }
            None => routes.counters.drop_one(DropReason::Unclaimed),
        }
    }
}

/// Ends when the owner closes, or the peer takes no more.
async fn write(mut writer: OwnedWriteHalf, mut queue: mpsc::Receiver<Vec<u8>>) -> io::Result<()> {
    let mut burst = Vec::new();
    while let Some(frame) = queue.recv().await {
        burst.clear();
        append_frame(&mut burst, &frame);
        while let Ok(frame) = queue.try_recv() {
            append_frame(&mut burst, &frame);
        }
        timeout(WRITE_TIME, writer.write_all(&burst)).await??;
    }
    Ok(())
}

/// Replaces `frame` with the next one.
async fn read_frame(reader: &mut (impl AsyncRead + Unpin), frame: &mut Vec<u8>) -> io::Result<()> {
    let len = usize::from(reader.read_u16().await?);
    if len == 0 || len > MAX_FRAME {
        return Err(io::ErrorKind::InvalidData.into());
    }
    frame.resize(len, 0);
    reader.read_exact(frame).await?;
    Ok(())
}

fn append_frame(burst: &mut Vec<u8>, frame: &[u8]) {
    // Longer than RFC 4571 can say: no transport made it.
    if let Ok(len) = u16::try_from(frame.len()) {
        burst.extend_from_slice(&len.to_be_bytes());
        burst.extend_from_slice(frame);
    }
}

/// How many streams there are, in all and by source.
#[derive(Default)]
struct Census {
    by_source: BTreeMap<IpAddr, usize>,
    all: usize,
}

/// One stream's place in the census, given back when dropped.
struct Seat {
    census: Rc<RefCell<Census>>,
    ip: IpAddr,
}

impl Seat {
    fn take(census: &Rc<RefCell<Census>>, ip: IpAddr) -> Option<Self> {
        let mut counts = census.borrow_mut();
        let of_source = counts.by_source.get(&ip).copied().unwrap_or(0);
        if counts.all >= MAX_STREAMS || of_source >= MAX_STREAMS_PER_SOURCE {
            return None;
        }
        counts.by_source.insert(ip, of_source + 1);
        counts.all += 1;
        Some(Self {
            census: census.clone(),
            ip,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut counts = self.census.borrow_mut();
        counts.all -= 1;
        let of_source = counts.by_source.get(&self.ip).copied().unwrap_or(0);
        if of_source > 1 {
            counts.by_source.insert(self.ip, of_source - 1);
        } else {
            counts.by_source.remove(&self.ip);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_source_takes_only_its_share_and_gives_it_back() {
        let census = Rc::default();
        let greedy: IpAddr = [192, 0, 2, 1].into();

        let seats: Vec<_> = std::iter::from_fn(|| Seat::take(&census, greedy)).collect();

        assert_eq!(seats.len(), MAX_STREAMS_PER_SOURCE);
        assert!(Seat::take(&census, [192, 0, 2, 2].into()).is_some());
        drop(seats);
        assert!(Seat::take(&census, greedy).is_some());
        assert_eq!(census.borrow().all, 0);
    }

    #[tokio::test]
    async fn frames_are_read_as_they_were_written() {
        let mut burst = Vec::new();
        append_frame(&mut burst, b"first");
        append_frame(&mut burst, b"second");
        let mut reader = burst.as_slice();
        let mut frame = Vec::new();

        read_frame(&mut reader, &mut frame).await.unwrap();
        assert_eq!(frame, b"first");
        read_frame(&mut reader, &mut frame).await.unwrap();
        assert_eq!(frame, b"second");
        let end = read_frame(&mut reader, &mut frame).await.unwrap_err();
        assert_eq!(end.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn an_empty_or_oversized_frame_ends_the_stream() {
        for len in [0_u16, 2_049, u16::MAX] {
            let bytes = [&len.to_be_bytes()[..], &[0; 4_096]].concat();

            let refusal = read_frame(&mut bytes.as_slice(), &mut Vec::new()).await;

            assert!(refusal.is_err_and(|error| error.kind() == io::ErrorKind::InvalidData));
        }
    }
}
