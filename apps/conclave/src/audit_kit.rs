//! Packs a log, or its end, into the kit that anybody can verify: the layout is [`conclave_audit::verify_kit`]'s.

mod shelf;

use std::time::Duration;

use axum::body::Bytes;
use conclave_audit::kit::{CHECKPOINT_FILE, KEY_FILE, LOG_FOLDER, checkpoint_file};
use conclave_audit::{MAX_TILE_LEVEL, TILE_WIDTH, TileKind, TilePath, Verifier, add_to_bundle};
use conclave_protocol::Timestamp;
use conclave_store::ReadError;
use conclave_store::log::{LogHead, Logs, Signed};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::zip::{TooLarge, ZipWriter};

pub(crate) use shelf::Shelf;

/// What goes into a kit.
pub(crate) struct AuditKit {
    log: LogHead,
    verifier: Verifier,
    /// Of the kit's own tree: the first that holds all that was asked for.
    checkpoint: Signed,
    first: u64,
    end: u64,
}

/// Why there is no kit, or only half of one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KitError {
    #[error("the database can't be read")]
    Read(#[from] ReadError),
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    #[error("entry {0} is gone")]
    Gone(u64),
    #[error("nobody takes it any more")]
    HungUp,
    #[error("it is taken too slowly")]
    Slow,
}

/// Where a kit's bytes go, in order.
pub(crate) type Out = mpsc::Sender<Result<Bytes, std::io::Error>>;

impl AuditKit {
    /// Of a time, by the entries' own clocks. `None` where nothing happened in it.
    pub(crate) async fn plan(
        logs: &mut Logs,
        log: LogHead,
        verifier: Verifier,
        (from, to): (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<Option<Self>, KitError> {
        let Some((first, end)) = logs.range(&log, from, to).await? else {
            return Ok(None);
        };
        let covering = logs.checkpoints(&log, end - 1, 1).await?;
        Ok(covering.into_iter().next().map(|checkpoint| Self {
            log,
            verifier,
            checkpoint,
            first,
            end,
        }))
    }

    /// The first and the last entry that was asked for. A kit holds whole bundles, up to its checkpoint.
    pub(crate) fn range(&self) -> (u64, u64) {
        (self.first, self.end - 1)
    }

    /// Packs it. Whoever waits learns of a failure by a body that breaks off, or by a ZIP without its end.
    pub(crate) async fn pack(self, mut shelf: Shelf, out: Out) -> Result<(), KitError> {
        let packed = self.try_pack(&mut shelf, &out).await;
        if let Err(error) = &packed {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "a kit was not packed"
            );
            let failed = Err(std::io::Error::other("the kit was not packed"));
            // Whoever hung up, or takes nothing, hears nothing.
            let _told = timeout(PATIENCE, out.send(failed)).await;
        }
        packed
    }

    async fn try_pack(&self, shelf: &mut Shelf, out: &Out) -> Result<(), KitError> {
        let mut zip = ZipWriter::default();
        let key = self.verifier.to_string();
        let policy = format!("log {key}\nquorum none\n");
        for (name, text) in [
            ("README.txt", README),
            (KEY_FILE, &format!("{key}\n")),
            ("policy", &policy),
            (CHECKPOINT_FILE, &self.checkpoint.note),
        ] {
            send(out, zip.file(name, text.as_bytes())?).await?;
        }
        self.pack_checkpoints(shelf, &mut zip, out).await?;
        for level in 0..=MAX_TILE_LEVEL {
            self.pack_tiles(shelf, &mut zip, out, level).await?;
        }
        self.pack_entries(shelf, &mut zip, out).await?;
        send(out, zip.finish()?).await
    }

    /// Those of the kit's entries, up to its own; of very many each n-th.
    async fn pack_checkpoints(
        &self,
        shelf: &mut Shelf,
        zip: &mut ZipWriter,
        out: &Out,
    ) -> Result<(), KitError> {
        let apart = (self.checkpoint.size - self.start()) / MOST_CHECKPOINTS;
        let (mut behind, mut next) = (self.start(), self.start());
        loop {
            let page = shelf.checkpoints(&self.log, behind, PAGE).await?;
            for signed in &page {
                if signed.size > self.checkpoint.size {
                    return Ok(());
                }
                if signed.size >= next {
                    let name = checkpoint_file(signed.size);
                    send(out, zip.file(&name, signed.note.as_bytes())?).await?;
                    next = signed.size + apart;
                }
            }
            match page.last() {
                Some(last) => behind = last.size,
                None => return Ok(()),
            }
        }
    }

    /// All of the upper levels; of the lowest, those of the kit's entries.
    async fn pack_tiles(
        &self,
        shelf: &mut Shelf,
        zip: &mut ZipWriter,
        out: &Out,
        level: u8,
    ) -> Result<(), KitError> {
        let mut index = match level {
            0 => self.start() / u64::from(TILE_WIDTH),
            _ => 0,
        };
        while let Some(path) = TilePath::of_tree(level, index, self.checkpoint.size) {
            let tile = shelf.tile(&self.log, path).await?;
            send(out, zip.file(&format!("{LOG_FOLDER}{path}"), &tile)?).await?;
            index += 1;
        }
        Ok(())
    }

    async fn pack_entries(
        &self,
        shelf: &mut Shelf,
        zip: &mut ZipWriter,
        out: &Out,
    ) -> Result<(), KitError> {
        let mut index = self.start() / u64::from(TILE_WIDTH);
        while let Some(path) = TilePath::of_entries(index, self.checkpoint.size) {
            let bundle = shelf.bundle(&self.log, path).await?;
            send(out, zip.file(&format!("{LOG_FOLDER}{path}"), &bundle)?).await?;
            index += 1;
        }
        Ok(())
    }

    /// Of the first bundle.
    fn start(&self) -> u64 {
        self.first / u64::from(TILE_WIDTH) * u64::from(TILE_WIDTH)
    }
}

/// What lies at the path of a bundle of entries.
pub(crate) async fn bundle(
    logs: &mut Logs,
    log: &LogHead,
    path: TilePath,
) -> Result<Vec<u8>, KitError> {
    debug_assert_eq!(path.kind(), TileKind::Entries);
    let mut bundle = Vec::new();
    let mut leaves = logs
        .leaves(log, path.start(), path.end())
        .await?
        .into_iter();
    for seq in path.start()..path.end() {
        let leaf = leaves.next().filter(|leaf| leaf.seq == seq);
        let leaf = leaf
            .and_then(|leaf| leaf.leaf())
            .ok_or(KitError::Gone(seq))?;
        add_to_bundle(&mut bundle, &leaf).map_err(|_| KitError::Gone(seq))?;
    }
    Ok(bundle)
}

async fn send(out: &Out, bytes: Vec<u8>) -> Result<(), KitError> {
    let sent = timeout(PATIENCE, out.send(Ok(Bytes::from(bytes)))).await;
    sent.map_err(|_| KitError::Slow)?
        .map_err(|_| KitError::HungUp)
}

const README: &str = include_str!("audit_kit/README.txt");
/// The format takes 65,535 files; the rest are tiles and entries.
const MOST_CHECKPOINTS: u64 = 20_000;
const PAGE: u32 = 1_000;
/// For each file of a kit, of which the largest has two megabytes.
const PATIENCE: Duration = Duration::from_secs(60);
