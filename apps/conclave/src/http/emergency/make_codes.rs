//! `POST /api/v1/emergency/codes`: the organisation's sealed codes, in place of those before.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_policy::emergency::CODES;
use conclave_protocol::OrganisationId;
use conclave_protocol::emergency::EmergencyCodesMade;
use conclave_protocol::problem::Problem;
use conclave_store::action::MakeEmergencyCodes;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;
use crate::recovery_codes;

/// Five codes, to be printed and kept in a sealed envelope; they are shown this once, and earlier ones are void. For owners, with
/// a second factor that they showed lately.
#[utoipa::path(
    post,
    operation_id = "makeEmergencyCodes",
    path = "/emergency/codes",
    tag = "emergency",
    responses(
        (status = 201, body = EmergencyCodesMade),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<(StatusCode, Json<EmergencyCodesMade>), Refusal> {
    let organisation = signed_in.account.organisation;
    let OrganisationId(id) = organisation;
    let event = Event::EmergencyMakeCodes {
        organisation: id,
        codes: u16::try_from(CODES).unwrap_or(u16::MAX),
    };
    let action = AccountAction::MakeEmergencyCodes;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let (codes, hashes) = recovery_codes::of_number(CODES)?;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let act = MakeEmergencyCodes {
        organisation,
        by: signed_in.account.id,
        codes: hashes,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok((StatusCode::CREATED, Json(EmergencyCodesMade { codes }))),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}
