//! The one door: the ways to make an act durable.
//!
//! What can be asked is told by its subject, each in a file of `store/`. Answers respect the acts that wait in the spool.

mod account_groups;
mod accounts;
mod centre;
mod collector;
mod companions;
mod complaints;
mod directory;
mod emergencies;
mod evidence;
mod examination;
mod factors;
mod federated_identities;
mod foresight;
mod links;
mod meetings;
mod participants;
mod policies;
mod programs;
mod recordings;
mod server_time;
mod sessions;
mod supervision;
mod support;
mod support_queue;
mod trainings;
mod unattended;
mod vault;

use std::ops::Deref;
use std::sync::Arc;

use conclave_audit::Entry;

use crate::action::{Action, Apply, Essential, Failure, Revision, Upkeep};
use crate::connection::Reader;
use crate::engine::{Asked, Link};
use crate::error::{OpenError, ReadError, WriteError};
use crate::idempotency::{self, Once};
use crate::log::{Fault, Logs, Notary, Sequencer};
use crate::open::{self, Options, Parts};
use crate::record::Record;
use crate::spool::{Answered, SpoolError, Spooled};
use crate::writer::Job;

pub use centre::{LogSearch, Logged, LookBack, LookedBack};

/// Cheap to clone; all clones share one writer.
#[derive(Clone)]
pub struct Store {
    parts: Shared,
}

/// The parts behind a trait: that they may be used from every thread is shown here once, and not again, down to the
/// databases' own types, for each future that holds a store.
#[derive(Clone)]
struct Shared(Arc<dyn Whole>);

trait Whole: Send + Sync {
    fn parts(&self) -> &Parts;
}

impl Whole for Parts {
    fn parts(&self) -> &Parts {
        self
    }
}

impl Deref for Shared {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        self.0.parts()
    }
}

/// What an action did, or did when it was first sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<Done> {
    pub done: Done,
    /// The same request was done before: nothing happened this time, so tell nobody again.
    pub replayed: bool,
}

/// How an essential act was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Durability<Done> {
    Stored(Answer<Done>),
    /// The database could not write; the act waits in the local spool, and reads already respect it.
    /// This is what it will have done.
    Spooled(Answer<Done>),
}

/// Why something is written that nobody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpkeepReason {
    /// Quality-of-service records.
    Measurement,
    /// Last-seen times, who is connected.
    Presence,
    /// Deleting what has expired.
    Expiry,
    /// How far something outside has been told.
    Delivery,
    /// How far the server's time has come.
    Time,
    /// How far the rules for anomalies have looked.
    Anomalies,
    /// Sealed pieces of a recording, whose begin and end are on record.
    Recording,
}

impl Store {
    /// Opens or creates the database, brings its schema up to date, and replays the spool.
    pub async fn open(options: Options) -> Result<Self, OpenError> {
        let parts = Shared(Arc::new(open::open(options).await?));
        Ok(Self { parts })
    }

    /// Commits what waits and closes the database. Writes that come later are refused as unavailable.
    pub async fn close(&self) {
        self.parts.readers.close().await;
        self.parts.writer.close().await;
    }

    /// Whether the database reads, the last commit went well and nothing waits in the spool: for `/readyz`.
    pub async fn is_ready(&self) -> bool {
        let reads = self.owner_exists().await.is_ok();
        reads && self.parts.writer.works() && self.parts.spool.is_empty().await
    }

    /// Makes an action durable together with its audit entries, or neither.
    pub async fn write<A: Action>(
        &self,
        action: A,
        record: impl Into<Record<A::Done>>,
    ) -> Result<A::Done, WriteError> {
        let answer = self.queue(action, Some(record.into()), None).await?;
        Ok(answer.done)
    }

    /// As [`Store::write`], at most once for the same actor, key and request, where they are given.
    pub async fn write_once<A: Action>(
        &self,
        once: impl Into<Option<Once>>,
        action: A,
        record: impl Into<Record<A::Done>>,
    ) -> Result<Answer<A::Done>, WriteError> {
        self.queue(action, Some(record.into()), once.into()).await
    }

    /// The answer to a request that was done before. Ask this before policy, which sees the state after it.
    /// Refused: [`crate::Refused::KeyReused`].
    pub async fn recall<A: Action>(&self, once: &Once) -> Result<Option<A::Done>, WriteError> {
        if let Some((request, answer)) = self.parts.spool.overlay().answer(once) {
            return Ok(Some(once.answer(request, answer)?));
        }
        let mut reader = self.reader().await.map_err(Failure::from)?;
        Ok(once.recall(&mut reader.link()).await?)
    }

    /// As [`Store::write`]; when the database cannot write, the act waits in the local spool.
    /// An error says that neither could be done, or that the act was refused.
    pub async fn write_or_spool<A: Essential>(
        &self,
        once: Option<Once>,
        action: A,
        entry: Entry,
    ) -> Result<Durability<A::Done>, WriteError> {
        let nothing = |_: &A::Done| Some(Vec::new());
        self.write_or_spool_with(once, action, entry, nothing).await
    }

