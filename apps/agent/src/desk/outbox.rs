//! What waits to be sent to the process with the network, which may be slow.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use crate::ipc::{DeskToNet, Socket};

pub(super) struct Outbox {
    waiting: SyncSender<DeskToNet>,
    sent: Receiver<()>,
}

/// It takes nothing, or too little.
pub(super) struct Behind;

impl Outbox {
    pub(super) fn open(net: Socket) -> Self {
        let (waiting, messages) = sync_channel::<DeskToNet>(MOST_WAITING);
        let (all, sent) = channel::<()>();
        thread::spawn(move || {
            let _until_dropped = all;
            for message in messages {
                if net.send(&message).is_err() {
                    break;
                }
            }
        });
        Self { waiting, sent }
    }

    pub(super) fn send(&self, message: DeskToNet) -> Result<(), Behind> {
        self.waiting.try_send(message).map_err(|_| Behind)
    }

    /// Waits a little until all is sent.
    pub(super) fn close(self) -> bool {
        drop(self.waiting);
        let sent = self.sent.recv_timeout(LAST_WORDS);
        sent == Err(RecvTimeoutError::Disconnected)
    }
}

/// What the technician is told, and pieces of files: 16 MiB at most.
const MOST_WAITING: usize = 512;

pub(super) const LAST_WORDS: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;
    use conclave_protocol::remote::EndReason;

    #[test]
    fn all_is_sent_in_order_before_it_is_closed() {
        let (desk, net) = Socket::pair().unwrap();
        let outbox = Outbox::open(desk);
        for reason in [EndReason::Idle, EndReason::Stopped] {
            assert!(outbox.send(DeskToNet::Ended(reason)).is_ok());
        }

        assert!(outbox.close());

        let received = || net.receive::<DeskToNet>();
        assert!(matches!(received(), Ok(DeskToNet::Ended(EndReason::Idle))));
        assert!(matches!(
            received(),
            Ok(DeskToNet::Ended(EndReason::Stopped))
        ));
    }

    #[test]
    fn nobody_waits_for_a_reader_that_does_not_read() {
        let (desk, _net) = Socket::pair().unwrap();
        let outbox = Outbox::open(desk);

        let sent =
            (0..100_000).take_while(|_| outbox.send(DeskToNet::Ended(EndReason::Idle)).is_ok());

        assert!(sent.count() < 100_000);
    }
}
