//! `GET /api/v1/account/vault`: the account's vault, its list of devices, and who asks to be added.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::vault::{AccountVault, DeviceRequest, VaultVersion};

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::Polling;

/// The account's own vault. Asking does not keep the session open.
#[utoipa::path(
    get,
    operation_id = "readVault",
    path = "/account/vault",
    tag = "accounts",
    responses(
        (status = 200, body = AccountVault),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Polling(signed_in): Polling,
    occasion: Occasion,
) -> Result<Json<AccountVault>, Refusal> {
    signed_in
        .may_read(&app, AccountAction::UseVault, Code::new("vault"), &occasion)
        .await?;
    let account = signed_in.account.id;
    let requests = app.store.device_requests(account, occasion.now).await?;
    let requests = requests.into_iter().map(|asking| DeviceRequest {
        id: asking.id,
        request: asking.request,
        asked_at: asking.asked_at,
    });
    let (vault, devices) = match app.store.vault(account).await? {
        None => (None, Vec::new()),
        Some(vault) => {
            let version = VaultVersion {
                version: vault.version,
                sealed: vault.sealed,
            };
            (Some(version), vault.devices)
        }
    };
    Ok(Json(AccountVault {
        vault,
        devices,
        requests: requests.collect(),
    }))
}
