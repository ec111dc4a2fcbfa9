//! `GET /api/v1/audit/log/tile/{path}`: tiles of hashes and bundles of entries, where readers of C2SP's tlog-tiles look for
//! them.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use conclave_audit::{Hash, TileKind, TilePath};
use conclave_protocol::problem::Problem;

use super::reader::AuditReader;
use super::{broken, log_of};
use crate::app::App;
use crate::audit_kit::{KitError, bundle};
use crate::http::problem::{AUDIT_NOT_FOUND, Refusal};

/// `0/x001/234`, `1/000.p/5`, `entries/000`: as C2SP writes them, as far as the latest checkpoint goes. A full tile of hashes
/// never changes.
#[utoipa::path(
    get,
    operation_id = "readAuditTile",
    path = "/audit/log/tile/{*path}",
    tag = "audit",
    params(("path" = String, Path)),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    reader: AuditReader,
    Path(path): Path<String>,
) -> Result<Response, Refusal> {
    let path = TilePath::parse(&format!("tile/{path}")).ok_or(AUDIT_NOT_FOUND)?;
    let what = match path.kind() {
        TileKind::Entries => "bundles",
        TileKind::Hashes { .. } => "tiles",
    };
    // Before a connection is taken: recording may take its time, and connections are few.
    reader.takes(&app, what).await?;
    let (mut logs, log) = log_of(&app, reader.organisation).await?;
    if path.end() > log.size {
        return Err(AUDIT_NOT_FOUND.into());
    }
    let (bytes, cached) = match path.kind() {
        TileKind::Entries => {
            let bytes = bundle(&mut logs, &log, path).await;
            let bytes = bytes.map_err(|error| match error {
                KitError::Read(error) => error.into(),
                _ => broken(&log),
            })?;
            // What entries say stays in no browser's cache.
            (bytes, "no-store")
        }
        TileKind::Hashes { .. } => {
            let bytes = logs.tile(&log, path).await?;
            if bytes.len() != usize::from(path.width()) * Hash::BYTES {
                return Err(broken(&log));
            }
            (bytes, if path.is_full() { FOR_GOOD } else { "no-store" })
        }
    };
    let headers = [
        (CONTENT_TYPE, "application/octet-stream"),
        (CACHE_CONTROL, cached),
    ];
    Ok((headers, bytes).into_response())
}

const FOR_GOOD: &str = "private, max-age=31536000, immutable";
