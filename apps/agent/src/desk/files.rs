//! The inbox, in a thread of its own: a disk may be slow.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use conclave_protocol::remote::TransferId;
use conclave_remote::{Done, FileWork};

use super::mailbox::{Happening, Mailbox};
use crate::inbox::{Came, Hashed, Inbox, Picked};

pub(super) struct Files {
    /// As many as the session has pieces on their way, which it bounds.
    orders: Sender<Order>,
    ended: Receiver<()>,
}

enum Order {
    Work(FileWork),
    Picked(Hashed),
}

impl Files {
    pub(super) fn of(inbox: Inbox, mailbox: Arc<Mailbox>) -> Self {
        let (orders, given) = channel();
        let (ends, ended) = channel();
        thread::spawn(move || {
            serve(inbox, &mailbox, &given);
            let _nobody_waits = ends.send(());
        });
        Self { orders, ended }
    }

    pub(super) fn work(&self, work: FileWork) {
        let _taken = self.orders.send(Order::Work(work));
    }

    /// The person's choice is read once before anything is said of it, which may take long.
    pub(super) fn pick(&self, transfer: TransferId, path: PathBuf, mailbox: Arc<Mailbox>) {
        let orders = self.orders.clone();
        thread::spawn(
            move || match Picked::open(transfer, &path).and_then(Picked::hash) {
                Ok(hashed) => {
                    let _taken = orders.send(Order::Picked(hashed));
                }
                Err(_) => mailbox.near(Happening::Done(Done::Failed(transfer))),
            },
        );
    }

    /// Waits a little until nothing is left of what is not the person's.
    pub(super) fn close(self) -> bool {
        drop(self.orders);
        self.ended.recv_timeout(LAST_WORK) != Err(RecvTimeoutError::Timeout)
    }
}

fn serve(mut inbox: Inbox, mailbox: &Arc<Mailbox>, orders: &Receiver<Order>) {
    for order in orders {
        let came = match order {
            Order::Work(work) => inbox.work(work),
            Order::Picked(hashed) => Came::Of(inbox.picked(hashed)),
        };
        match came {
            Came::Nothing => {}
            Came::Of(done) => mailbox.near(Happening::Done(done)),
            Came::Kept(path) => mailbox.near(Happening::Arrived(path)),
            Came::ToScan(transfer, scanner, file) => {
                let mailbox = Arc::clone(mailbox);
                thread::spawn(move || {
                    let done = scanner.scan(transfer, file);
                    mailbox.near(Happening::Done(done));
                });
            }
        }
    }
}

pub(super) const LAST_WORK: Duration = Duration::from_secs(2);
