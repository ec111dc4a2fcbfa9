//! `POST /api/v1/account/device-requests`: a browser asks to be added to the account's.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::vault::{AskForDevice, DeviceAsked};
use conclave_store::action;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;
use crate::id;

/// Asks to be added, for 15 minutes; the session's earlier request is void.
#[utoipa::path(
    post,
    operation_id = "askForDevice",
    path = "/account/device-requests",
    tag = "accounts",
    request_body = AskForDevice,
    responses(
        (status = 201, body = DeviceAsked),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<AskForDevice>,
) -> Result<(StatusCode, Json<DeviceAsked>), Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AccountDeviceRequest { account };
    signed_in
        .may(&app, AccountAction::UseVault, &occasion, &event)
        .await?;
    let organisation = Some(signed_in.account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    let id = id::fresh(occasion.now)?;
    let act = action::AskForDevice {
        id,
        account: signed_in.account.id,
        session: signed_in.session,
        request: body.request,
        at: occasion.now,
        expires_at: occasion.now.plus(KEPT),
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok((StatusCode::CREATED, Json(DeviceAsked { id }))),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}

/// Longer than it takes to walk to the other browser. One that is left behind must not wait for a stranger.
const KEPT: Duration = Duration::from_secs(15 * 60);
