//! `POST /api/v1/emergency/uses/{use}/review`: says what to think of a use.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::{Decision, Reason, emergency};
use conclave_protocol::emergency::ReviewEmergency;
use conclave_protocol::problem::Problem;
use conclave_store::{Refused, WriteError, action};

use super::reviewed;
use crate::app::App;
use crate::emergencies::{self, WordsOf};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::{NamedEmergency, decide, not_written};
use crate::http::problem::{EMERGENCY_REVIEWED, Refusal};
use crate::http::signed_in::SignedIn;

/// Once, when it is over: an outcome, and a note that is kept for reviewers. For owners, admins and auditors, with a second
/// factor, but whoever took it.
#[utoipa::path(
    post,
    operation_id = "reviewEmergency",
    path = "/emergency/uses/{use}/review",
    tag = "emergency",
    params(("use" = String, Path, format = Uuid)),
    request_body = ReviewEmergency,
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
    NamedEmergency(id): NamedEmergency,
    Body(body): Body<ReviewEmergency>,
) -> Result<StatusCode, Refusal> {
    let event = Event::EmergencyReview {
        invoked: id.0,
        outcome: Code::new(body.outcome.code()),
    };
    let capability = AccountAction::ReviewEmergencies;
    signed_in.may(&app, capability, &occasion, &event).await?;
    emergencies::end_those_over(&app).await;
    let used = reviewed(&app, &signed_in, id).await?;
    let account = &signed_in.account;
    let mut entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    let decision = emergency::review(&used.standing(), account.id, account.role, occasion.now);
    if decision == Decision::Deny(Reason::Spent) {
        let reason = Code::new(Reason::Spent.code());
        app.record(entry.refused(reason)).await;
        return Err(EMERGENCY_REVIEWED.into());
    }
    decide(&app, decision, &entry).await?;
    let note = WordsOf::Reviewer.seal(app.emergencies.sealing(), id, &body.note)?;
    entry.sealed = Some(note.sealed);
    let act = action::ReviewEmergency {
        id,
        by: Some(account.id),
        outcome: body.outcome,
        note: note.bytes,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error @ WriteError::Refused(Refused::Conflict)) => {
            not_written(&app, error, entry).await;
            Err(EMERGENCY_REVIEWED.into())
        }
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}
