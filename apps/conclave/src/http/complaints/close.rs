//! `POST /api/v1/complaints/{complaint}/close`: says what became of it.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::complaint::CloseComplaint;
use conclave_protocol::problem::Problem;
use conclave_store::{Refused, action};

use super::NamedComplaint;
use crate::app::App;
use crate::complaint_words::ComplaintWordsOf;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written_as;
use crate::http::problem::{COMPLAINT_CLOSED, COMPLAINT_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// Once: an outcome, and a note that is kept sealed. To owners, admins and account managers, with a second factor.
#[utoipa::path(
    post,
    operation_id = "closeComplaint",
    path = "/complaints/{complaint}/close",
    tag = "complaints",
    params(("complaint" = String, Path, format = Uuid)),
    request_body = CloseComplaint,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedComplaint(id): NamedComplaint,
    Body(body): Body<CloseComplaint>,
) -> Result<StatusCode, Refusal> {
    let event = Event::ComplaintClose {
        complaint: id,
        outcome: Code::new(body.outcome.code()),
    };
    let action = AccountAction::KeepComplaints;
    signed_in.may(&app, action, &occasion, &event).await?;
    let account = &signed_in.account;
    let sealing = app.emergencies.sealing();
    let (note, sealed) = ComplaintWordsOf::Closer.seal(sealing, id, &body.note)?;
    let mut entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    entry.sealed = Some(sealed);
    let act = action::CloseComplaint {
        id,
        organisation: account.organisation,
        outcome: body.outcome,
        note,
        by: account.id,
        at: occasion.now,
    };
    let Err(error) = app.store.write(act, entry.clone()).await else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let names = [
        (Refused::NotFound, COMPLAINT_NOT_FOUND),
        (Refused::Conflict, COMPLAINT_CLOSED),
    ];
    Err(not_written_as(&app, error, entry, &names).await)
}
