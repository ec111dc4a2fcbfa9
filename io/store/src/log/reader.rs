//! What the logs can be asked: a connection, and a method for each question.

use std::collections::BTreeSet;

use conclave_audit::{Hash, Outcome, TileKind, TilePath, Tiles, leaf_of};
use conclave_protocol::{OrganisationId, Timestamp};
use uuid::Uuid;

use super::searched::Searched;
use super::sequencer::last_position;
use super::standing;
use crate::connection::{Connection, Reader};
use crate::engine::{Link, row, statements};
use crate::error::ReadError;
use crate::read::audit::{Recorded, recorded_after};

/// Holds a connection: one question, or the questions of one task, and no longer.
pub struct Logs(Reading);

enum Reading {
    Reader(Reader),
    Beside(Connection),
}

row! {
    /// A log as of its last checkpoint.
    pub struct LogHead {
        /// By which the other questions name it.
        pub number: i64,
        /// The organisation's whose it is; absent for the installation's.
        pub log: Option<OrganisationId>,
        /// Also the name of the key that signs its checkpoints.
        pub origin: String,
        /// Entries that the checkpoint covers.
        pub size: u64,
        pub root: [u8; 32],
        /// The signed checkpoint.
        pub note: String,
    }
}

row! {
    /// A checkpoint as it was signed.
    pub struct Signed {
        pub size: u64,
        pub root: [u8; 32],
        pub note: String,
    }
}

row! {
    /// An entry in its place, and the hash that was kept for it.
    pub struct StoredLeaf {
        pub seq: u64,
        pub hash: [u8; 32],
        bytes: Vec<u8>,
        at: i64,
        event: String,
        outcome: String,
        actor: Option<Uuid>,
        object: Option<Uuid>,
    }
}

row! {
    /// Which entry it is, without its bytes.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Placed {
        pub seq: u64,
        pub id: Uuid,
        at: i64,
    }
}

/// Which entries are asked for; what is absent restricts nothing.
#[derive(Clone, Default)]
pub struct Asked {
    /// The entry's own. It says all: with it the rest is not looked at.
    pub id: Option<Uuid>,
    pub from: Option<Timestamp>,
    /// Up to, but without, this moment.
    pub to: Option<Timestamp>,
    /// The event's whole name, as `meeting.admit`.
    pub event: Option<String>,
    pub actor: Option<Uuid>,
    pub object: Option<Uuid>,
    pub outcome: Option<Outcome>,
    /// Those before this sequence number.
    pub before: Option<u64>,
}

/// An entry that was asked for.
pub struct Listed {
    pub seq: u64,
    /// The leaf's bytes: the entry's canonical form with its `seq`.
    pub leaf: Vec<u8>,
}

impl Listed {
    /// `None` where what is kept is no entry.
    fn of(stored: &StoredLeaf) -> Option<Self> {
        let (seq, leaf) = (stored.seq, stored.leaf()?);
        Some(Self { seq, leaf })
    }
}

impl Placed {
    /// By the entry's own clock.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.at.saturating_mul(1_000))
    }
}

impl StoredLeaf {
    /// The leaf's bytes; `None` where what is kept is no entry.
    pub fn leaf(&self) -> Option<Vec<u8>> {
        leaf_of(&self.bytes, self.seq).ok()
    }

    /// Whether it is searched for by what its bytes say: what stands in the columns is a copy, which no checkpoint covers.
    pub fn is_filed_by_its_words(&self) -> bool {
        Searched::read(&self.bytes).is_some_and(|searched| {
            searched.time.as_unix_millis() == self.at
                && searched.actor() == self.actor
                && searched.object() == self.object
                && searched.event == self.event
                && searched.outcome == self.outcome
        })
    }
}

impl Logs {
    pub(crate) fn of_reader(reader: Reader) -> Self {
        Self(Reading::Reader(reader))
    }

    pub(crate) fn beside(connection: Connection) -> Self {
        Self(Reading::Beside(connection))
    }

    /// So that nothing of the database is open when this returns.
    pub async fn close(self) {
        if let Reading::Beside(connection) = self.0 {
            connection.close().await;
        }
    }

