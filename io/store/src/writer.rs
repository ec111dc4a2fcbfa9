//! The one writer: takes what waits, does each act inside of its own savepoint, and commits them together.
//!
//! One commit is one fsync, whoever waits for it. An act that refuses, or fails, undoes its own
//! savepoint and nobody else's; an act is acknowledged after its commit. What the spool holds goes
//! first: nothing is written past it. Entries that are due get their places in the log in the same commit.

mod job;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::connection::{Connection, Connector};
use crate::engine::Link;
use crate::error::{Cause, WriteError};
use crate::log::{Fault, Pending, Sequencer};
use crate::spool::Spool;

#[cfg(test)]
pub(crate) use job::STATEMENTS;
pub(crate) use job::{Job, Reply, Settle, Work, attempt};

/// Acts in one commit. A larger group makes the first of them wait longer, a smaller one
/// fsyncs more often.
const MOST_IN_GROUP: usize = 256;

/// How often a database that could not write is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(2);

/// How long an essential act waits for a place in the queue before it is spooled.
const ESSENTIAL_PATIENCE: Duration = Duration::from_secs(2);

/// How long an essential act may take in all before it is spooled: a connection that hangs tells
/// nobody. If it is committed after all, its entry's id keeps the replay from doing it twice.
const ESSENTIAL_LIMIT: Duration = Duration::from_secs(15);

/// The callers' side.
pub(crate) struct Writer {
    queue: mpsc::Sender<Order>,
    works: Arc<AtomicBool>,
    fault: Arc<OnceLock<Fault>>,
}

enum Order {
    Work(Box<dyn Work>),
    KeepLogs(Box<Sequencer>),
    Close(oneshot::Sender<()>),
}

/// The task's side.
struct Task {
    connector: Connector,
    /// `None` after it broke, until it is made again.
    connection: Option<Connection>,
    spool: Arc<Spool>,
    works: Arc<AtomicBool>,
    idle: Duration,
    /// `None` until somebody signs.
    sequencer: Option<Sequencer>,
    fault: Arc<OnceLock<Fault>>,
    /// Held for as long as anything may be written.
    _data_dir: std::fs::File,
}

impl Writer {
    pub(crate) fn start(
        connector: Connector,
        connection: Connection,
        spool: Arc<Spool>,
        data_dir: std::fs::File,
        queue: usize,
        idle: Duration,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(queue.max(1));
        let works = Arc::new(AtomicBool::new(true));
        let fault = Arc::new(OnceLock::new());
        let task = Task {
            connector,
            connection: Some(connection),
            spool,
            works: Arc::clone(&works),
            idle,
            sequencer: None,
            fault: Arc::clone(&fault),
            _data_dir: data_dir,
        };
        tokio::spawn(task.run(receiver));
        Self {
            queue: sender,
            works,
            fault,
        }
    }

    /// Whether the last commit went well.
    pub(crate) fn works(&self) -> bool {
        self.works.load(Ordering::Relaxed) && !self.queue.is_closed()
    }

    /// From here on entries get places in logs. An error would say that nothing is written any more.
    pub(crate) async fn keep_logs(&self, sequencer: Sequencer) {
        let _closed = self.queue.send(Order::KeepLogs(Box::new(sequencer))).await;
    }

    /// Why the log is not continued.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault.get().copied()
    }

    /// Queues a job, or refuses at once when too many wait.
    pub(crate) async fn write<Done: Send + 'static>(
        &self,
        make: impl FnOnce(Reply<Done>) -> Box<dyn Work>,
    ) -> Result<Done, WriteError> {
        let (reply, answer) = oneshot::channel();
        let order = Order::Work(make(reply));
        self.queue.try_send(order).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => WriteError::Busy,
            mpsc::error::TrySendError::Closed(_) => closed(),
        })?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Queues a job that may wait for its place a moment longer.
    pub(crate) async fn write_essential<Done: Send + 'static>(
        &self,
        make: impl FnOnce(Reply<Done>) -> Box<dyn Work>,
    ) -> Result<Done, WriteError> {
        let place = timeout(ESSENTIAL_PATIENCE, self.queue.reserve()).await;
        let place = place.map_err(|_| WriteError::Busy)?.map_err(|_| closed())?;
        let (reply, answer) = oneshot::channel();
        place.send(Order::Work(make(reply)));
        match timeout(ESSENTIAL_LIMIT, answer).await {
            Ok(answer) => answer.unwrap_or_else(|_| Err(closed())),
            Err(_) => Err(WriteError::Busy),
        }
    }

    /// Commits what waits, refuses what comes later, and closes the connection.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.queue.send(Order::Close(done)).await.is_ok() {
            // An error says that the task has ended already.
            let _ended = closed.await;
        }
    }
}

fn closed() -> WriteError {
    WriteError::Unavailable(Cause::from(sqlx::Error::PoolClosed))
}

impl Task {
    async fn run(mut self, mut queue: mpsc::Receiver<Order>) {
        let mut closing = None;
        loop {
            let Some(first) = self.next(&mut queue).await else {
                break;
            };
            let mut group = Vec::new();
            let mut order = Some(first);
            while let Some(taken) = order {
                match taken {
                    Order::Work(work) => group.push(work),
                    Order::KeepLogs(sequencer) => self.sequencer = Some(*sequencer),
                    Order::Close(done) => {
                        queue.close();
                        closing = Some(done);
                    }
                }
                order = match group.len() < MOST_IN_GROUP {
                    true => queue.try_recv().ok(),
                    false => None,
                };
            }
            self.commit(group).await;
        }
        self.sequence_rest().await;
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
        drop(self);
        if let Some(done) = closing {
            // Whoever closed may have stopped waiting.
            let _told = done.send(());
        }
    }

