//! `POST /api/v1/audit/export`: the log, or a part of it, as a kit that anybody can verify.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body as Answer, Bytes, HttpBody};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::audit::ExportAudit;
use conclave_protocol::problem::Problem;
use hyper::body::Frame;
use tokio::sync::mpsc;

use super::log_of;
use crate::app::App;
use crate::audit_kit::{AuditKit, KitError, Shelf};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{AUDIT_NOT_FOUND, BUSY, INTERNAL, Refusal};
use crate::http::signed_in::SignedIn;

/// A ZIP with the log's tiles, entries, checkpoints and key, and how to verify it with programs of others. Whole bundles of 256
/// entries: with `from` and `to`, those in which the first and the last such entry lie, and what lies between. For owners, admins
/// and auditors who have lately shown that it is them.
#[utoipa::path(
    post,
    operation_id = "exportAuditLog",
    path = "/audit/export",
    tag = "audit",
    request_body = ExportAudit,
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/zip"),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(ExportAudit { from, to }): Body<ExportAudit>,
) -> Result<Response, Refusal> {
    let nothing = Event::AuditExport {
        first: None,
        last: None,
    };
    let action = AccountAction::ReadAudit;
    signed_in.may(&app, action, &occasion, &nothing).await?;
    signed_in.stepped_up(&app, &occasion, &nothing).await?;
    let organisation = signed_in.account.organisation;
    let place = app.exports.place().ok_or(BUSY)?;
    let (mut logs, log) = log_of(&app, organisation).await?;
    let verifier = app.audit_key.verifier(&log.origin).ok_or(INTERNAL)?;
    let kit = AuditKit::plan(&mut logs, log, verifier, (from, to)).await;
    let kit = kit.map_err(|error| match error {
        KitError::Read(error) => error.into(),
        _ => Refusal::from(INTERNAL),
    })?;
    drop(logs);
    let kit = kit.ok_or(AUDIT_NOT_FOUND)?;
    let (first, last) = kit.range();
    let event = Event::AuditExport {
        first: Some(first),
        last: Some(last),
    };
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    app.record_first(entry).await?;
    let (out, pieces) = mpsc::channel(PIECES);
    let shelf = Shelf::Server(app.store.clone());
    tokio::spawn(async move {
        let _place = place;
        kit.pack(shelf, out).await
    });
    let headers = [
        (CONTENT_TYPE, "application/zip"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"audit-kit.zip\"",
        ),
    ];
    Ok((headers, Answer::new(Pieces(pieces))).into_response())
}

/// A body that is made while it is sent.
struct Pieces(mpsc::Receiver<Result<Bytes, std::io::Error>>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let piece = self.0.poll_recv(context);
        piece.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// Files of a kit that wait to be sent: the largest has two megabytes.
const PIECES: usize = 4;
