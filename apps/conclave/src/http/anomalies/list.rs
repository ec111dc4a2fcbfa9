//! `GET /api/v1/admin/anomalies`: what the rules found, and whether somebody has looked at it.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::anomaly::counts_for_network;
use conclave_policy::capability::AccountAction;
use conclave_protocol::anomaly::{Anomaly, AnomalyList, AnomalyReview};
use conclave_protocol::problem::Problem;
use conclave_store::read::anomaly::FoundAnomaly;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Which rule, when, how much of what and about whom, by id and by the name of an account of the organisation; and what
/// reviewers came to. For owners, admins, account managers and auditors, with a second factor.
#[utoipa::path(
    get,
    operation_id = "listAnomalies",
    path = "/admin/anomalies",
    tag = "administration",
    responses(
        (status = 200, body = AnomalyList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<AnomalyList>, Refusal> {
    let to = Code::new("anomalies");
    let action = AccountAction::SeeReports;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let findings = app.store.anomalies(organisation).await?;
    Ok(Json(AnomalyList {
        findings: findings.into_iter().map(shown).collect(),
        open: app.store.open_anomalies(organisation).await?,
    }))
}

fn shown(found: FoundAnomaly) -> Anomaly {
    let is_named = !found.subject.is_nil() && !counts_for_network(found.rule);
    let review = found.outcome.zip(found.reviewed_at).zip(found.reviewed_by);
    Anomaly {
        id: found.id,
        rule: found.rule,
        found_at: found.found_at,
        count: found.count,
        window_minutes: found.window_minutes,
        subject: is_named.then_some(found.subject),
        display_name: found.display_name,
        network: found.network,
        review: review.map(|((outcome, at), by)| AnomalyReview {
            outcome,
            at,
            by,
            by_name: found.reviewer_name,
        }),
    }
}
