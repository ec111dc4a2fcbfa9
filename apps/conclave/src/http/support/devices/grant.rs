//! `POST /api/v1/support/devices/{device}/grants`: lets somebody help at a computer when nobody is there.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::unattended::GrantDevice;
use conclave_store::Refused;
use conclave_store::action::GrantComputer;

use super::{NamedComputer, find};
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written_as;
use crate::http::problem::{POLICY_SUBJECT_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// For somebody of the organisation whose role helps people. To owners and admins.
#[utoipa::path(
    post,
    operation_id = "grantSupportDevice",
    path = "/support/devices/{device}/grants",
    tag = "support",
    params(("device" = String, Path, format = Uuid)),
    request_body = GrantDevice,
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
    NamedComputer(device): NamedComputer,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<GrantDevice>,
) -> Result<StatusCode, Refusal> {
    let event = Event::SupportDeviceGranted {
        device: device.0,
        account: body.account.0,
    };
    signed_in
        .may(&app, AccountAction::KeepComputers, &occasion, &event)
        .await?;
    let organisation = signed_in.account.organisation;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event.clone())?;
    find(&app, device, &signed_in, &entry).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let act = GrantComputer {
        device,
        organisation,
        account: body.account,
        by: signed_in.account.id,
        at: occasion.now,
    };
    let Err(error) = app.store.write(act, entry.clone()).await else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let names = [(Refused::NotFound, POLICY_SUBJECT_NOT_FOUND)];
    Err(not_written_as(&app, error, entry, &names).await)
}
