//! `POST /api/v1/complaints`: enters what came in.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::complaint::{Complaint, EnterComplaint};
use conclave_protocol::problem::Problem;
use conclave_store::action;

use crate::app::App;
use crate::complaint_words::ComplaintWordsOf;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{COMPLAINT_INVALID, Refusal};
use crate::http::signed_in::SignedIn;
use crate::id;

/// What was said is kept sealed. To owners, admins and account managers, with a second factor.
#[utoipa::path(
    post,
    operation_id = "enterComplaint",
    path = "/complaints",
    tag = "complaints",
    request_body = EnterComplaint,
    responses(
        (status = 201, body = Complaint),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<EnterComplaint>,
) -> Result<(StatusCode, Json<Complaint>), Refusal> {
    let id = id::fresh(occasion.now)?;
    let event = Event::ComplaintEnter {
        complaint: id,
        kind: Code::new(body.kind.code()),
    };
    let action = AccountAction::KeepComplaints;
    signed_in.may(&app, action, &occasion, &event).await?;
    if body.received_at > occasion.now.plus(A_DAY_AHEAD) {
        return Err(COMPLAINT_INVALID.into());
    }
    let account = &signed_in.account;
    let sealing = app.emergencies.sealing();
    let (words, sealed) = ComplaintWordsOf::Sender.seal(sealing, id, &body.words)?;
    let mut entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    entry.sealed = Some(sealed);
    let act = action::EnterComplaint {
        id,
        organisation: account.organisation,
        kind: body.kind,
        words,
        received_at: body.received_at,
        by: account.id,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    let entered = Complaint {
        id,
        kind: body.kind,
        received_at: body.received_at,
        entered_at: occasion.now,
        entered_by_name: account.display_name.clone(),
        closed: None,
    };
    Ok((StatusCode::CREATED, Json(entered)))
}

/// A day is told by its midnight, and begins as much earlier in Kiribati than in UTC.
const A_DAY_AHEAD: Duration = Duration::from_secs(14 * 60 * 60);
