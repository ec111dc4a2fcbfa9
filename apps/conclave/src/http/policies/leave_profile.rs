//! `POST /api/v1/policies/profile/leave`, and `…/confirm`: an owner asks, and another owner or an admin confirms.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::rules::Subject;
use conclave_policy::rules::profile::{Leave, confirm};
use conclave_policy::{Decision, Reason};
use conclave_protocol::OrganisationId;
use conclave_protocol::policy::Policy;
use conclave_protocol::problem::Problem;
use conclave_store::Refused;
use conclave_store::action::{AskToLeaveProfile, LeaveProfile};

use super::Standing;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::decide;
use crate::http::problem::{CONFIRMATION_EXPIRED, PROFILE_OFF, Refusal};
use crate::http::signed_in::SignedIn;

/// Asks that the organisation leaves the healthcare profile: another owner or an admin confirms it within 24 hours. To
/// owners only.
#[utoipa::path(
    post,
    operation_id = "askToLeaveProfile",
    path = "/policies/profile/leave",
    tag = "policies",
    responses(
        (status = 200, body = Policy),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn ask(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<Policy>, Refusal> {
    let organisation = signed_in.account.organisation;
    let OrganisationId(id) = organisation;
    let event = Event::PolicyProfileLeaveAsk { organisation: id };
    let action = AccountAction::LeaveProfile;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let subject = Subject::Organisation;
    let Standing { state, .. } = Standing::read(&app, organisation, subject).await?;
    if state.profile_since.is_none() {
        let reason = Code::new(Refused::Conflict.code());
        app.record(entry.refused(reason)).await;
        return Err(PROFILE_OFF.into());
    }
    let act = AskToLeaveProfile {
        organisation,
        by: signed_in.account.id,
        at: occasion.now,
    };
    super::write(app, organisation, subject, act, entry).await
}

/// Confirms that. Its settings stay as they are, and can be changed. Not to who asked.
#[utoipa::path(
    post,
    operation_id = "confirmToLeaveProfile",
    path = "/policies/profile/leave/confirm",
    tag = "policies",
    responses(
        (status = 200, body = Policy),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn confirmed(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<Policy>, Refusal> {
    let organisation = signed_in.account.organisation;
    let OrganisationId(id) = organisation;
    let event = Event::PolicyProfileLeave { organisation: id };
    let action = AccountAction::ChangePolicy;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let subject = Subject::Organisation;
    let Standing { state, .. } = Standing::read(&app, organisation, subject).await?;
    let asked = state.leave_by.zip(state.leave_at);
    let leave = asked.map(|(asked_by, asked_at)| Leave { asked_by, asked_at });
    let decision = confirm(leave, signed_in.account.id, occasion.now);
    if decision == Decision::Deny(Reason::Expired) {
        let reason = Code::new(Reason::Expired.code());
        app.record(entry.refused(reason)).await;
        return Err(CONFIRMATION_EXPIRED.into());
    }
    decide(&app, decision, &entry).await?;
    let act = LeaveProfile {
        organisation,
        seen: state.revision,
    };
    super::write(app, organisation, subject, act, entry).await
}
