//! Derives a log again from its entries, step by step, and holds what comes out against everything that is kept of it.

use conclave_audit::{Falsified, KeyName, LogOwner, Rederivation, Rederived, Tile, Verifier};
use conclave_protocol::OrganisationId;
use conclave_store::ReadError;
use conclave_store::log::{LogHead, Logs};

/// Under way through one log, as far as its checkpoint went when this began.
pub(crate) struct Check {
    head: LogHead,
    derivation: Rederivation,
}

/// What is kept is not what was signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Mismatch {
    #[error(transparent)]
    Falsified(#[from] Falsified),
    #[error("entry {seq} is gone")]
    Gone { seq: u64 },
    #[error("entry {seq} is searched for by other words than its own")]
    Misfiled { seq: u64 },
    #[error("the log is kept as another organisation's")]
    Misplaced,
    #[error("the last checkpoint is gone")]
    CheckpointGone,
    #[error("{count} entries stand in no log")]
    LeftOut { count: u64 },
}

impl Mismatch {
    /// 1 to 64 characters of `a-z` and `_`, for the audit log.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Falsified(falsified) => match falsified {
                Falsified::Checkpoint => "checkpoint",
                Falsified::Fork { .. } => "fork",
                Falsified::Entry { .. } => "entry",
                Falsified::Root { .. } => "root",
                Falsified::Tile { .. } => "tile",
                Falsified::Truncated { .. } => "truncated",
            },
            Self::Gone { .. } => "entry_gone",
            Self::Misfiled { .. } => "entry_misfiled",
            Self::Misplaced => "log_misplaced",
            Self::CheckpointGone => "checkpoint_gone",
            Self::LeftOut { .. } => "left_out",
        }
    }
}

/// Why a check came to no good end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    #[error("the database can't be read")]
    Read(#[from] ReadError),
}

impl From<Falsified> for CheckError {
    fn from(falsified: Falsified) -> Self {
        Self::Mismatch(falsified.into())
    }
}

impl Check {
    pub(crate) fn of(head: LogHead, verifier: Verifier) -> Self {
        Self {
            head,
            derivation: Rederivation::new(verifier),
        }
    }

    /// Also demands that the log goes on from a checkpoint that somebody kept elsewhere.
    pub(crate) fn hold(&mut self, note: &str) -> Result<(), Mismatch> {
        self.derivation.checkpoint(note)?;
        Ok(())
    }

    /// All of it at once.
    pub(crate) async fn run(mut self, logs: &mut Logs) -> Result<Rederived, CheckError> {
        while self.step(logs).await? {}
        self.finish(logs).await
    }

    /// Up to 256 entries; whether there are more.
    pub(crate) async fn step(&mut self, logs: &mut Logs) -> Result<bool, CheckError> {
        if !self.is_its_owners() {
            return Err(Mismatch::Misplaced.into());
        }
        let from = self.derivation.next();
        let to = (from + STEP).min(self.head.size);
        for signed in logs.checkpoints(&self.head, from, MOST_CHECKPOINTS).await? {
            if signed.size > to {
                break;
            }
            let opened = self.derivation.checkpoint(&signed.note)?;
            if (opened.size, opened.root.0) != (signed.size, signed.root) {
                return Err(Falsified::Checkpoint.into());
            }
        }
        let mut leaves = logs.leaves(&self.head, from, to).await?.into_iter();
        for seq in from..to {
            let leaf = leaves.next().filter(|leaf| leaf.seq == seq);
            let stored = leaf.ok_or(Mismatch::Gone { seq })?;
            let leaf = stored.leaf().ok_or(Falsified::Entry { seq })?;
            for tile in self.derivation.entry(&leaf)? {
                compare(logs, &self.head, tile).await?;
            }
            if !stored.is_filed_by_its_words() {
                return Err(Mismatch::Misfiled { seq }.into());
            }
        }
        Ok(to < self.head.size)
    }

    /// What is signed is the name; whom the log is shown to stands beside it.
    fn is_its_owners(&self) -> bool {
        let origin = KeyName::parse(&self.head.origin);
        let owner = origin.as_ref().and_then(LogOwner::of_origin);
        let kept = self.head.log.map(|OrganisationId(id)| id);
        owner.is_some_and(|owner| owner.organisation() == kept)
    }

    /// After the last step.
    pub(crate) async fn finish(self, logs: &mut Logs) -> Result<Rederived, CheckError> {
        let rederived = self.derivation.finish()?;
        for tile in &rederived.partial_tiles {
            compare(logs, &self.head, tile.clone()).await?;
        }
        if rederived.checkpoints == 0 || rederived.root.0 != self.head.root {
            return Err(Mismatch::CheckpointGone.into());
        }
        if logs.unsigned().await? > 0 {
            return Err(Mismatch::CheckpointGone.into());
        }
        match logs.left_out().await? {
            0 => Ok(rederived),
            count => Err(Mismatch::LeftOut { count }.into()),
        }
    }
}

/// A derived tile against the one that is kept.
async fn compare(logs: &mut Logs, head: &LogHead, tile: Tile) -> Result<(), CheckError> {
    let path = tile.path;
    match logs.tile(head, path).await? == tile.bytes {
        true => Ok(()),
        false => Err(Falsified::Tile { path }.into()),
    }
}

/// Entries in one step: a tile's.
const STEP: u64 = 256;
/// Each is of another size, so a step meets no more.
const MOST_CHECKPOINTS: u32 = 256;
