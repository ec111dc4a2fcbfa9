//! `GET /api/v1/support/devices`: the organisation's computers that are helped when nobody is there.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::unattended::has_ended;
use conclave_protocol::SupportDeviceId;
use conclave_protocol::problem::Problem;
use conclave_protocol::unattended::{DeviceGrant, SupportDevice, SupportDevices};
use conclave_store::read::unattended::Computer;

use super::fingerprint;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::Polling;

/// By name, with who may help at each, and when its enrolment ends; 500 at the most. To owners and admins. Their page asks by
/// itself, which keeps nobody signed in.
#[utoipa::path(
    get,
    operation_id = "listSupportDevices",
    path = "/support/devices",
    tag = "support",
    responses(
        (status = 200, body = SupportDevices),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Polling(signed_in): Polling,
    occasion: Occasion,
) -> Result<Json<SupportDevices>, Refusal> {
    let to = Code::new("support_devices");
    let action = AccountAction::KeepComputers;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let mut grants: BTreeMap<SupportDeviceId, Vec<DeviceGrant>> = BTreeMap::new();
    for grant in app.store.computer_grants(organisation).await? {
        grants.entry(grant.device).or_default().push(DeviceGrant {
            account: grant.account,
            display_name: grant.display_name,
            granted_at: grant.granted_at,
        });
    }
    let busy = app.store.busy_computers(organisation).await?;
    let computers = app.store.computers(organisation).await?.into_iter();
    let devices = computers.map(|computer| {
        let grants = grants.remove(&computer.id).unwrap_or_default();
        let is_busy = busy.contains(&computer.id);
        shown(&app, computer, is_busy, grants)
    });
    Ok(Json(SupportDevices {
        devices: devices.collect(),
    }))
}

fn shown(app: &App, computer: Computer, is_busy: bool, grants: Vec<DeviceGrant>) -> SupportDevice {
    SupportDevice {
        id: computer.id,
        fingerprint: fingerprint(&computer.signing_key, &computer.sealing_key),
        name: computer.name,
        enrolled_by_name: computer.enrolled_by_name,
        enrolled_at: computer.enrolled_at,
        ends_at: computer.ends_at,
        has_ended: has_ended(computer.ends_at, app.clock.now()),
        is_online: app.computers.is_online(computer.id),
        is_busy,
        grants,
    }
}
