//! `GET /api/v1/evidence/export`: the evidence, to be taken out.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::Timestamp;
use conclave_protocol::evidence::EvidenceExport;
use conclave_protocol::problem::Problem;
use conclave_store::action::KeepExport;

use crate::app::App;
use crate::evidence::{hash, in_print};
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{INTERNAL, MALFORMED_REQUEST, Refusal};
use crate::http::signed_in::SignedIn;
use crate::id;

/// What is taken out, and how.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    format: Format,
    at: Option<Timestamp>,
}

#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    Json,
    Pdf,
}

impl Format {
    const fn code(self) -> Code {
        match self {
            Self::Json => Code::new("json"),
            Self::Pdf => Code::new("pdf"),
        }
    }
}

/// The matrix as JSON or PDF, signed by the organisation's log: no names, no free text and nothing secret; decisions are in
/// it by their hashes. What was issued is kept as it is. To owners, admins, account managers and auditors.
#[utoipa::path(
    get,
    operation_id = "exportEvidence",
    path = "/evidence/export",
    tag = "evidence",
    params(
        ("format" = String, Query, description = "`json` or `pdf`"),
        ("at" = Option<String>, Query, format = DateTime)
    ),
    responses(
        (status = 200, body = EvidenceExport),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Refusal> {
    let organisation = signed_in.account.organisation;
    let wanted = wanted.ok().map(|Query(wanted)| wanted);
    let format = wanted.as_ref().map_or(Format::Json, |wanted| wanted.format);
    let event = Event::EvidenceExport {
        organisation: organisation.0,
        format: format.code(),
    };
    let action = AccountAction::ReadEvidence;
    signed_in.may(&app, action, &occasion, &event).await?;
    let wanted = wanted.ok_or(MALFORMED_REQUEST)?;
    let statement = super::statement(&app, organisation, occasion.now, wanted.at).await?;
    let export = statement.export(&app, organisation).ok_or(INTERNAL)?;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let keep = KeepExport {
        id: id::fresh(occasion.now)?,
        organisation,
        about: export.statement.at,
        sha256: hash(&export.signed_note),
        note: export.signed_note.clone(),
        by: signed_in.account.id,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(keep, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    Ok(match format {
        Format::Json => (attached("evidence.json"), Json(export)).into_response(),
        Format::Pdf => {
            let kind = [(header::CONTENT_TYPE, "application/pdf")];
            (kind, attached("evidence.pdf"), in_print(&export)).into_response()
        }
    })
}

pub(super) fn attached(name: &str) -> [(header::HeaderName, String); 1] {
    let value = format!("attachment; filename=\"{name}\"");
    [(header::CONTENT_DISPOSITION, value)]
}
