//! `GET /api/v1/audit/entries/{seq}/proof`: one entry with all that proves it, for somebody who has nothing else of the log.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use conclave_audit::{InclusionProof, TlogProof, Unprovable};
use conclave_protocol::problem::Problem;
use conclave_store::log::{LogHead, Logs};

use super::reader::AuditReader;
use super::{broken, log_of};
use crate::app::App;
use crate::http::problem::{AUDIT_NOT_FOUND, Refusal};

/// A file of C2SP's form tlog-proof, against the latest checkpoint.
#[utoipa::path(
    get,
    operation_id = "proveAuditEntry",
    path = "/audit/entries/{seq}/proof",
    tag = "audit",
    params(("seq" = String, Path)),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    reader: AuditReader,
    Path(seq): Path<String>,
) -> Result<Response, Refusal> {
    let seq: u64 = seq.parse().map_err(|_| AUDIT_NOT_FOUND)?;
    reader.takes(&app, "proof").await?;
    let (mut logs, log) = log_of(&app, reader.organisation).await?;
    let proof = prove(&mut logs, &log, seq).await?;
    let name = format!("attachment; filename=\"entry-{seq}.tlog-proof\"");
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, proof.to_string()).into_response())
}

/// Against the checkpoint of this head: the latest, or one before it.
pub(in crate::http) async fn prove(
    logs: &mut Logs,
    log: &LogHead,
    seq: u64,
) -> Result<TlogProof, Refusal> {
    let needed = InclusionProof::tiles(seq, log.size).map_err(|_| AUDIT_NOT_FOUND)?;
    let tiles = logs.tiles(log, needed).await?;
    let inclusion = InclusionProof::prove(seq, log.size, &tiles);
    let inclusion = inclusion.map_err(|error| match error {
        Unprovable::OutOfRange => AUDIT_NOT_FOUND.into(),
        Unprovable::Missing => broken(log),
    })?;
    let leaf = logs.leaves(log, seq, seq + 1).await?.into_iter().next();
    let entry = leaf
        .and_then(|leaf| leaf.leaf())
        .ok_or_else(|| broken(log))?;
    Ok(TlogProof {
        entry,
        index: seq,
        inclusion,
        checkpoint: log.note.clone(),
    })
}
