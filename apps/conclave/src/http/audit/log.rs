//! `GET /api/v1/audit/log`: which log it is, its key and its latest checkpoint.

use axum::Json;
use axum::extract::State;
use conclave_protocol::audit::AuditLog;
use conclave_protocol::problem::Problem;

use super::reader::AuditReader;
use super::{log_of, verifier_key};
use crate::app::App;
use crate::http::problem::Refusal;

/// The organisation's log. For owners, admins and auditors, and for programs with the scope `audit:read`.
#[utoipa::path(
    get,
    operation_id = "readAuditLog",
    path = "/audit/log",
    tag = "audit",
    responses(
        (status = 200, body = AuditLog),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    reader: AuditReader,
) -> Result<Json<AuditLog>, Refusal> {
    reader.takes(&app, "log").await?;
    let (_, log) = log_of(&app, reader.organisation).await?;
    Ok(Json(AuditLog {
        verifier_key: verifier_key(&app, &log)?,
        origin: log.origin,
        checkpoint: log.note,
        size: log.size,
    }))
}
