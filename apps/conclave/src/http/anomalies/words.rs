//! `GET /api/v1/admin/anomalies/{anomaly}/words`: what its reviewer said of a finding.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::anomaly::AnomalyWords;
use conclave_protocol::problem::Problem;

use super::{NamedAnomaly, find};
use crate::anomalies;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// In their own words. For owners, admins and auditors, with a second factor; each reading is on record, and what can't be
/// recorded is not shown.
#[utoipa::path(
    get,
    operation_id = "readAnomalyWords",
    path = "/admin/anomalies/{anomaly}/words",
    tag = "administration",
    params(("anomaly" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = AnomalyWords),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedAnomaly(id): NamedAnomaly,
) -> Result<Json<AnomalyWords>, Refusal> {
    let event = Event::AnomalyRead { finding: id.0 };
    let action = AccountAction::ReviewAnomalies;
    signed_in.may(&app, action, &occasion, &event).await?;
    let found = find(&app, &signed_in, id).await?;
    let organisation = signed_in.account.organisation;
    let sealing = app.emergencies.sealing();
    let note = match app.store.anomaly_note(found.id, organisation).await? {
        Some(note) => Some(anomalies::open(sealing, id, &note)?),
        None => None,
    };
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    app.record_first(entry).await?;
    Ok(Json(AnomalyWords { note }))
}
