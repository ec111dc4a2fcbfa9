//! A UDP socket, and the datagrams that it has no room for yet.
//!
//! A full socket takes nothing until half of what it holds has left, which is a tenth of a second on a line of 4 Mbit/s:
//! dropped, it would be a hundred datagrams in a row, which SCTP makes up for one by one.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;

use tokio::net::UdpSocket;

pub(crate) struct Udp {
    pub(crate) socket: UdpSocket,
    pub(crate) local: SocketAddr,
    backlog: Backlog,
}

/// In their order.
#[derive(Default)]
struct Backlog {
    waiting: VecDeque<(SocketAddr, Vec<u8>)>,
    bytes: usize,
}

/// In bytes: twice what the agent has on its way. Whoever sends more than their line carries loses the rest.
const MOST_WAITING: usize = 512 << 10;

impl Udp {
    pub(crate) async fn bind(local: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(local).await?;
        Ok(Self {
            local: socket.local_addr()?,
            socket,
            backlog: Backlog::default(),
        })
    }

    pub(crate) fn send(&mut self, to: SocketAddr, bytes: Vec<u8>) {
        let socket = &self.socket;
        self.backlog
            .send(to, bytes, |to, bytes| takes(socket, to, bytes));
    }

    /// Where something waits: until there may be room for it.
    pub(crate) async fn has_room(&self) {
        match self.backlog.waiting.is_empty() {
            true => std::future::pending().await,
            // What an error is about shows when something is sent.
            false => drop(self.socket.writable().await),
        }
    }

    /// Sends what waits, as far as there is room.
    pub(crate) fn catch_up(&mut self) {
        let socket = &self.socket;
        self.backlog.drain(|to, bytes| takes(socket, to, bytes));
    }
}

/// False: the socket is full. Any other error is as if the path had lost it.
fn takes(socket: &UdpSocket, to: SocketAddr, bytes: &[u8]) -> bool {
    let sent = socket.try_send_to(bytes, to);
    !sent.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

impl Backlog {
    /// `takes` says whether there was room for a datagram.
    fn send(
        &mut self,
        to: SocketAddr,
        bytes: Vec<u8>,
        takes: impl FnOnce(SocketAddr, &[u8]) -> bool,
    ) {
        if self.waiting.is_empty() && takes(to, &bytes) {
            return;
        }
        if self.bytes + bytes.len() <= MOST_WAITING {
            self.bytes += bytes.len();
            self.waiting.push_back((to, bytes));
        }
    }

    /// Until there is no room for one.
    fn drain(&mut self, mut takes: impl FnMut(SocketAddr, &[u8]) -> bool) {
        while let Some((_, taken)) = self
            .waiting
            .pop_front_if(|(to, bytes)| takes(*to, bytes.as_slice()))
        {
            self.bytes -= taken.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_full_socket_does_not_take_goes_later_in_its_order() {
        let mut backlog = Backlog::default();
        let mut taken = Vec::new();
        backlog.send(anywhere(), vec![1], |_, bytes| {
            taken.push(bytes[0]);
            true
        });
        backlog.send(anywhere(), vec![2], |_, _| false);
        // There may be room by then, but not for what comes behind another one.
        for number in 3..6 {
            backlog.send(anywhere(), vec![number], |_, _| {
                panic!("it overtakes what waits")
            });
        }
        assert_eq!(taken, [1]);

        backlog.drain(|_, bytes| {
            let has_room = bytes[0] < 4;
            taken.extend(has_room.then_some(bytes[0]));
            has_room
        });
        assert_eq!(taken, [1, 2, 3]);
        backlog.drain(|to, bytes| {
            assert_eq!(to, anywhere());
            taken.push(bytes[0]);
            true
        });
        assert_eq!(taken, [1, 2, 3, 4, 5]);

        backlog.send(anywhere(), vec![6], |_, bytes| {
            taken.push(bytes[0]);
            true
        });
        assert_eq!(taken, [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut backlog = Backlog::default();
        for _ in 0..MOST_WAITING / 1_000 + 5 {
            backlog.send(anywhere(), vec![0; 1_000], |_, _| false);
        }
        assert_eq!(backlog.waiting.len(), MOST_WAITING / 1_000);

        backlog.drain(|_, _| true);
        assert_eq!((backlog.waiting.len(), backlog.bytes), (0, 0));
    }

    #[tokio::test]
    async fn a_socket_with_room_keeps_nothing_back() {
        let mut one = Udp::bind(anywhere()).await.unwrap();
        let other = Udp::bind(anywhere()).await.unwrap();

        one.send(other.local, b"sent".to_vec());
        // Before the runtime has looked, it knows of no room.
        while !one.backlog.waiting.is_empty() {
            one.has_room().await;
            one.catch_up();
        }

        let mut buffer = [0; 8];
        let received = other.socket.recv_from(&mut buffer).await.unwrap();
        assert_eq!(received, (4, one.local));
    }

    fn anywhere() -> SocketAddr {
        ([127, 0, 0, 1], 0).into()
    }
}
