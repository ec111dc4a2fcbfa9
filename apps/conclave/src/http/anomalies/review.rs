//! `POST /api/v1/admin/anomalies/{anomaly}/review`: says what to think of a finding.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::{Decision, Reason, anomaly};
use conclave_protocol::anomaly::ReviewAnomaly;
use conclave_protocol::problem::Problem;
use conclave_store::{Refused, WriteError, action};

use super::{NamedAnomaly, find};
use crate::anomalies;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::{decide, not_written};
use crate::http::problem::{ANOMALY_REVIEWED, Refusal};
use crate::http::signed_in::SignedIn;

/// Once: an outcome, and a note that is kept for reviewers. For owners, admins and auditors, with a second factor, but
/// whom the finding is about and whose acts it counts.
#[utoipa::path(
    post,
    operation_id = "reviewAnomaly",
    path = "/admin/anomalies/{anomaly}/review",
    tag = "administration",
    params(("anomaly" = String, Path, format = Uuid)),
    request_body = ReviewAnomaly,
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
    NamedAnomaly(id): NamedAnomaly,
    Body(body): Body<ReviewAnomaly>,
) -> Result<StatusCode, Refusal> {
    let event = Event::AnomalyReview {
        finding: id.0,
        outcome: Code::new(body.outcome.code()),
    };
    let capability = AccountAction::ReviewAnomalies;
    signed_in.may(&app, capability, &occasion, &event).await?;
    let found = find(&app, &signed_in, id).await?;
    let account = &signed_in.account;
    let mut entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    let makers = app.store.anomaly_makers(id).await?;
    let decision = anomaly::review(&found.standing(makers), account.id, account.role);
    if decision == Decision::Deny(Reason::Spent) {
        let reason = Code::new(Reason::Spent.code());
        app.record(entry.refused(reason)).await;
        return Err(ANOMALY_REVIEWED.into());
    }
    decide(&app, decision, &entry).await?;
    let (note, sealed) = anomalies::seal(app.emergencies.sealing(), id, &body.note)?;
    entry.sealed = Some(sealed);
    let act = action::ReviewAnomaly {
        id,
        organisation: account.organisation,
        by: account.id,
        outcome: body.outcome,
        note,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error @ WriteError::Refused(Refused::Conflict)) => {
            not_written(&app, error, entry).await;
            Err(ANOMALY_REVIEWED.into())
        }
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}
