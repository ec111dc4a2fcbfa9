//! `PUT /api/v1/account/vault`: the vault's next version, and what it appends to the list of devices.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_policy::device_list::{self, NoContinuation};
use conclave_protocol::problem::Problem;
use conclave_protocol::vault::{ChangeVault, DeviceEntry};
use conclave_store::{Refused, WriteError, action};

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{DEVICE_LIST_INVALID, Refusal, VAULT_MOVED_ON};
use crate::http::signed_in::SignedIn;

/// Keeps the next version. Of two that were made from the same one, the first is kept.
#[utoipa::path(
    put,
    operation_id = "changeVault",
    path = "/account/vault",
    tag = "accounts",
    request_body = ChangeVault,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 413, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<ChangeVault>,
) -> Result<StatusCode, Refusal> {
    let account = signed_in.account.id;
    let entries = body.entries.iter().map(DeviceEntry::as_bytes);
    let continuation = device_list::continuation(account, entries)
        .map_err(|NoContinuation| DEVICE_LIST_INVALID)?;
    let event = Event::AccountVaultChange {
        account: super::id(&signed_in),
        version: body.previous_version.saturating_add(1),
        added: continuation.added,
        removed: continuation.removed,
    };
    signed_in
        .may(&app, AccountAction::UseVault, &occasion, &event)
        .await?;
    let organisation = Some(signed_in.account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    let act = action::ChangeVault {
        account,
        previous_version: body.previous_version,
        previous_devices: continuation.first,
        sealed: body.sealed,
        entries: body.entries,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error @ WriteError::Refused(Refused::Conflict)) => {
            not_written(&app, error, entry).await;
            Err(VAULT_MOVED_ON.into())
        }
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}
