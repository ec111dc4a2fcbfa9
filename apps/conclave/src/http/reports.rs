//! `GET /api/v1/admin/reports/{report}`: what is reported of the organisation.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use conclave_audit::{Code, Event};
use conclave_protocol::Timestamp;
use conclave_protocol::problem::Problem;
use conclave_protocol::report::{Report, ReportFormat, ReportKind};

use super::meeting_sessions::{may_see, seen};
use super::occasion::Occasion;
use super::problem::{MALFORMED_REQUEST, NOT_FOUND, REPORT_SPAN_INVALID, Refusal};
use super::signed_in::SignedIn;
use crate::app::App;
use crate::reports::{self, Scope, paper};

/// Of which time, and how it is told.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    #[serde(default)]
    format: ReportFormat,
}

/// From an instant on and before another: the last 30 days where neither is named, a year at the most. As JSON, or as a file
/// (`csv`, `pdf`). For owners, admins, account managers and auditors, with a second factor. Each look and each file is on
/// record.
#[utoipa::path(
    get,
    operation_id = "readReport",
    path = "/admin/reports/{report}",
    tag = "administration",
    params(
        ("report" = ReportKind, Path),
        ("from" = Option<Timestamp>, Query),
        ("to" = Option<Timestamp>, Query),
        ("format" = Option<ReportFormat>, Query)
    ),
    responses(
        (status = 200, body = Report),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 422, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    kind: Result<Path<ReportKind>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    may_see(&app, &signed_in, &occasion).await?;
    let Path(kind) = kind.map_err(|_| NOT_FOUND)?;
    let Query(asked) = asked.map_err(|_| MALFORMED_REQUEST)?;
    let organisation = signed_in.account.organisation;
    let scope = Scope::new(organisation, asked.from, asked.to, occasion.now);
    let scope = scope.ok_or(REPORT_SPAN_INVALID)?;
    let report = reports::make(&app.store, kind, scope).await?;
    seen(&app, &signed_in, &occasion, event(kind, asked.format)).await?;
    match asked.format {
        ReportFormat::Json => Ok(Json(report).into_response()),
        ReportFormat::Csv => Ok(file(
            kind,
            &report,
            "csv",
            "text/csv; charset=utf-8",
            paper::csv(&report),
        )),
        ReportFormat::Pdf => {
            let organisation = app.store.organisation(organisation).await?;
            let name = organisation.as_ref().map_or("", |o| o.name.as_str());
            let pdf = paper::pdf(&report, name);
            Ok(file(kind, &report, "pdf", "application/pdf", pdf))
        }
    }
}

fn event(kind: ReportKind, format: ReportFormat) -> Event {
    let report = Code::new(name(kind));
    let format = match format {
        ReportFormat::Json => return Event::ReportRead { report },
        ReportFormat::Csv => Code::new("csv"),
        ReportFormat::Pdf => Code::new("pdf"),
    };
    Event::ReportExport { report, format }
}

fn file(
    kind: ReportKind,
    report: &Report,
    ending: &str,
    media_type: &'static str,
    body: impl IntoResponse,
) -> Response {
    let made = paper::day(report.made_at);
    let name = format!(
        "attachment; filename=\"conclave-{}-{made}.{ending}\"",
        name(kind)
    );
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, body).into_response()
}

const fn name(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Usage => "usage",
        ReportKind::Quality => "quality",
        ReportKind::Access => "access",
        ReportKind::FailedSignIns => "failed-sign-ins",
        ReportKind::PolicyChanges => "policy-changes",
        ReportKind::Representatives => "representatives",
        ReportKind::Devices => "devices",
        ReportKind::Support => "support",
    }
}
