//! `GET /api/v1/emergency/codes`: which of the organisation's sealed codes are left.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::emergency::{
    EmergencyCode, EmergencyCodeSet, EmergencyCodes, UsedEmergencyCode,
};
use conclave_protocol::problem::Problem;
use conclave_store::read::emergency_code;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// When they were made and by whom, and who used which of them when. For owners, admins and auditors, with a second factor.
#[utoipa::path(
    get,
    operation_id = "listEmergencyCodes",
    path = "/emergency/codes",
    tag = "emergency",
    responses(
        (status = 200, body = EmergencyCodes),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<EmergencyCodes>, Refusal> {
    let to = Code::new("emergency_codes");
    let action = AccountAction::ReviewEmergencies;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let found = app.store.emergency_codes(organisation).await?;
    let set = found.map(|(set, codes)| EmergencyCodeSet {
        made_at: set.made_at,
        made_by: set.made_by,
        made_by_name: set.made_by_name,
        codes: codes.into_iter().map(shown).collect(),
    });
    Ok(Json(EmergencyCodes { set }))
}

fn shown(code: emergency_code::EmergencyCode) -> EmergencyCode {
    let used = code.used_at.zip(code.used_by).zip(code.used_by_name);
    EmergencyCode {
        number: code.number,
        used: used.map(|((at, by), by_name)| UsedEmergencyCode { at, by, by_name }),
    }
}
