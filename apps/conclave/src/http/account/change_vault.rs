//! `PUT /api/v1/account/vault`: the vault's next version, and what it appends to the list of devices.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Entry, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::device_list::{self, Continuation, DeviceList, NoContinuation};
use conclave_policy::vault::{self, NotTheirs};
use conclave_protocol::AccountId;
use conclave_protocol::problem::Problem;
use conclave_protocol::vault::{ChangeVault, DeviceEntry};
use conclave_store::{Refused, WriteError, action};

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{DEVICE_LIST_INVALID, Kind, Refusal, VAULT_INVALID, VAULT_MOVED_ON};
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
    match check(&app, account, &body, continuation).await? {
        Made::ByThem => {}
        Made::FromAnother => return Err(moved_on(&app, entry).await),
        Made::ByNobody(kind) => {
            app.record(entry.refused(Code::new(kind.code))).await;
            return Err(kind.into());
        }
    }
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
        Err(WriteError::Refused(Refused::Conflict)) => Err(moved_on(&app, entry).await),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}

/// Who made a change, and from which state.
enum Made {
    /// By a browser of the account, from what is kept.
    ByThem,
    /// Nothing is known of who made it, and it must not come to the store, which may get there meanwhile.
    FromAnother,
    ByNobody(Kind),
}

/// What the store is to keep, if nothing has changed when it comes to it.
async fn check(
    app: &App,
    account: AccountId,
    body: &ChangeVault,
    continuation: Continuation,
) -> Result<Made, Refusal> {
    let kept = app.store.vault(account).await?;
    let version = kept.as_ref().map_or(0, |kept| kept.version);
    let devices = kept.as_ref().map_or(&[][..], |kept| &kept.devices);
    let continues = |first| usize::from(first) == devices.len();
    if body.previous_version != version || !continuation.first.is_none_or(continues) {
        return Ok(Made::FromAnother);
    }
    let list = DeviceList::kept(account, devices.iter().map(DeviceEntry::as_bytes));
    let list = list.and_then(|mut list| {
        let mut entries = body.entries.iter().map(DeviceEntry::as_bytes);
        entries.try_for_each(|entry| list.append(entry, is_signed))?;
        Ok(list)
    });
    let Ok(list) = list else {
        return Ok(Made::ByNobody(DEVICE_LIST_INVALID));
    };
    let before = kept.as_ref().map(|kept| kept.sealed.as_bytes());
    let sealed = (body.sealed.as_bytes(), before);
    let checked = vault::check(&list, version.saturating_add(1), sealed, is_signed);
    Ok(match checked {
        Ok(()) => Made::ByThem,
        Err(NotTheirs) => Made::ByNobody(VAULT_INVALID),
    })
}

async fn moved_on(app: &App, entry: Entry) -> Refusal {
    not_written(app, Refused::Conflict.into(), entry).await;
    VAULT_MOVED_ON.into()
}

fn is_signed(key: &[u8; 32], content: &[u8], signature: &[u8; 64]) -> bool {
    let key = UnparsedPublicKey::new(&ED25519, key);
    key.verify(content, signature).is_ok()
}
