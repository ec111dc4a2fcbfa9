//! `POST /api/v1/policies/profile`: the organisation takes the healthcare profile.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_policy::rules::{Subject, profile};
use conclave_protocol::OrganisationId;
use conclave_protocol::policy::Policy;
use conclave_protocol::problem::Problem;
use conclave_store::action::EnterProfile;

use super::Standing;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Sets and locks the profile's settings, all at once; while it is on nobody changes them. Also ends a wish to leave it.
/// To owners and admins only.
#[utoipa::path(
    post,
    operation_id = "enterProfile",
    path = "/policies/profile",
    tag = "policies",
    responses(
        (status = 200, body = Policy),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<Policy>, Refusal> {
    let organisation = signed_in.account.organisation;
    let OrganisationId(id) = organisation;
    let event = Event::PolicyProfileEnter { organisation: id };
    let action = AccountAction::ChangePolicy;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let subject = Subject::Organisation;
    let Standing { state, layers } = Standing::read(&app, organisation, subject).await?;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let act = EnterProfile {
        organisation,
        settings: layers.organisation.overlaid_by(&profile::layer()),
        seen: state.revision,
        at: occasion.now,
    };
    super::write(app, organisation, subject, act, entry).await
}
