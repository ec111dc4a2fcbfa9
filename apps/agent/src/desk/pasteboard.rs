//! The clipboard, in a thread that hands ours to who asks for it and tells of others'.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use conclave_protocol::remote::ClipboardText;

use super::mailbox::{Happening, Mailbox};
use crate::platform::{Bell, Clipboard, Fault};

pub(super) struct Pasteboard {
    /// Until it is dropped.
    orders: Option<SyncSender<Order>>,
    /// Rung after each.
    bell: Bell,
}

enum Order {
    Put(ClipboardText),
    Clear,
}

impl Pasteboard {
    pub(super) fn of(
        mut clipboard: impl Clipboard + Send + 'static,
        mailbox: Arc<Mailbox>,
    ) -> Result<Self, Fault> {
        let (orders, given) = sync_channel(MOST_ORDERS);
        let bell = Bell::new()?;
        clipboard.heed(bell.clone());
        thread::spawn(move || {
            if serve(clipboard, &mailbox, &given).is_err() {
                mailbox.near(Happening::DesktopGone);
            }
        });
        let orders = Some(orders);
        Ok(Self { orders, bell })
    }

    pub(super) fn put(&self, text: ClipboardText) {
        self.order(Order::Put(text));
    }

    pub(super) fn clear(&self) {
        self.order(Order::Clear);
    }

    /// One too many in a moment is not carried out.
    fn order(&self, order: Order) {
        let _taken = self.orders.as_ref().map(|orders| orders.try_send(order));
        self.bell.ring();
    }
}

impl Drop for Pasteboard {
    fn drop(&mut self) {
        self.orders = None;
        self.bell.ring();
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
                if let Some(text) = clipboard.next(UNTIL_THE_BELL)? {
                    mailbox.near(Happening::Copied(text));
                }
            }
            Err(TryRecvError::Disconnected) => return Ok(()),
        }
    }
}

const MOST_ORDERS: usize = 16;

const UNTIL_THE_BELL: Duration = Duration::MAX;
