//! Goes through the audit logs all the time, slowly, so that damage is found before somebody needs a proof.

use std::time::Duration;

use conclave_audit::{Actor, Code, Event};
use conclave_protocol::OrganisationId;
use conclave_store::Store;
use conclave_store::log::Fault;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;

use crate::audit_check::{Check, CheckError, Mismatch};
use crate::audit_key::AuditKey;
use crate::{Clock, recorded};

pub(crate) struct AuditScrub {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) key: AuditKey,
    pub(crate) figures: AuditFigures,
}

/// What is known of the logs' integrity.
#[derive(Clone, Default)]
pub(crate) struct AuditFigures {
    faults: Gauge,
    rounds: Counter,
    entries: Counter,
}

impl AuditFigures {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let figures = Self::default();
        registry.register(
            "audit_log_faults",
            "Faults found in the audit logs since the start: anything but 0 needs a person",
            figures.faults.clone(),
        );
        registry.register(
            "audit_log_rounds",
            "Times that every audit log was derived again from its entries",
            figures.rounds.clone(),
        );
        registry.register(
            "audit_log_checked_entries",
            "Entries that were derived again",
            figures.entries.clone(),
        );
        figures
    }
}

impl AuditFigures {
    /// How often every log was derived again since the start, and whether nothing was found.
    pub(crate) fn seen(&self) -> (u64, bool) {
        (self.rounds.get(), self.faults.get() == 0)
    }
}

impl AuditScrub {
    /// Goes round until the server stops, or something is found: a fault needs a person, not repetition.
    pub(crate) async fn go_round(self, stopping: CancellationToken) {
        let found = tokio::select! {
            () = stopping.cancelled() => return,
            found = self.until_a_fault() => found,
        };
        self.figures.faults.inc();
        let (fault, organisation) = found;
        let event = Event::SystemIntegrity {
            fault: Code::new(fault),
            organisation: organisation.map(|OrganisationId(id)| id),
        };
        let Ok(entry) = recorded::entry(self.clock.now(), Actor::System, event) else {
            return;
        };
        if let Err(error) = self.store.record(entry).await {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a fault of the audit log could not be recorded");
        }
    }

    async fn until_a_fault(&self) -> (&'static str, Option<OrganisationId>) {
        loop {
            match self.round().await {
                Ok(None) => drop(self.figures.rounds.inc()),
                Ok(Some((mismatch, organisation))) => {
                    tracing::error!(error = %mismatch, "the audit log is not as it was signed");
                    return (mismatch.code(), organisation);
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "the audit log could not be read through");
                }
            }
            for _ in 0..LOOKS_BETWEEN_ROUNDS {
                if let Some(fault) = self.store.log_fault() {
                    return (fault.code(), of(fault));
                }
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
        }
    }

    async fn round(
        &self,
    ) -> Result<Option<(Mismatch, Option<OrganisationId>)>, conclave_store::ReadError> {
        let heads = self.store.logs().await?.heads().await?;
        for head in heads {
            let organisation = head.log;
            let Some(verifier) = self.key.verifier(&head.origin) else {
                return Ok(Some((Mismatch::CheckpointGone, organisation)));
            };
            match self.check(Check::of(head, verifier)).await {
                Ok(size) => drop(self.figures.entries.inc_by(size)),
                Err(CheckError::Mismatch(found)) => return Ok(Some((found, organisation))),
                Err(CheckError::Read(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    /// A connection is for a step, so that people's questions find one.
    async fn check(&self, mut check: Check) -> Result<u64, CheckError> {
        while check.step(&mut self.store.logs().await?).await? {
            tokio::time::sleep(BETWEEN_STEPS).await;
        }
        let rederived = check.finish(&mut self.store.logs().await?).await?;
        Ok(rederived.size)
    }
}

fn of(fault: Fault) -> Option<OrganisationId> {
    match fault {
        Fault::NotAsSigned { log } | Fault::Full { log } => log,
        Fault::Unreadable { .. } | Fault::NoName => None,
    }
}

/// A million entries take twenty minutes, and a few hundredths of a processor.
const BETWEEN_STEPS: Duration = Duration::from_millis(300);
/// What the writer finds by itself is told soon; a round is an hour after another.
const BETWEEN_LOOKS: Duration = Duration::from_secs(10);
const LOOKS_BETWEEN_ROUNDS: u32 = 360;
