//! `POST /api/v1/account/trainings/{training}/acknowledge`: who was trained says that it was so.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_store::Refused;
use conclave_store::action::AcknowledgeTraining;

use super::NamedTraining;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::not_written_as;
use crate::http::problem::{Refusal, TRAINING_NOT_FOUND};
use crate::http::signed_in::SignedIn;

/// Once, of their own that was not taken back. The register shows when.
#[utoipa::path(
    post,
    operation_id = "acknowledgeTraining",
    path = "/account/trainings/{training}/acknowledge",
    tag = "accounts",
    params(("training" = String, Path, format = Uuid)),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    NamedTraining(training): NamedTraining,
) -> Result<StatusCode, Refusal> {
    let event = Event::TrainingAcknowledge { training };
    let action = AccountAction::AcknowledgeTraining;
    signed_in.may(&app, action, &occasion, &event).await?;
    let by = &signed_in.account;
    let entry = occasion.entry(Some(by.organisation), signed_in.actor(), event)?;
    let act = AcknowledgeTraining {
        id: training,
        account: by.id,
        at: occasion.now,
    };
    let Err(error) = app.store.write(act, entry.clone()).await else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let names = [(Refused::NotFound, TRAINING_NOT_FOUND)];
    Err(not_written_as(&app, error, entry, &names).await)
}
