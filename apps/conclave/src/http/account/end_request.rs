//! `DELETE /api/v1/account/device-requests/{request}`: a browser's request is answered, or taken back.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_store::action::EndDeviceRequest;
use conclave_store::{Refused, WriteError};

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{NamedRequest, not_written};
use crate::http::problem::{DEVICE_REQUEST_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// Takes a request of the account's away, whichever of its browsers asked.
#[utoipa::path(
    delete,
    operation_id = "endDeviceRequest",
    path = "/account/device-requests/{request}",
    tag = "accounts",
    params(("request" = String, Path, format = Uuid)),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    NamedRequest(id): NamedRequest,
    occasion: Occasion,
) -> Result<StatusCode, Refusal> {
    let account = super::id(&signed_in);
    let event = Event::AccountDeviceRequestEnd { account };
    signed_in
        .may(&app, AccountAction::UseVault, &occasion, &event)
        .await?;
    let organisation = Some(signed_in.account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    let act = EndDeviceRequest {
        id,
        account: signed_in.account.id,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error @ WriteError::Refused(Refused::NotFound)) => {
            not_written(&app, error, entry).await;
            Err(DEVICE_REQUEST_NOT_FOUND.into())
        }
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}
