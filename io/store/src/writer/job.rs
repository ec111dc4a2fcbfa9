//! One caller's act on its way through the writer.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::action::{Apply, Failure};
use crate::engine::{Link, statements};
use crate::error::{Cause, WriteError};
use crate::idempotency::Once;
use crate::log::Pending;
use crate::outbox::Leaf;
use crate::record::Record;
use crate::store::Answer;

/// Where a caller waits for what became of its act.
pub(crate) type Reply<Done> = oneshot::Sender<Result<Done, WriteError>>;

/// Tells the caller, once it is known whether the group was committed.
pub(crate) type Settle = Box<dyn FnOnce(Result<(), Arc<sqlx::Error>>) + Send>;

/// What running a job came to, before the commit.
pub(crate) struct Ran {
    /// Else its savepoint is undone.
    pub(crate) keep: bool,
    /// The database failed it.
    pub(crate) troubled: bool,
    /// What came on record, if it is kept.
    pub(crate) pending: Pending,
    pub(crate) settle: Settle,
}

impl Ran {
    /// Not at all.
    fn left() -> Self {
        Self {
            keep: false,
            troubled: false,
            pending: Pending::default(),
            settle: Box::new(|_| {}),
        }
    }
}

pub(crate) trait Work: Send {
    fn run<'a>(
        self: Box<Self>,
        link: &'a mut Link<'_>,
    ) -> Pin<Box<dyn Future<Output = Ran> + Send + 'a>>;

    /// The group failed before this job's turn.
    fn give_up(self: Box<Self>) -> Settle;
}

/// An act, the entries that tell of it, and who waits for it.
pub(crate) struct Job<A: Apply> {
    pub(crate) act: A,
    /// Absent for upkeep alone.
    pub(crate) record: Option<Record<A::Done>>,
    pub(crate) once: Option<Once>,
    /// Nothing follows where the caller does not wait any more when its turn comes.
    pub(crate) if_awaited: bool,
    pub(crate) reply: Reply<Answer<A::Done>>,
}

impl<A: Apply> Work for Job<A> {
    fn run<'a>(
        self: Box<Self>,
        link: &'a mut Link<'_>,
    ) -> Pin<Box<dyn Future<Output = Ran> + Send + 'a>> {
        Box::pin(async move {
            let Self {
                act,
                record,
                once,
                if_awaited,
                reply,
            } = *self;
            if if_awaited && reply.is_closed() {
                return Ran::left();
            }
            let outcome = attempt(act, record, once, link).await;
            Ran {
                keep: outcome.is_ok(),
                troubled: matches!(outcome, Err(WriteError::Unavailable(_))),
                pending: outcome
                    .as_ref()
                    .map_or_else(|_| Pending::default(), |(_, new)| *new),
                settle: settle(reply, outcome.map(|(answer, _)| answer)),
            }
        })
    }

    fn give_up(self: Box<Self>) -> Settle {
        Box::new(move |committed| {
            let error = committed
                .err()
                .unwrap_or_else(|| sqlx::Error::WorkerCrashed.into());
            tell(self.reply, Err(unavailable(error)));
        })
    }
}

/// The act, then its entries, then the answer for whoever asks again. With the answer comes what waits to be sequenced.
pub(crate) async fn attempt<A: Apply>(
    act: A,
    record: Option<Record<A::Done>>,
    once: Option<Once>,
    link: &mut Link<'_>,
) -> Result<(Answer<A::Done>, Pending), WriteError> {
    let mut pending = Pending::default();
    if let Some(once) = &once
        && let Some(done) = once.recall(link).await?
    {
        let replayed = true;
        return Ok((Answer { done, replayed }, pending));
    }
    let done = act.apply(link).await?;
    if let Some(record) = record {
        let entries = record.entries(&done);
        if entries.is_empty() {
            return Err(WriteError::Unrecorded);
        }
        for entry in &entries {
            Leaf::of(entry)?.append(link).await.map_err(Failure::from)?;
        }
        pending = Pending::of(&entries);
    }
    if let Some(once) = once {
        once.remember(link, &done).await.map_err(Failure::from)?;
    }
    let replayed = false;
    Ok((Answer { done, replayed }, pending))
}

fn settle<Done: Send + 'static>(reply: Reply<Done>, outcome: Result<Done, WriteError>) -> Settle {
    Box::new(move |committed| {
        let outcome = outcome.and_then(|done| committed.map(|()| done).map_err(unavailable));
        tell(reply, outcome);
    })
}

fn tell<Done>(reply: Reply<Done>, outcome: Result<Done, WriteError>) {
    // A caller that stopped waiting does not undo what is committed.
    let _told = reply.send(outcome);
}

fn unavailable(error: Arc<sqlx::Error>) -> WriteError {
    WriteError::Unavailable(Cause::from(error))
}

impl From<Failure> for WriteError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refused) => Self::Refused(refused),
            Failure::Database(error) => Self::Unavailable(Cause::from(error)),
        }
    }
}

/// Finds out whether the database can write.
pub(crate) fn probe() -> Box<dyn Work> {
    Box::new(Probe)
}

struct Probe;

impl Work for Probe {
    fn run<'a>(
        self: Box<Self>,
        link: &'a mut Link<'_>,
    ) -> Pin<Box<dyn Future<Output = Ran> + Send + 'a>> {
        Box::pin(async move {
            let keep = raise_probe(link).await.is_ok();
            Ran {
                keep,
                troubled: !keep,
                // Programs that write beside the server leave entries, too.
                pending: Pending::UNCOUNTED,
                settle: Box::new(|_| {}),
            }
        })
    }

    fn give_up(self: Box<Self>) -> Settle {
        Box::new(|_| {})
    }
}

statements! {
    execute raise_probe()
        = "INSERT INTO probe (id, times) VALUES (1, 1)
           ON CONFLICT (id) DO UPDATE SET times = probe.times + 1";
}
