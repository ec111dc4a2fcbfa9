//! An owner's ICE-TCP streams, by the address of their peer.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::counters::{Counters, DropReason};

pub(super) struct Streams {
    open: BTreeMap<SocketAddr, mpsc::Sender<Vec<u8>>>,
    counters: Arc<Counters>,
}

impl Streams {
    pub(super) fn new(counters: Arc<Counters>) -> Self {
        Self {
            open: BTreeMap::new(),
            counters,
        }
    }

    pub(super) fn open(&mut self, remote: SocketAddr, frames: mpsc::Sender<Vec<u8>>) {
        self.open.insert(remote, frames);
    }

    /// Its task ends when it has written what it has.
    pub(super) fn close(&mut self, remote: SocketAddr) {
        self.open.remove(&remote);
    }

    /// Media that comes late is worse than none: what does not fit is dropped and counted.
    pub(super) fn send(&mut self, remote: SocketAddr, frame: Vec<u8>) {
        let full = self.open.get(&remote).is_some_and(|frames| {
            matches!(
                frames.try_send(frame),
                Err(mpsc::error::TrySendError::Full(_))
            )
        });
        if full {
            self.counters.drop_one(DropReason::StreamBehind);
        }
    }
}
