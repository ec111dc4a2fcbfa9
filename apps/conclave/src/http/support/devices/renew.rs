//! `POST /api/v1/support/devices/{device}/renew`: gives a computer's enrolment another end.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_policy::unattended::term;
use conclave_protocol::problem::Problem;
use conclave_protocol::unattended::EnrolmentTerm;
use conclave_store::action::RenewComputer;

use super::{NamedComputer, find};
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{ENROLMENT_END_INVALID, Refusal};
use crate::http::signed_in::SignedIn;

/// From this moment on, also where it is over: the computer comes back by itself then. To owners and admins.
#[utoipa::path(
    post,
    operation_id = "renewSupportDevice",
    path = "/support/devices/{device}/renew",
    tag = "support",
    params(("device" = String, Path, format = Uuid)),
    request_body = EnrolmentTerm,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    NamedComputer(device): NamedComputer,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<EnrolmentTerm>,
) -> Result<StatusCode, Refusal> {
    let term = term(body.days, occasion.now).ok_or(ENROLMENT_END_INVALID)?;
    let event = Event::SupportDeviceRenewed {
        device: device.0,
        days: term.days,
    };
    signed_in
        .may(&app, AccountAction::KeepComputers, &occasion, &event)
        .await?;
    let organisation = signed_in.account.organisation;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event.clone())?;
    find(&app, device, &signed_in, &entry).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let act = RenewComputer {
        device,
        organisation,
        by: signed_in.account.id,
        at: occasion.now,
        ends_at: term.ends_at,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}
