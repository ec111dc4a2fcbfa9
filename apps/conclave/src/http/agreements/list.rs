//! `GET /api/v1/agreements`: with whom the organisation has agreements.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::evidence::AgreementList;
use conclave_protocol::problem::Problem;

use super::listed;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Newest first, 200 at the most, each with all that the register ever said of it. To owners, admins, account managers and
/// auditors.
#[utoipa::path(
    get,
    operation_id = "listAgreements",
    path = "/agreements",
    tag = "evidence",
    responses(
        (status = 200, body = AgreementList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<AgreementList>, Refusal> {
    let to = Code::new("agreements");
    let action = AccountAction::ReadEvidence;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let agreements = listed(&app, organisation, occasion.now).await?;
    let state = app.store.policy_state(organisation).await?;
    let profile_is_on = state.is_some_and(|state| state.profile_since.is_some());
    let is_missing = profile_is_on && !agreements.iter().any(|one| one.is_in_force);
    Ok(Json(AgreementList {
        agreements,
        is_missing,
    }))
}
