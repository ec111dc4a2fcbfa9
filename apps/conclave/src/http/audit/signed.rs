//! `GET /api/v1/audit/log/checkpoint`: the latest checkpoint alone, where readers of C2SP's tlog-tiles look for it.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use conclave_protocol::problem::Problem;

use super::log_of;
use super::reader::AuditReader;
use crate::app::App;
use crate::http::problem::Refusal;

/// A signed note. Ask with `If-None-Match` whether there is a later one.
#[utoipa::path(
    get,
    operation_id = "readSignedCheckpoint",
    path = "/audit/log/checkpoint",
    tag = "audit",
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 304),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    reader: AuditReader,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    reader.takes(&app, "tiles").await?;
    let (_, log) = log_of(&app, reader.organisation).await?;
    // Of one size there is one checkpoint.
    let tag = format!("\"{}\"", log.size);
    let known = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known == &tag);
    let fresh = [(CACHE_CONTROL, "private, no-cache".to_owned()), (ETAG, tag)];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, fresh).into_response());
    }
    let kind = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((fresh, kind, log.note).into_response())
}
