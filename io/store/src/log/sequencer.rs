//! Gives entries their places: reads the outbox in its order, writes places, hashes and a checkpoint, in the writer's own
//! transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use conclave_audit::{Checkpoint, Frontier, Hash, leaf_hash, leaf_of};
use conclave_protocol::OrganisationId;
use tokio::time::Instant;
use uuid::Uuid;

use super::fault::Fault;
use super::notary::Notary;
use super::pending::{Pending, Waiting};
use super::place::{self, Place};
use super::searched::Searched;
use super::standing::{self, Standing};
use crate::engine::{Link, statements};
use crate::read::audit::{Recorded, recorded_after};

/// Of the one writer.
pub(crate) struct Sequencer {
    notary: Notary,
    waiting: Waiting,
    /// As of the last commit; `None` until it is read, and after a commit that failed.
    kept: Option<Progress>,
    /// As it is when this transaction is committed.
    next: Option<Progress>,
    fault: Option<Fault>,
}

/// How far the outbox is sequenced.
#[derive(Clone)]
struct Progress {
    position: i64,
    logs: BTreeMap<Option<Uuid>, Standing>,
}

/// Why nothing was sequenced.
pub(crate) enum Stopped {
    Database(sqlx::Error),
    Fault(Fault),
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Sequencer {
    /// Looks first for what nobody has sequenced yet.
    pub(crate) fn new(notary: Notary) -> Self {
        let mut waiting = Waiting::default();
        waiting.add(Pending::UNCOUNTED, Instant::now());
        Self {
            notary,
            waiting,
            kept: None,
            next: None,
            fault: None,
        }
    }

    pub(crate) fn add(&mut self, pending: Pending) {
        self.waiting.add(pending, Instant::now());
    }

    /// `None` while nothing waits, or nothing can be done about it.
    pub(crate) fn due_in(&self) -> Option<Duration> {
        match self.fault {
            Some(_) => None,
            None => self.waiting.due_in(Instant::now()),
        }
    }

    pub(crate) fn is_due(&self) -> bool {
        self.due_in() == Some(Duration::ZERO)
    }

    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// Sequences one batch. Nothing of it stands until [`Self::committed`].
    pub(crate) async fn sequence(&mut self, link: &mut Link<'_>) -> Result<(), sqlx::Error> {
        match self.try_sequence(link).await {
            Ok(()) => Ok(()),
            Err(Stopped::Database(error)) => Err(error),
            Err(Stopped::Fault(fault)) => {
                tracing::error!(error = %fault, "the audit log is not continued");
                self.fault = Some(fault);
                Err(sqlx::Error::Protocol(fault.to_string()))
            }
        }
    }

    async fn try_sequence(&mut self, link: &mut Link<'_>) -> Result<(), Stopped> {
        let mut progress = self.progress(link).await?;
        let batch = recorded_after(link, progress.position, MOST_IN_BATCH).await?;
        let is_last = batch.len() < MOST_IN_BATCH as usize;
        let (mut grown, mut places) = (BTreeSet::new(), Vec::with_capacity(batch.len()));
        for recorded in batch {
            progress.position = recorded.position;
            grown.insert(recorded.log.map(|OrganisationId(id)| id));
            places.push(self.place(link, &mut progress, recorded).await?);
        }
        place::insert(link, places).await?;
        for log in grown {
            let standing = progress.logs.get(&log);
            let standing = standing.expect("an entry of it was placed");
            self.sign(link, standing).await?;
        }
        self.next = Some(progress);
        self.waiting = Waiting::default();
        if !is_last {
            self.add(Pending::UNCOUNTED);
        }
        Ok(())
    }

    /// What is kept, unless somebody else has gone on from it.
    async fn progress(&mut self, link: &mut Link<'_>) -> Result<Progress, Stopped> {
        let position = last_position(link).await?.map_or(0, |(position,)| position);
        match self.kept.take().filter(|kept| kept.position == position) {
            Some(kept) => Ok(kept),
            None => {
                let logs = standing::all(link).await?.into_iter();
                let logs = logs.map(|(log, standing)| (log.map(|OrganisationId(id)| id), standing));
                Ok(Progress {
                    position,
                    logs: logs.collect(),
                })
            }
        }
    }

    async fn place(
        &self,
        link: &mut Link<'_>,
        progress: &mut Progress,
        recorded: Recorded,
    ) -> Result<Place, Stopped> {
        let Recorded {
            position,
            log,
            bytes,
        } = recorded;
        let standing = self.standing(link, progress, log).await?;
        let unreadable = || Fault::Unreadable { position };
        let searched = Searched::read(&bytes).ok_or_else(unreadable)?;
        let seq = standing.edge.size();
        let leaf = leaf_of(&bytes, seq).map_err(|_| unreadable())?;
        let hash = leaf_hash(&leaf);
        let Hash(hashed) = hash;
        let grown = standing.edge.push(hash).map_err(|_| Fault::Full { log })?;
        for above in grown.into_iter().filter(|grown| grown.level > 0) {
            let (level, Hash(hash)) = (u64::from(above.level), above.hash);
            insert_hash(link, standing.number, level, above.index, hash).await?;
        }
        Ok(Place {
            position,
            log: standing.number,
            seq,
            hash: hashed,
            at: searched.time.as_unix_millis(),
            actor: searched.actor(),
            object: searched.object(),
            event: searched.event,
            outcome: searched.outcome,
        })
    }

    /// The log's, begun with its first entry.
    async fn standing<'p>(
        &self,
        link: &mut Link<'_>,
        progress: &'p mut Progress,
        log: Option<OrganisationId>,
    ) -> Result<&'p mut Standing, Stopped> {
        let key = log.map(|OrganisationId(id)| id);
        if !progress.logs.contains_key(&key) {
            let number = progress.logs.values().map(|log| log.number).max();
            let number = number.map_or(1, |last| last + 1);
            let origin = self.notary.origin(log).ok_or(Fault::NoName)?;
            insert_log(link, number, log, origin.to_string()).await?;
            let standing = Standing {
                number,
                origin,
                edge: Frontier::new(),
            };
            progress.logs.insert(key, standing);
        }
        Ok(progress
            .logs
            .get_mut(&key)
            .expect("it is there, or was just put there"))
    }

    async fn sign(&self, link: &mut Link<'_>, standing: &Standing) -> Result<(), sqlx::Error> {
        let checkpoint = Checkpoint {
            origin: standing.origin.clone(),
            size: standing.edge.size(),
            root: standing.edge.root(),
        };
        let note = self.notary.sign(&checkpoint);
        let (size, Hash(root)) = (checkpoint.size, checkpoint.root);
        insert_checkpoint(link, standing.number, size, root, note).await?;
        Ok(())
    }

    /// What was sequenced is durable.
    pub(crate) fn committed(&mut self) {
        self.kept = self.next.take().or(self.kept.take());
    }

    /// Nothing of it is known to be: all is read again.
    pub(crate) fn undone(&mut self) {
        (self.kept, self.next) = (None, None);
        self.add(Pending::UNCOUNTED);
    }
}

/// Entries in one transaction, under one checkpoint of each log. More makes those who wait for the same commit wait longer.
const MOST_IN_BATCH: u32 = 512;

statements! {
    optional last_position() -> (i64,)
        = "SELECT position FROM audit_entry ORDER BY position DESC LIMIT 1";

    execute insert_log(number: i64, log: Option<OrganisationId>, origin: String)
        = "INSERT INTO audit_log (number, log, origin) VALUES ($1, $2, $3)";

    execute insert_hash(log: i64, level: u64, idx: u64, hash: [u8; 32])
        = "INSERT INTO audit_tile (log, level, idx, hash) VALUES ($1, $2, $3, $4)";

    execute insert_checkpoint(log: i64, size: u64, root: [u8; 32], note: String)
        = "INSERT INTO audit_checkpoint (log, size, root, note) VALUES ($1, $2, $3, $4)";
}
