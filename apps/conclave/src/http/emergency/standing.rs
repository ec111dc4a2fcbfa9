//! `GET /api/v1/emergency`: how emergency access stands for who asks.

use axum::Json;
use axum::extract::State;
use conclave_protocol::emergency::EmergencyStanding;
use conclave_protocol::problem::Problem;

use super::shown;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::PollingInEmergency;

/// Whether policy lets them take it, and theirs while it is open. Asking does not keep the session open.
#[utoipa::path(
    get,
    operation_id = "readEmergency",
    path = "/emergency",
    tag = "emergency",
    responses((status = 200, body = EmergencyStanding), (status = 401, body = Problem))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    PollingInEmergency(signed_in): PollingInEmergency,
    occasion: Occasion,
) -> Result<Json<EmergencyStanding>, Refusal> {
    let open = app.store.open_emergency(signed_in.account.id).await?;
    let open = open.filter(|open| open.standing().is_open(occasion.now));
    Ok(Json(EmergencyStanding {
        may_invoke: signed_in.permitted.emergency_access,
        open: open.as_ref().map(shown),
    }))
}
