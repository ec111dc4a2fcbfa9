//! The clipboard, in a thread that hands ours to who asks for it and tells of others'.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use conclave_protocol::remote::ClipboardText;

use super::mailbox::{Happening, Mailbox};
use crate::platform::{Clipboard, Fault};

pub(super) struct Pasteboard {
    orders: SyncSender<Order>,
}

enum Order {
    Put(ClipboardText),
    Clear,
}

impl Pasteboard {
    pub(super) fn of(clipboard: impl Clipboard + Send + 'static, mailbox: Arc<Mailbox>) -> Self {
        let (orders, given) = sync_channel(MOST_ORDERS);
        thread::spawn(move || {
            if serve(clipboard, &mailbox, &given).is_err() {
                mailbox.near(Happening::DesktopGone);
            }
        });
        Self { orders }
    }

    /// One too many in a moment is not put.
    pub(super) fn put(&self, text: ClipboardText) {
        let _taken = self.orders.try_send(Order::Put(text));
    }

    pub(super) fn clear(&self) {
        let _taken = self.orders.try_send(Order::Clear);
    }
}

/// Until nobody gives orders any more. Then nothing of ours is on the clipboard, for it is dropped.
fn serve(
    mut clipboard: impl Clipboard,
    mailbox: &Mailbox,
    orders: &Receiver<Order>,
) -> Result<(), Fault> {
    loop {
        match orders.try_recv() {
            Ok(Order::Put(text)) => clipboard.put(text)?,
            Ok(Order::Clear) => clipboard.clear()?,
            Err(TryRecvError::Empty) => {
                if let Some(text) = clipboard.next(BETWEEN_ORDERS)? {
                    mailbox.near(Happening::Copied(text));
                }
            }
            Err(TryRecvError::Disconnected) => return Ok(()),
        }
    }
}

const MOST_ORDERS: usize = 16;

/// What is put can be pasted so soon.
const BETWEEN_ORDERS: Duration = Duration::from_millis(50);
