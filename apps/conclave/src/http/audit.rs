//! The audit log: its head, its entries, its tiles, what proves them, and the way out.

pub(super) mod checkpoint;
pub(super) mod entries;
pub(super) mod export;
pub(crate) mod exports;
pub(super) mod log;
pub(crate) mod looked;
pub(super) mod proof;
mod reader;
pub(super) mod signed;
pub(super) mod tile;

use conclave_protocol::OrganisationId;
use conclave_store::log::{LogHead, Logs};

use super::problem::{AUDIT_NOT_FOUND, INTERNAL, Refusal};
use crate::app::App;

/// The organisation's log, with a connection to ask more about it.
async fn log_of(app: &App, organisation: OrganisationId) -> Result<(Logs, LogHead), Refusal> {
    let mut logs = app.store.logs().await?;
    let head = logs.head(Some(organisation)).await?;
    Ok((logs, head.ok_or(AUDIT_NOT_FOUND)?))
}

/// Of the log's checkpoints, as C2SP writes it.
fn verifier_key(app: &App, log: &LogHead) -> Result<String, Refusal> {
    let verifier = app.audit_key.verifier(&log.origin);
    Ok(verifier.ok_or(INTERNAL)?.to_string())
}

/// What should be kept is gone: the log needs a person.
fn broken(log: &LogHead) -> Refusal {
    tracing::error!(log = log.number, "a part of the audit log is gone");
    INTERNAL.into()
}
