//! `PUT /api/v1/support/recordings/retention`: how long recordings are kept that end from here on.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_policy::recording::MOST_KEPT_DAYS;
use conclave_protocol::problem::Problem;
use conclave_protocol::recording::SetRetention;
use conclave_store::action;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{RETENTION_INVALID, Refusal};
use crate::http::signed_in::SignedIn;

/// What has ended is deleted when that was said then. For owners and admins, with a second factor, who have proved lately who
/// they are.
#[utoipa::path(
    put,
    operation_id = "setRecordingRetention",
    path = "/support/recordings/retention",
    tag = "recordings",
    request_body = SetRetention,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(SetRetention { days }): Body<SetRetention>,
) -> Result<StatusCode, Refusal> {
    let account = &signed_in.account;
    let event = Event::RecordingRetention {
        organisation: account.organisation.0,
        days,
    };
    let action = AccountAction::KeepRecordings;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    if !(1..=MOST_KEPT_DAYS).contains(&days) {
        return Err(RETENTION_INVALID.into());
    }
    let entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    let act = action::SetRetention {
        organisation: account.organisation,
        days,
        by: account.id,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}
