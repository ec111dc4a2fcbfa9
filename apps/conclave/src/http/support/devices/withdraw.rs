//! `DELETE /api/v1/support/devices/{device}/grants/{account}`: somebody may not help at a computer any more.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_store::action::WithdrawGrant;
use conclave_store::{Refused, WriteError};

use super::{NamedComputer, end_running, find};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{NamedAccount, not_written_as, to_the_end};
use crate::http::problem::{POLICY_SUBJECT_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// At once: what they do there at this moment ends. To owners and admins.
#[utoipa::path(
    delete,
    operation_id = "withdrawSupportDevice",
    path = "/support/devices/{device}/grants/{account}",
    tag = "support",
    params(
        ("device" = String, Path, format = Uuid),
        ("account" = String, Path, format = Uuid)
    ),
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
    NamedAccount(account): NamedAccount,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<StatusCode, Refusal> {
    let event = Event::SupportDeviceWithdrawn {
        device: device.0,
        account: account.0,
    };
    signed_in
        .may(&app, AccountAction::KeepComputers, &occasion, &event)
        .await?;
    let organisation = signed_in.account.organisation;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    find(&app, device, &signed_in, &entry).await?;
    let act = WithdrawGrant {
        device,
        organisation,
        account,
        by: signed_in.account.id,
    };
    to_the_end(async move {
        let written = app.store.write(act, entry.clone()).await;
        // What can't be written is not withdrawn, but what runs ends all the same; and of who has no grant nothing may run.
        let is_refused =
            matches!(&written, Err(WriteError::Refused(why)) if *why != Refused::NotFound);
        if !is_refused {
            end_running(&app, device, Some(account), &entry, &occasion).await?;
        }
        let Err(error) = written else {
            return Ok(StatusCode::NO_CONTENT);
        };
        let names = [(Refused::NotFound, POLICY_SUBJECT_NOT_FOUND)];
        Err(not_written_as(&app, error, entry, &names).await)
    })
    .await
}
