//! Holds the rules for anomalies against what the log gained, for as long as the server runs.
//!
//! How far they have looked is kept with what they found, in one transaction: a server that stops in between looks at
//! nothing twice, and finds nothing twice.

mod batch;
mod facts;
mod note;

use conclave_protocol::anomaly::AnomalyRule;
use conclave_store::action::{FindAnomalies, KeepLook};
use conclave_store::{ReadError, Record, UpkeepReason, WriteError};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;

use self::batch::Batch;
use crate::app::App;
use crate::secret::NoRandomness;

pub(crate) use note::{open, seal};

/// The task.
pub(crate) struct AnomalyWatch {
    app: App,
    figures: Figures,
}

#[derive(Clone, Default)]
struct Figures {
    found: Family<Found, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Found {
    rule: &'static str,
}

#[derive(Debug, thiserror::Error)]
enum LookError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl AnomalyWatch {
    pub(crate) fn new(app: App) -> Self {
        let figures = app.metrics.register(Figures::register);
        Self { app, figures }
    }

    /// Looks until the server stops.
    pub(crate) async fn go(self, stopping: CancellationToken) {
        let every = self.app.config.anomalies.every;
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(every) => {}
            }
            if let Err(error) = self.look().await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the rules for anomalies did not look at all that the log gained"
                );
            }
        }
    }

    /// The rest of very much waits for the next look.
    async fn look(&self) -> Result<(), LookError> {
        for _ in 0..BATCHES_IN_A_LOOK {
            let after = self.app.store.anomalies_looked_at().await?;
            let rows = self.app.store.recorded_after(after, ENTRIES_IN_A_BATCH);
            let rows = rows.await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            let (up_to, is_last) = (last.position, rows.len() < ENTRIES_IN_A_BATCH as usize);
            let batch = Batch::gather(&self.app.store, &rows).await?;
            self.keep(after, up_to, batch).await?;
            if is_last {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn keep(&self, after: i64, up_to: i64, batch: Batch) -> Result<(), LookError> {
        let now = self.app.clock.now();
        let (findings, entries) = batch.judge(&self.app.store, now).await?;
        let look = KeepLook {
            after,
            up_to,
            marks: batch.marks,
            at: now,
        };
        if findings.is_empty() {
            let kept = self
                .app
                .store
                .write_unaudited(UpkeepReason::Anomalies, look);
            return Ok(kept.await?);
        }
        let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
        let found = FindAnomalies { look, findings };
        let record = Record::after(move |()| entries);
        self.app.store.write(found, record).await?;
        for rule in rules {
            self.figures.count(rule);
        }
        Ok(())
    }
}

impl Figures {
    fn register(registry: &mut Registry) -> Self {
        let figures = Self::default();
        registry.register(
            "anomalies_found",
            "What the rules for anomalies found since the start, by rule",
            figures.found.clone(),
        );
        figures
    }

    fn count(&self, rule: AnomalyRule) {
        let rule = rule.code();
        self.found.get_or_create(&Found { rule }).inc();
    }
}

/// Entries that become marks in one transaction. More keeps others from writing for longer.
const ENTRIES_IN_A_BATCH: u32 = 500;
const BATCHES_IN_A_LOOK: u32 = 40;
