//! `GET /api/v1/admin/anomalies/rules`: which rules look, from how much on, and within which bounds they can be set.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::anomaly::AnomalyRules;
use conclave_protocol::problem::Problem;

use super::standing;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Every rule of the catalogue. To owners, admins, account managers and auditors.
#[utoipa::path(
    get,
    operation_id = "readAnomalyRules",
    path = "/admin/anomalies/rules",
    tag = "administration",
    responses(
        (status = 200, body = AnomalyRules),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<AnomalyRules>, Refusal> {
    let to = Code::new("anomalies");
    let action = AccountAction::ReadPolicy;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let chosen = app.store.anomaly_rules(organisation).await?;
    Ok(Json(standing(&chosen)))
}