    fn link(&mut self) -> Link<'_> {
        match &mut self.0 {
            Reading::Reader(reader) => reader.link(),
            Reading::Beside(connection) => connection.link(),
        }
    }

    /// Every log that has a checkpoint.
    pub async fn heads(&mut self) -> Result<Vec<LogHead>, ReadError> {
        Ok(heads(&mut self.link()).await?)
    }

    /// The log of an organisation, or the installation's. `None` until it has a checkpoint.
    pub async fn head(
        &mut self,
        log: Option<OrganisationId>,
    ) -> Result<Option<LogHead>, ReadError> {
        let heads = self.heads().await?;
        Ok(heads.into_iter().find(|head| head.log == log))
    }

    /// Newest first, [`MOST_ENTRIES_LISTED`] or `most` of them, of those that the log's checkpoint covers.
    pub async fn list(
        &mut self,
        log: &LogHead,
        asked: Asked,
        most: u32,
    ) -> Result<Vec<Listed>, ReadError> {
        if let Some(id) = asked.id {
            let found = by_id(&mut self.link(), log.number, log.size, id).await?;
            return Ok(found.iter().filter_map(Listed::of).collect());
        }
        // By time first: an index knows how far its entries reach, and without it a quiet day is looked for in the whole log.
        let Some((first, end)) = self.range(log, asked.from, asked.to).await? else {
            return Ok(Vec::new());
        };
        let before = asked.before.unwrap_or(end).min(end);
        let from = asked.from.map_or(i64::MIN, millis);
        let to = asked.to.map_or(i64::MAX, millis);
        let most = most.min(MOST_ENTRIES_LISTED);
        let Asked {
            event,
            actor,
            object,
            outcome,
            ..
        } = asked;
        let outcome = outcome.map(|outcome| word(outcome).to_owned());
        let (link, log) = (&mut self.link(), log.number);
        let found = match (actor, object, event) {
            (Some(actor), object, event) => {
                by_actor(
                    link, log, before, from, to, most, outcome, first, actor, object, event,
                )
                .await
            }
            (None, Some(object), event) => {
                by_object(
                    link, log, before, from, to, most, outcome, first, object, event,
                )
                .await
            }
            (None, None, Some(event)) => {
                by_event(link, log, before, from, to, most, outcome, first, event).await
            }
            (None, None, None) => by_time(link, log, before, from, to, most, outcome, first).await,
        };
        let found = found?;
        let listed = found.iter().filter_map(Listed::of);
        Ok(listed.collect())
    }

    /// The last entry of an event that came out so, of those that the log's checkpoint covers.
    pub async fn newest(
        &mut self,
        log: &LogHead,
        event: &str,
        outcome: Outcome,
    ) -> Result<Option<Placed>, ReadError> {
        let (event, outcome) = (event.to_owned(), word(outcome).to_owned());
        let (number, size) = (log.number, log.size);
        Ok(newest(&mut self.link(), number, size, event, outcome).await?)
    }

    /// The last entry of an event that was done about an object.
    pub async fn newest_about(
        &mut self,
        log: &LogHead,
        event: &str,
        object: Uuid,
    ) -> Result<Option<Placed>, ReadError> {
        let (event, outcome) = (event.to_owned(), word(Outcome::Done).to_owned());
        let (number, size) = (log.number, log.size);
        let link = &mut self.link();
        Ok(newest_about(link, number, size, event, outcome, object).await?)
    }

    /// Entries from one sequence number on, up to but without another; at most 256.
    pub async fn leaves(
        &mut self,
        log: &LogHead,
        from: u64,
        to: u64,
    ) -> Result<Vec<StoredLeaf>, ReadError> {
        let to = to.min(from.saturating_add(256));
        Ok(leaves(&mut self.link(), log.number, from, to).await?)
    }

    /// What lies at the path of a tile of hashes; shorter than its width where hashes are gone.
    pub async fn tile(&mut self, log: &LogHead, path: TilePath) -> Result<Vec<u8>, ReadError> {
        Ok(tile(&mut self.link(), log.number, path).await?)
    }

    /// Those that a proof needs. One whose hashes are gone is not among them.
    pub async fn tiles(
        &mut self,
        log: &LogHead,
        paths: BTreeSet<TilePath>,
    ) -> Result<Tiles, ReadError> {
        let mut tiles = Tiles::new();
        let link = &mut self.link();
        for path in paths {
            let _kept = standing::read_tile(link, log.number, path, &mut tiles).await?;
        }
        Ok(tiles)
    }

    /// Those of trees larger than this, smallest first, `most` of them at the most.
    pub async fn checkpoints(
        &mut self,
        log: &LogHead,
        larger_than: u64,
        most: u32,
    ) -> Result<Vec<Signed>, ReadError> {
        Ok(checkpoints(&mut self.link(), log.number, larger_than, most).await?)
    }

    /// The first and one past the last sequence number of what happened in a time, by the entries' own clocks.
    pub async fn range(
        &mut self,
        log: &LogHead,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Option<(u64, u64)>, ReadError> {
        if from.is_none() && to.is_none() {
            return Ok(Some((0, log.size)).filter(|_| log.size > 0));
        }
        let from = from.map_or(i64::MIN, millis);
        let to = to.map_or(i64::MAX, millis);
        let found = ends_in(&mut self.link(), log.number, from, to).await?;
        let range = found.and_then(|(first, last)| Some((first?, last?.saturating_add(1))));
        Ok(range
            .filter(|(first, _)| *first < log.size)
            .map(|(first, end)| (first, end.min(log.size))))
    }

    /// Entries of the outbox that stand in no log although later ones do.
    pub async fn left_out(&mut self) -> Result<u64, ReadError> {
        let found = left_out(&mut self.link()).await?;
        Ok(found.map_or(0, |(count,)| count))
    }

    /// Logs whose last entry is not the last of their last checkpoint.
    pub async fn unsigned(&mut self) -> Result<u64, ReadError> {
        let found = unsigned(&mut self.link()).await?;
        Ok(found.map_or(0, |(count,)| count))
    }

    /// The position in the outbox of the last entry that has its place in a log; 0 where none has.
    pub async fn placed_up_to(&mut self) -> Result<i64, ReadError> {
        let last = last_position(&mut self.link()).await?;
        Ok(last.map_or(0, |(position,)| position))
    }

    /// Entries of the outbox behind a position, in their order.
    pub async fn recorded_after(
        &mut self,
        position: i64,
        most: u32,
    ) -> Result<Vec<Recorded>, ReadError> {
        Ok(recorded_after(&mut self.link(), position, most).await?)
    }
}

