//! `GET /api/v1/audit/entries`: the log's entries, found by what they say.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use conclave_audit::{Code, Outcome};
use conclave_protocol::Timestamp;
use conclave_protocol::audit::{AuditEntries, AuditEntry};
use conclave_protocol::problem::Problem;
use conclave_store::log::{Asked, Listed, MOST_ENTRIES_LISTED};
use uuid::Uuid;

use super::log_of;
use super::reader::AuditReader;
use crate::app::App;
use crate::http::problem::{INTERNAL, MALFORMED_REQUEST, Refusal};

/// What is absent restricts nothing.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    entry: Option<Uuid>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    event: Option<Code>,
    actor: Option<Uuid>,
    object: Option<Uuid>,
    outcome: Option<Outcome>,
    before: Option<u64>,
    limit: Option<u32>,
}

/// Newest first, those that the latest checkpoint covers: one `entry` by its id, else `from` a moment, up to but without `to`; of an `event` by its whole
/// name; by an `actor`, about an `object`; with an `outcome` (`done`, `failed`, `refused`). A page has `limit` entries, 50
/// where it is absent and 200 at the most; `before` is what the page before gave as `next`. Each look is an entry of its own.
#[utoipa::path(
    get,
    operation_id = "listAuditEntries",
    path = "/audit/entries",
    tag = "audit",
    params(
        ("entry" = Option<String>, Query, format = Uuid),
        ("from" = Option<String>, Query, format = DateTime),
        ("to" = Option<String>, Query, format = DateTime),
        ("event" = Option<String>, Query),
        ("actor" = Option<String>, Query, format = Uuid),
        ("object" = Option<String>, Query, format = Uuid),
        ("outcome" = Option<String>, Query),
        ("before" = Option<u64>, Query),
        ("limit" = Option<u32>, Query)
    ),
    responses(
        (status = 200, body = AuditEntries),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    reader: AuditReader,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Json<AuditEntries>, Refusal> {
    let Query(question) = question.map_err(|_| MALFORMED_REQUEST)?;
    let limit = question.limit.unwrap_or(USUAL);
    if !(1..=MOST_ENTRIES_LISTED).contains(&limit) {
        return Err(MALFORMED_REQUEST.into());
    }
    reader.reads(&app, "entries").await?;
    let (mut logs, log) = log_of(&app, reader.organisation).await?;
    let listed = logs.list(&log, question.asked(), limit).await?;
    let is_full = u32::try_from(listed.len()).is_ok_and(|listed| listed >= limit);
    let last = listed.last().map(|last| last.seq);
    let entries = listed.into_iter().map(shown).collect::<Result<_, _>>()?;
    Ok(Json(AuditEntries {
        entries,
        next: last.filter(|last| is_full && *last > 0),
    }))
}

fn shown(Listed { seq, leaf }: Listed) -> Result<AuditEntry, Refusal> {
    let entry = String::from_utf8(leaf).map_err(|_| INTERNAL)?;
    Ok(AuditEntry { seq, entry })
}

impl Question {
    fn asked(self) -> Asked {
        Asked {
            id: self.entry,
            from: self.from,
            to: self.to,
            event: self.event.map(|event| event.as_str().to_owned()),
            actor: self.actor,
            object: self.object,
            outcome: self.outcome,
            before: self.before,
        }
    }
}

const USUAL: u32 = 50;