    /// The next order; meanwhile sequences what is due, and tries again whatever could not be written, or whether anything
    /// can.
    async fn next(&mut self, queue: &mut mpsc::Receiver<Order>) -> Option<Order> {
        loop {
            let healthy = self.works.load(Ordering::Relaxed) && self.spool.is_empty().await;
            let due = self.sequencer.as_ref().and_then(Sequencer::due_in);
            let wait = match healthy {
                true => due.unwrap_or(self.idle).min(self.idle),
                false => TRY_AGAIN,
            };
            match timeout(wait, queue.recv()).await {
                Ok(order) => return order,
                Err(_) if healthy && self.is_due() => self.commit(Vec::new()).await,
                Err(_) => self.commit(vec![job::probe()]).await,
            }
        }
    }

    fn is_due(&self) -> bool {
        self.sequencer.as_ref().is_some_and(Sequencer::is_due)
    }

    /// So that whoever looks at a server that was stopped finds every entry in its place.
    async fn sequence_rest(&mut self) {
        self.heard(Pending::UNCOUNTED);
        while self.works.load(Ordering::Relaxed) && self.is_due() {
            self.commit(Vec::new()).await;
        }
    }

    fn heard(&mut self, pending: Pending) {
        if let Some(sequencer) = &mut self.sequencer {
            sequencer.add(pending);
        }
    }

    async fn commit(&mut self, group: Vec<Box<dyn Work>>) {
        if group.is_empty() && !self.is_due() {
            return;
        }
        let mut settles = Vec::with_capacity(group.len());
        let outcome = self.try_commit(group, &mut settles).await;
        let works = outcome.as_ref().is_ok_and(|untroubled| *untroubled);
        self.works.store(works, Ordering::Relaxed);
        if let Err(error) = &outcome {
            tracing::error!(error = %error, "the store could not commit");
            self.recover().await;
        }
        if let Some(sequencer) = &mut self.sequencer {
            match outcome {
                Ok(_) => sequencer.committed(),
                Err(_) => sequencer.undone(),
            }
        }
        let outcome = outcome.map_err(Arc::new);
        for settle in settles {
            settle(outcome.as_ref().map(drop).map_err(Arc::clone));
        }
    }

    async fn try_commit(
        &mut self,
        group: Vec<Box<dyn Work>>,
        settles: &mut Vec<Settle>,
    ) -> Result<bool, sqlx::Error> {
        let mut group = group.into_iter();
        let outcome = self.do_each(&mut group, settles).await;
        // Whoever was not reached learns why.
        settles.extend(group.map(Work::give_up));
        outcome
    }

    /// Whether the database did all that it was asked, or why it did nothing.
    async fn do_each(
        &mut self,
        group: &mut std::vec::IntoIter<Box<dyn Work>>,
        settles: &mut Vec<Settle>,
    ) -> Result<bool, sqlx::Error> {
        let mut untroubled = true;
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connector.connect().await?,
        };
        let connection = self.connection.insert(connection);
        let mut pending = match self.spool.replay(connection).await? {
            true => vec![Pending::UNCOUNTED],
            false => Vec::new(),
        };
        connection.begin().await?;
        for work in group.by_ref() {
            let mut link = connection.link();
            link.command("SAVEPOINT act").await?;
            let ran = work.run(&mut link).await;
            settles.push(ran.settle);
            untroubled &= !ran.troubled;
            pending.push(ran.pending);
            if !ran.keep {
                link.command("ROLLBACK TO SAVEPOINT act").await?;
            }
            link.command("RELEASE SAVEPOINT act").await?;
        }
        if let Some(sequencer) = &mut self.sequencer {
            pending
                .into_iter()
                .for_each(|pending| sequencer.add(pending));
            if sequencer.is_due() {
                untroubled &= sequence(sequencer, &self.fault, &mut connection.link()).await?;
            }
        }
        connection.link().command("COMMIT").await?;
        Ok(untroubled)
    }

    /// Leaves the broken transaction, or the broken connection.
    async fn recover(&mut self) {
        if let Some(mut connection) = self.connection.take()
            && connection.link().command("ROLLBACK").await.is_ok()
        {
            self.connection = Some(connection);
        }
    }
}

/// Whether the database did it. Acts are durable also where their places have to wait.
async fn sequence(
    sequencer: &mut Sequencer,
    fault: &OnceLock<Fault>,
    link: &mut Link<'_>,
) -> Result<bool, sqlx::Error> {
    link.command("SAVEPOINT log").await?;
    let sequenced = sequencer.sequence(link).await;
    if let Err(error) = &sequenced {
        link.command("ROLLBACK TO SAVEPOINT log").await?;
        tracing::error!(%error, "entries could not be sequenced");
        sequencer.undone();
    }
    link.command("RELEASE SAVEPOINT log").await?;
    if let Some(found) = sequencer.fault() {
        // The first is the one to look at.
        let _first = fault.set(found);
        return Ok(true);
    }
    Ok(sequenced.is_ok())
}
