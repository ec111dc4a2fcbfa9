//! `POST /api/v1/support/devices/enrolments`: makes a link by which one computer says who it is.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_policy::unattended::{LINK_LASTS, term};
use conclave_policy::{Decision, Reason};
use conclave_protocol::problem::Problem;
use conclave_protocol::unattended::{EnrolmentMade, EnrolmentTerm};
use conclave_store::action::MakeEnrolment;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::{decide, not_written};
use crate::http::problem::{ENROLMENT_END_INVALID, Refusal};
use crate::http::signed_in::SignedIn;
use crate::secret;

/// Good for ten minutes and one computer; shown this once. The computer's enrolment ends after the days that are said. To owners
/// and admins, where policy permits unattended support.
#[utoipa::path(
    post,
    operation_id = "inviteSupportDevice",
    path = "/support/devices/enrolments",
    tag = "support",
    request_body = EnrolmentTerm,
    responses(
        (status = 201, body = EnrolmentMade),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<EnrolmentTerm>,
) -> Result<(StatusCode, Json<EnrolmentMade>), Refusal> {
    let term = term(body.days, occasion.now).ok_or(ENROLMENT_END_INVALID)?;
    let account = &signed_in.account;
    let event = Event::SupportDeviceInvited {
        organisation: account.organisation.0,
        days: Some(term.days),
    };
    signed_in
        .may(&app, AccountAction::KeepComputers, &occasion, &event)
        .await?;
    let entry = occasion.entry(Some(account.organisation), signed_in.actor(), event.clone())?;
    let permitted = &signed_in.permitted;
    let is_on = permitted.support && permitted.support_unattended;
    decide(&app, Decision::when(is_on, Reason::SwitchedOff), &entry).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let (token, hash) = secret::fresh()?;
    let act = MakeEnrolment {
        token: hash,
        organisation: account.organisation,
        by: account.id,
        at: occasion.now,
        expires_at: occasion.now.plus(LINK_LASTS),
        ends_at: term.ends_at,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    let made = EnrolmentMade {
        link: app.link("enrol", &token),
        expires_at: occasion.now.plus(LINK_LASTS),
    };
    Ok((StatusCode::CREATED, Json(made)))
}
