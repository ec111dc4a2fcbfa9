//! Bodies of the audit log: its head, its entries, and what proves that it only ever grew.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Timestamp;

/// Answers `GET /api/v1/audit/log`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct AuditLog {
    /// Which log it is, and the name of the key that signs for it.
    pub origin: String,
    /// The key, as C2SP's signed notes write it.
    pub verifier_key: String,
    /// The latest signed checkpoint: a note (C2SP tlog-checkpoint).
    pub checkpoint: String,
    /// Entries that the checkpoint covers.
    pub size: u64,
}

/// Answers `GET /api/v1/audit/entries`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct AuditEntries {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// Send it as `before` for the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Its place in the log, counted from 0.
    pub seq: u64,
    /// Canonical JSON, byte for byte what the log's tree holds.
    pub entry: String,
}

/// `POST /api/v1/audit/export`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportAudit {
    /// Entries from this moment on; from the first where it is absent.
    pub from: Option<Timestamp>,
    /// Entries before this moment; up to the last where it is absent.
    pub to: Option<Timestamp>,
}

/// Answers `GET /api/v1/audit/checkpoint`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct AuditCheckpoint {
    /// The latest signed checkpoint: a note (C2SP tlog-checkpoint). One that covers less than a reader has seen is a log from
    /// which something was taken.
    pub checkpoint: String,
    pub verifier_key: String,
    /// From the size that was asked about to the checkpoint's (RFC 6962, 2.1.2), each hash in base64; empty where none was
    /// asked about, or one that the log does not have.
    pub consistency: Vec<String>,
    /// Where the operator says on record that a copy was put back which had no more entries than were asked about: the newest
    /// such entry, as C2SP's `.tlog-proof`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<String>,
}
