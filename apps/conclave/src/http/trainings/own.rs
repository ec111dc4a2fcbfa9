//! `GET /api/v1/account/trainings`: what the register says of one's own training.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::training::OwnTrainings;

use super::list::shown;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Without what was taken back.
#[utoipa::path(
    get,
    operation_id = "listOwnTrainings",
    path = "/account/trainings",
    tag = "accounts",
    responses(
        (status = 200, body = OwnTrainings),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<OwnTrainings>, Refusal> {
    let to = Code::new("trainings");
    let action = AccountAction::AcknowledgeTraining;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let trainings = app.store.trainings_of(signed_in.account.id).await?;
    let trainings = trainings.into_iter().map(shown).collect();
    Ok(Json(OwnTrainings { trainings }))
}