pub(super) async fn tile(
    link: &mut Link<'_>,
    log: i64,
    path: TilePath,
) -> Result<Vec<u8>, sqlx::Error> {
    let from = path.index() * 256;
    let to = from + u64::from(path.width());
    let hashes = match path.kind() {
        TileKind::Hashes { level: 0 } => entry_hashes(link, log, from, to).await?,
        TileKind::Hashes { level } => hashes(link, log, u64::from(level), from, to).await?,
        TileKind::Entries => Vec::new(),
    };
    let mut bytes = Vec::with_capacity(hashes.len() * Hash::BYTES);
    for (index, hash) in hashes {
        // A gap makes it shorter than it should be, and so no tile.
        if index == from + (bytes.len() / Hash::BYTES) as u64 {
            bytes.extend(hash);
        }
    }
    Ok(bytes)
}

/// As an entry has it.
const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Failed => "failed",
        Outcome::Refused => "refused",
    }
}

/// Of an entry's time.
fn millis(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(1_000)
}

/// Entries in one answer. A longer page is a longer statement, and a larger stolen answer.
pub const MOST_ENTRIES_LISTED: u32 = 200;

statements! {
    all heads() -> LogHead
        = "SELECT l.number, l.log, l.origin, c.size, c.root, c.note
           FROM audit_log l JOIN audit_checkpoint c ON c.log = l.number
           WHERE c.size = (SELECT MAX(m.size) FROM audit_checkpoint m WHERE m.log = l.number)
           ORDER BY l.number";

    all by_id(log: i64, size: u64, id: Uuid) -> StoredLeaf
        = "SELECT e.seq, e.hash, o.bytes, e.at, e.event, e.outcome, e.actor, e.object
           FROM audit_outbox o JOIN audit_entry e ON e.position = o.position
           WHERE o.id = $3 AND e.log = $1 AND e.seq < $2";

    all by_time(
        log: i64, before: u64, since: i64, until: i64, most: u32, outcome: Option<String>,
        first: u64,
    ) -> StoredLeaf
        = "SELECT e.seq, e.hash, o.bytes, e.at, e.event, e.outcome, e.actor, e.object
           FROM audit_entry e JOIN audit_outbox o ON o.position = e.position
           WHERE e.log = $1 AND e.seq >= $7 AND e.seq < $2 AND +e.at >= $3 AND +e.at < $4
               AND (e.outcome = $6 OR $6 IS NULL)
           ORDER BY e.seq DESC LIMIT $5";

    all by_event(
        log: i64, before: u64, since: i64, until: i64, most: u32, outcome: Option<String>,
        first: u64, event: String,
    ) -> StoredLeaf
        = "SELECT e.seq, e.hash, o.bytes, e.at, e.event, e.outcome, e.actor, e.object
           FROM audit_entry e JOIN audit_outbox o ON o.position = e.position
           WHERE e.log = $1 AND e.event = $8 AND e.seq >= $7 AND e.seq < $2
               AND +e.at >= $3 AND +e.at < $4
               AND (e.outcome = $6 OR $6 IS NULL)
           ORDER BY e.seq DESC LIMIT $5";

    all by_object(
        log: i64, before: u64, since: i64, until: i64, most: u32, outcome: Option<String>,
        first: u64, object: Uuid, event: Option<String>,
    ) -> StoredLeaf
        = "SELECT e.seq, e.hash, o.bytes, e.at, e.event, e.outcome, e.actor, e.object
           FROM audit_entry e JOIN audit_outbox o ON o.position = e.position
           WHERE e.log = $1 AND e.object = $8 AND e.seq >= $7 AND e.seq < $2
               AND +e.at >= $3 AND +e.at < $4
               AND (e.outcome = $6 OR $6 IS NULL) AND (e.event = $9 OR $9 IS NULL)
           ORDER BY e.seq DESC LIMIT $5";

    all by_actor(
        log: i64, before: u64, since: i64, until: i64, most: u32, outcome: Option<String>,
        first: u64, actor: Uuid, object: Option<Uuid>, event: Option<String>,
    ) -> StoredLeaf
        = "SELECT e.seq, e.hash, o.bytes, e.at, e.event, e.outcome, e.actor, e.object
           FROM audit_entry e JOIN audit_outbox o ON o.position = e.position
           WHERE e.log = $1 AND e.actor = $8 AND e.seq >= $7 AND e.seq < $2
               AND +e.at >= $3 AND +e.at < $4
               AND (e.outcome = $6 OR $6 IS NULL) AND (e.object = $9 OR $9 IS NULL)
               AND (e.event = $10 OR $10 IS NULL)
           ORDER BY e.seq DESC LIMIT $5";

    optional newest(log: i64, size: u64, event: String, outcome: String) -> Placed
        = "SELECT e.seq AS seq, o.id AS id, e.at AS at
           FROM audit_entry e JOIN audit_outbox o ON o.position = e.position
           WHERE e.log = $1 AND e.seq < $2 AND e.event = $3 AND e.outcome = $4
           ORDER BY e.seq DESC LIMIT 1";

    // Of one object there are few, whatever came of them: an index of outcomes is not to be preferred to its own.
    optional newest_about(log: i64, size: u64, event: String, outcome: String, object: Uuid) -> Placed
        = "SELECT e.seq AS seq, o.id AS id, e.at AS at
           FROM audit_entry e JOIN audit_outbox o ON o.position = e.position
           WHERE e.log = $1 AND e.seq < $2 AND e.event = $3 AND (e.outcome = $4 OR $4 IS NULL)
               AND e.object = $5
           ORDER BY e.seq DESC LIMIT 1";

    all leaves(log: i64, first: u64, behind: u64) -> StoredLeaf
        = "SELECT e.seq, e.hash, o.bytes, e.at, e.event, e.outcome, e.actor, e.object
           FROM audit_entry e JOIN audit_outbox o ON o.position = e.position
           WHERE e.log = $1 AND e.seq >= $2 AND e.seq < $3 ORDER BY e.seq";

    all entry_hashes(log: i64, first: u64, behind: u64) -> (u64, [u8; 32])
        = "SELECT seq, hash FROM audit_entry
           WHERE log = $1 AND seq >= $2 AND seq < $3 ORDER BY seq";

    all hashes(log: i64, level: u64, first: u64, behind: u64) -> (u64, [u8; 32])
        = "SELECT idx, hash FROM audit_tile
           WHERE log = $1 AND level = $2 AND idx >= $3 AND idx < $4 ORDER BY idx";

    all checkpoints(log: i64, larger_than: u64, most: u32) -> Signed
        = "SELECT size, root, note FROM audit_checkpoint
           WHERE log = $1 AND size > $2 ORDER BY size LIMIT $3";

    // Both ends in one: each alone would be looked for along the numbers, entry by entry.
    optional ends_in(log: i64, since: i64, until: i64) -> (Option<u64>, Option<u64>)
        = "SELECT MIN(seq), MAX(seq) FROM audit_entry WHERE log = $1 AND at >= $2 AND at < $3";

    optional unsigned() -> (u64,)
        = "SELECT COUNT(*) FROM audit_log l
           WHERE COALESCE((SELECT MAX(e.seq) + 1 FROM audit_entry e WHERE e.log = l.number), 0)
               <> COALESCE((SELECT MAX(c.size) FROM audit_checkpoint c WHERE c.log = l.number), 0)";

    optional left_out() -> (u64,)
        = "SELECT COUNT(*) FROM audit_outbox o
           WHERE o.position < (SELECT MAX(position) FROM audit_entry)
               AND NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.position = o.position)";
}
