//! `GET /api/v1/evidence/exports`, and one of them: what was taken out, as it was issued.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::evidence::{EvidenceExportList, KeptExport};
use conclave_protocol::problem::Problem;
use uuid::Uuid;

use super::export::attached;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::named;
use crate::http::problem::{EXPORT_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// The export that the address names.
pub(crate) struct NamedExport(Uuid);

impl FromRequestParts<App> for NamedExport {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let id = named(parts, "export").await;
        id.map(Self).ok_or(EXPORT_NOT_FOUND.into())
    }
}

/// Newest first, 400 at the most. To owners, admins, account managers and auditors.
#[utoipa::path(
    get,
    operation_id = "listEvidenceExports",
    path = "/evidence/exports",
    tag = "evidence",
    responses(
        (status = 200, body = EvidenceExportList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<EvidenceExportList>, Refusal> {
    let to = Code::new("evidence_exports");
    let action = AccountAction::ReadEvidence;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let exports = app.store.evidence_exports(organisation).await?.into_iter();
    let exports = exports.map(|export| KeptExport {
        id: export.id,
        at: export.at,
        made_at: export.made_at,
        made_by_name: export.made_by_name,
        sha256: export.sha256,
    });
    Ok(Json(EvidenceExportList {
        exports: exports.collect(),
    }))
}

/// The signed note (C2SP), byte by byte as it was issued. To owners, admins, account managers and auditors; each reading is on
/// record, and what can't be recorded is not shown.
#[utoipa::path(
    get,
    operation_id = "readEvidenceExport",
    path = "/evidence/exports/{export}",
    tag = "evidence",
    params(("export" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn read(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedExport(id): NamedExport,
) -> Result<Response, Refusal> {
    let organisation = signed_in.account.organisation;
    let event = Event::EvidenceReadExport {
        organisation: organisation.0,
        export: id,
    };
    let action = AccountAction::ReadEvidence;
    signed_in.may(&app, action, &occasion, &event).await?;
    let note = app.store.evidence_export(organisation, id).await?;
    let note = note.ok_or(EXPORT_NOT_FOUND)?;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    app.record_first(entry).await?;
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((kind, attached("evidence.note"), note).into_response())
}
