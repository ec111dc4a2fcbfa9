//! One of the other processes, without waiting for it in the way of everything else.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram as StdDatagram;
use std::time::Duration;

use rustix::io::Errno;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::Interest;
use tokio::net::UnixDatagram;
use tokio::time::timeout;

use crate::ipc::{Broken, Socket};

pub(crate) struct Courier {
    socket: Socket,
    /// The same end: it tells when there is something, or room.
    ready: UnixDatagram,
}

/// A process that takes no message for so long is as good as gone.
const PATIENCE: Duration = Duration::from_secs(5);

impl Courier {
    /// Within a runtime.
    pub(crate) fn new(socket: Socket) -> Result<Self, Broken> {
        let ready = StdDatagram::from(OwnedFd::from(socket.again()?));
        let ready = ready.set_nonblocking(true).map(|()| ready);
        let ready = ready.and_then(UnixDatagram::from_std).map_err(failed)?;
        Ok(Self { socket, ready })
    }

    /// Loses nothing when it is dropped before it is done.
    pub(crate) async fn receive<M: DeserializeOwned>(&self) -> Result<M, Broken> {
        let receive = || until_ready(self.socket.try_receive());
        let received = self.ready.async_io(Interest::READABLE, receive).await;
        received.unwrap_or_else(|error| Err(failed(error)))
    }

    pub(crate) async fn send(&self, message: &impl Serialize) -> Result<(), Broken> {
        let send = || {
            let sent = self.socket.try_send(message);
            until_ready(sent.map(|sent| sent.then_some(())))
        };
        let sent = self.ready.async_io(Interest::WRITABLE, send);
        let sent = timeout(PATIENCE, sent).await;
        let sent = sent.map_err(|_| Broken::Closed)?;
        sent.unwrap_or_else(|error| Err(failed(error)))
    }
}

/// As the runtime wants to hear it: what is not there yet is an error of its own.
fn until_ready<T>(done: Result<Option<T>, Broken>) -> io::Result<Result<T, Broken>> {
    match done {
        Ok(Some(done)) => Ok(Ok(done)),
        Ok(None) => Err(io::ErrorKind::WouldBlock.into()),
        Err(broken) => Ok(Err(broken)),
    }
}

fn failed(error: io::Error) -> Broken {
    Broken::Failed(Errno::from_io_error(&error).unwrap_or(Errno::IO))
}
