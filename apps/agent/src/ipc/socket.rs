//! One end of a pair of sockets that keep datagrams apart, in order, and tell when the other end is closed.

use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, Shutdown, SocketFlags, SocketType, recv, recvmsg, send,
    sendmsg, shutdown, socketpair,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroize;

/// Of a datagram, in bytes: a message of the room with what names it.
pub const LARGEST: usize = 64 << 10;
/// In bytes: a message with a password is shorter, and each that is as short is overwritten where it was written and read.
const SHORT: usize = 1 << 10;

pub struct Socket(OwnedFd);

/// Nothing more comes of it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("the other process is gone")]
    Closed,
    #[error("the other process sent what is no message")]
    Malformed,
    #[error("a message is larger than {LARGEST} bytes")]
    TooLarge,
    #[error("the socket failed")]
    Failed(#[source] Errno),
}

impl Socket {
    /// Closed in every child that is not given it.
    pub fn pair() -> Result<(Self, Self), Broken> {
        let (family, kind) = (AddressFamily::UNIX, SocketType::SEQPACKET);
        let pair = socketpair(family, kind, SocketFlags::CLOEXEC, None);
        let (one, other) = pair.map_err(Broken::Failed)?;
        Ok((Self(one), Self(other)))
    }

    /// Waits until there is room.
    pub fn send(&self, message: &impl Serialize) -> Result<(), Broken> {
        self.send_message(message, SendFlags::NOSIGNAL).map(|_| ())
    }

    /// False: there is no room, for the other process reads too slowly, or not at all.
    pub fn try_send(&self, message: &impl Serialize) -> Result<bool, Broken> {
        let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
        self.send_message(message, flags)
    }

    /// False: there was no room in this time.
    pub fn send_within(&self, message: &impl Serialize, time: Duration) -> Result<bool, Broken> {
        Ok(self.try_send(message)? || (self.has_room_within(time)? && self.try_send(message)?))
    }

    /// Whether one message fits before this time is over.
    pub fn has_room_within(&self, time: Duration) -> Result<bool, Broken> {
        self.wait(PollFlags::OUT, time)
    }

    /// Waits for one.
    pub fn receive<M: DeserializeOwned>(&self) -> Result<M, Broken> {
        let message = self.receive_flagged(RecvFlags::empty())?;
        message.ok_or(Broken::Failed(Errno::AGAIN))
    }

    /// `None`: there is none yet.
    pub fn try_receive<M: DeserializeOwned>(&self) -> Result<Option<M>, Broken> {
        self.receive_flagged(RecvFlags::DONTWAIT)
    }

    /// `None`: there was none in this time.
    pub fn receive_within<M: DeserializeOwned>(&self, time: Duration) -> Result<Option<M>, Broken> {
        match self.wait(PollFlags::IN, time)? {
            true => self.try_receive(),
            false => Ok(None),
        }
    }

    /// The same end, for another thread.
    pub fn again(&self) -> Result<Self, Broken> {
        rustix::io::fcntl_dupfd_cloexec(&self.0, 3)
            .map(Self)
            .map_err(Broken::Failed)
    }

    /// Gives another one away, as a message of its own.
    pub fn send_socket(&self, other: &Self) -> Result<(), Broken> {
        let descriptors = [other.as_fd()];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = SendAncillaryBuffer::new(&mut space);
        if !beside.push(SendAncillaryMessage::ScmRights(&descriptors)) {
            return Err(Broken::TooLarge);
        }
        let (byte, flags) = ([IoSlice::new(&[0])], SendFlags::NOSIGNAL);
        let sent = sendmsg(&self.0, &byte, &mut beside, flags);
        sent.map(|_| ()).map_err(Broken::Failed)
    }

    /// The one that was given. `None`: there is none.
    pub fn receive_socket(&self) -> Option<Self> {
        let mut byte = [0];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = RecvAncillaryBuffer::new(&mut space);
        let flags = RecvFlags::CMSG_CLOEXEC | RecvFlags::DONTWAIT;
        let mut bytes = [IoSliceMut::new(&mut byte)];
        recvmsg(&self.0, &mut bytes, &mut beside, flags).ok()?;
        let given = beside.drain().find_map(|message| {
            if let RecvAncillaryMessage::ScmRights(mut descriptors) = message {
                return descriptors.next();
            }
            None
        });
        given.map(Self)
    }

    /// Whoever receives here, in any thread, finds it closed.
    pub fn close_ear(&self) -> Result<(), Broken> {
        shutdown(&self.0, Shutdown::Read).map_err(Broken::Failed)
    }

    fn send_message(&self, message: &impl Serialize, flags: SendFlags) -> Result<bool, Broken> {
        let mut short = [0; SHORT];
        let Ok(bytes) = postcard::to_slice(message, &mut short) else {
            return self.send_bytes(&encode(message)?, flags);
        };
        let sent = self.send_bytes(bytes, flags);
        bytes.zeroize();
        sent
    }

    fn send_bytes(&self, bytes: &[u8], flags: SendFlags) -> Result<bool, Broken> {
        loop {
            match send(&self.0, bytes, flags) {
                Ok(_) => return Ok(true),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(false),
                Err(Errno::PIPE | Errno::CONNRESET) => return Err(Broken::Closed),
                Err(error) => return Err(Broken::Failed(error)),
            }
        }
    }

    fn receive_flagged<M: DeserializeOwned>(&self, flags: RecvFlags) -> Result<Option<M>, Broken> {
        // One byte more than the longest shows what is longer.
        let mut bytes = vec![0; LARGEST + 1];
        let length = loop {
            match recv(&self.0, bytes.as_mut_slice(), flags) {
                Ok((0, _)) | Err(Errno::CONNRESET) => return Err(Broken::Closed),
                Ok((length, _)) => break length,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(None),
                Err(error) => return Err(Broken::Failed(error)),
            }
        };
        let message = bytes.get(..length).map(decode).transpose();
        if let Some(short) = bytes.get_mut(..length.min(SHORT)) {
            short.zeroize();
        }
        message
    }

    fn wait(&self, what: PollFlags, time: Duration) -> Result<bool, Broken> {
        let time = Timespec::try_from(time).ok();
        let mut socket = [PollFd::new(&self.0, what)];
        match poll(&mut socket, time.as_ref()) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(Broken::Failed(error)),
        }
    }
}

impl From<OwnedFd> for Socket {
    fn from(descriptor: OwnedFd) -> Self {
        Self(descriptor)
    }
}

impl From<Socket> for OwnedFd {
    fn from(socket: Socket) -> Self {
        socket.0
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn encode(message: &impl Serialize) -> Result<Vec<u8>, Broken> {
    let bytes = postcard::to_allocvec(message).map_err(|_| Broken::Malformed)?;
    (bytes.len() <= LARGEST)
        .then_some(bytes)
        .ok_or(Broken::TooLarge)
}

/// Nothing is behind a message.
fn decode<M: DeserializeOwned>(bytes: &[u8]) -> Result<M, Broken> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) if bytes.len() <= LARGEST => Ok(message),
        Ok(_) | Err(_) => Err(Broken::Malformed),
    }
}