    /// As [`Store::write_or_spool`], with entries of what followed, made of what the act did; of one that waits in the spool,
    /// of what it will have done. They wait with it, and are written with it. Where they can't be made there is no act; but
    /// one that has to wait does so without them.
    pub async fn write_or_spool_with<A: Essential>(
        &self,
        once: Option<Once>,
        action: A,
        entry: Entry,
        following: impl Fn(&A::Done) -> Option<Vec<Entry>> + Clone + Send + 'static,
    ) -> Result<Durability<A::Done>, WriteError> {
        let (act, again) = (action.clone(), once.clone());
        let record = Record::followed(entry.clone(), following.clone());
        let written = self.parts.writer.write_essential(|reply| {
            Box::new(Job {
                act,
                record: Some(record),
                once: again,
                if_awaited: false,
                reply,
            })
        });
        let error = match written.await {
            Ok(answer) => return Ok(Durability::Stored(answer)),
            Err(error @ (WriteError::Busy | WriteError::Unavailable(_))) => error,
            Err(refused) => return Err(refused),
        };
        match self.spool(once, action, entry, following).await {
            Ok(answer) => Ok(Durability::Spooled(answer)),
            Err(NotSpooled::Refused(refused @ WriteError::Refused(_))) => Err(refused),
            Err(NotSpooled::Refused(unread)) => {
                let cause = &unread as &dyn std::error::Error;
                tracing::error!(error = cause, "an essential act could not be prepared");
                Err(error)
            }
            Err(NotSpooled::Spool(spool)) => {
                tracing::error!(error = %spool, "an essential act could not be spooled");
                Err(error)
            }
        }
    }

    async fn spool<A: Essential>(
        &self,
        once: Option<Once>,
        action: A,
        entry: Entry,
        following: impl FnOnce(&A::Done) -> Option<Vec<Entry>> + Send,
    ) -> Result<Answer<A::Done>, NotSpooled> {
        let held = self.parts.spool.hold().await;
        if let Some(once) = &once
            && let Some(done) = self.recall::<A>(once).await?
        {
            let replayed = true;
            return Ok(Answer { done, replayed });
        }
        let foreseen = self.foreseen(&action).await?;
        let done = action.foresee(foreseen);
        let act = action.into();
        if let Some(refused) = self.parts.spool.overlay().refuses(&act) {
            return Err(WriteError::from(refused).into());
        }
        let answer = idempotency::text(&done).map_err(Failure::from);
        let answer = answer.map_err(WriteError::from)?;
        let more = following(&done).unwrap_or_else(|| {
            tracing::error!("what follows of an essential act has no entries");
            Vec::new()
        });
        held.append(Spooled {
            act,
            entry,
            more,
            foreseen,
            answered: once.map(|once| Answered { once, answer }),
        })?;
        let replayed = false;
        Ok(Answer { done, replayed })
    }

    /// What the action raises its meeting's revision to, as readers see it.
    async fn foreseen<A: Essential>(&self, action: &A) -> Result<Revision, WriteError> {
        let Some(id) = action.meeting() else {
            return Ok(Revision::default());
        };
        let meeting = self.meeting(id).await;
        let meeting =
            meeting.map_err(|ReadError::Unavailable(cause)| WriteError::Unavailable(cause))?;
        let revision = meeting.map_or(0, |meeting| meeting.revision);
        Ok(Revision(revision.saturating_add(1)))
    }

    /// Makes entries durable without an action: refusals, and what happened elsewhere.
    pub async fn record(&self, record: impl Into<Record<()>>) -> Result<(), WriteError> {
        self.queue(Nothing, Some(record.into()), None).await?;
        Ok(())
    }

    /// As [`Self::record`], for what follows only once it is on record: whoever stopped waiting before its turn has had nothing,
    /// and leaves nothing.
    pub async fn record_if_awaited(&self, record: impl Into<Record<()>>) -> Result<(), WriteError> {
        let record = Some(record.into());
        let job = |reply| -> Box<dyn crate::writer::Work> {
            Box::new(Job {
                act: Nothing,
                record,
                once: None,
                if_awaited: true,
                reply,
            })
        };
        self.parts.writer.write(job).await?;
        Ok(())
    }

    /// The only write without a record.
    pub async fn write_unaudited<U: Upkeep>(
        &self,
        reason: UpkeepReason,
        upkeep: U,
    ) -> Result<U::Done, WriteError> {
        let answer = self.queue(upkeep, None, None).await;
        if let Err(error @ WriteError::Unavailable(_)) = &answer {
            tracing::warn!(?reason, %error, "upkeep was not written");
        }
        Ok(answer?.done)
    }

    async fn queue<A: Apply>(
        &self,
        act: A,
        record: Option<Record<A::Done>>,
        once: Option<Once>,
    ) -> Result<Answer<A::Done>, WriteError> {
        let job = |reply| -> Box<dyn crate::writer::Work> {
            Box::new(Job {
                act,
                record,
                once,
                if_awaited: false,
                reply,
            })
        };
        self.parts.writer.write(job).await
    }

    /// A connection that asks about the logs.
    pub async fn logs(&self) -> Result<Logs, ReadError> {
        Ok(Logs::of_reader(self.reader().await?))
    }

    /// Gives entries places in logs whose checkpoints this notary signs: from here on, and also those that wait. Without a
    /// notary they wait in the outbox.
    pub async fn keep_logs(&self, notary: Notary) {
        self.parts.writer.keep_logs(Sequencer::new(notary)).await;
    }

    /// Why the logs are not continued, where they are not.
    pub fn log_fault(&self) -> Option<Fault> {
        self.parts.writer.fault()
    }

    async fn reader(&self) -> Result<Reader, sqlx::Error> {
        let reader: Asked<'_, Reader> = Box::pin(self.parts.readers.reader());
        reader.await
    }
}

/// Why an essential act does not wait in the spool.
enum NotSpooled {
    Refused(WriteError),
    Spool(SpoolError),
}

impl From<WriteError> for NotSpooled {
    fn from(error: WriteError) -> Self {
        Self::Refused(error)
    }
}

impl From<SpoolError> for NotSpooled {
    fn from(error: SpoolError) -> Self {
        Self::Spool(error)
    }
}

/// The act of an entry that stands alone.
pub(crate) struct Nothing;

impl Apply for Nothing {
    type Done = ();

    async fn apply(self, _link: &mut Link<'_>) -> Result<(), Failure> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
