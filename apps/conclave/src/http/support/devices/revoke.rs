//! `DELETE /api/v1/support/devices/{device}`: takes a computer out for good.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_store::WriteError;
use conclave_store::action::RevokeComputer;

use super::{NamedComputer, end_running, find};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{not_written, to_the_end};
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// At once: what is done there at this moment ends, and the computer's keys are worth nothing. To owners and admins.
#[utoipa::path(
    delete,
    operation_id = "revokeSupportDevice",
    path = "/support/devices/{device}",
    tag = "support",
    params(("device" = String, Path, format = Uuid)),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    NamedComputer(device): NamedComputer,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<StatusCode, Refusal> {
    let event = Event::SupportDeviceRevoked { device: device.0 };
    signed_in
        .may(&app, AccountAction::KeepComputers, &occasion, &event)
        .await?;
    let organisation = signed_in.account.organisation;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    find(&app, device, &signed_in, &entry).await?;
    let act = RevokeComputer {
        device,
        organisation,
        by: signed_in.account.id,
        at: occasion.now,
    };
    to_the_end(async move {
        let written = app.store.write(act, entry.clone()).await;
        let is_refused = matches!(written, Err(WriteError::Refused(_)));
        // What can't be written is not taken out, but what runs ends all the same.
        if !is_refused {
            app.computers.cut_off(device);
            end_running(&app, device, None, &entry, &occasion).await?;
        }
        match written {
            Ok(()) => Ok(StatusCode::NO_CONTENT),
            Err(error) => Err(not_written(&app, error, entry).await),
        }
    })
    .await
}
