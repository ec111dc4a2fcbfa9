//! `POST /api/v1/evidence/export`: the evidence, to be taken out.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::evidence::{EvidenceExport, ExportEvidence, ExportFormat};
use conclave_protocol::problem::Problem;
use conclave_store::action::KeepExport;

use super::proofs;
use crate::app::App;
use crate::evidence::{hash, in_print};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{INTERNAL, Refusal};
use crate::http::signed_in::SignedIn;
use crate::id;

/// The matrix as JSON or PDF, signed by the organisation's log: no free text, nothing secret, and no names but of who sees to
/// what was decided; decisions are in it by their hashes. With it go the log's checkpoint and, for who may read the log, a proof
/// of each entry that it names. What was issued is kept as it is, for a year at the least, and proofs are made of the log at any
/// time. To owners, admins, account managers and auditors, with a second factor, who have lately shown that it is them.
#[utoipa::path(
    post,
    operation_id = "exportEvidence",
    path = "/evidence/export",
    tag = "evidence",
    request_body = ExportEvidence,
    responses(
        (status = 200, body = EvidenceExport),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(ExportEvidence { format, at }): Body<ExportEvidence>,
) -> Result<Response, Refusal> {
    let organisation = signed_in.account.organisation;
    let event = Event::EvidenceExport {
        organisation: organisation.0,
        format: code(format),
    };
    let action = AccountAction::ExportEvidence;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let statement = super::statement(&app, organisation, occasion.now, at).await?;
    let proofs = proofs::of(&app, &signed_in, &statement).await?;
    let export = statement.export(&app, organisation, proofs);
    let export = export.ok_or(INTERNAL)?;
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
        ExportFormat::Json => (attached("evidence.json"), Json(export)).into_response(),
        ExportFormat::Pdf => {
            let kind = [(header::CONTENT_TYPE, "application/pdf")];
            (kind, attached("evidence.pdf"), in_print(&export)).into_response()
        }
    })
}

const fn code(format: ExportFormat) -> Code {
    match format {
        ExportFormat::Json => Code::new("json"),
        ExportFormat::Pdf => Code::new("pdf"),
    }
}

pub(super) fn attached(name: &str) -> [(header::HeaderName, String); 1] {
    let value = format!("attachment; filename=\"{name}\"");
    [(header::CONTENT_DISPOSITION, value)]
}
