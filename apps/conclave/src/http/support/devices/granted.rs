//! `GET /api/v1/support/devices/granted`: at which computers the caller may help when nobody is there.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::unattended::{GrantedDevice, GrantedDevices};

use super::fingerprint;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::Polling;

/// By name. None where policy does not permit it. The technician's page asks by itself, which keeps nobody signed in.
#[utoipa::path(
    get,
    operation_id = "listGrantedDevices",
    path = "/support/devices/granted",
    tag = "support",
    responses(
        (status = 200, body = GrantedDevices),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Polling(signed_in): Polling,
    occasion: Occasion,
) -> Result<Json<GrantedDevices>, Refusal> {
    let to = Code::new("granted_devices");
    let action = AccountAction::HoldSupport;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let permitted = &signed_in.permitted;
    if !permitted.support || !permitted.support_unattended {
        let devices = Vec::new();
        return Ok(Json(GrantedDevices { devices }));
    }
    let busy = app.store.busy_computers(signed_in.account.organisation);
    let busy = busy.await?;
    let computers = app
        .store
        .computers_of(signed_in.account.id, occasion.now)
        .await?;
    let devices = computers.into_iter().map(|computer| GrantedDevice {
        id: computer.id,
        fingerprint: fingerprint(&computer.signing_key, &computer.sealing_key),
        is_online: app.computers.is_online(computer.id),
        is_busy: busy.contains(&computer.id),
        name: computer.name,
    });
    Ok(Json(GrantedDevices {
        devices: devices.collect(),
    }))
}
