//! `POST /api/v1/trainings/{training}/withdraw`: takes back what was entered by mistake.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_store::Refused;
use conclave_store::action::WithdrawTraining;

use super::NamedTraining;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::not_written_as;
use crate::http::problem::{Refusal, TRAINING_NOT_FOUND, TRAINING_WITHDRAWN};
use crate::http::signed_in::SignedIn;

/// It counts no more, and stays in the register. To owners, admins and account managers.
#[utoipa::path(
    post,
    operation_id = "withdrawTraining",
    path = "/trainings/{training}/withdraw",
    tag = "evidence",
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
    let event = Event::TrainingWithdraw { training };
    let action = AccountAction::KeepTraining;
    signed_in.may(&app, action, &occasion, &event).await?;
    let by = &signed_in.account;
    let entry = occasion.entry(Some(by.organisation), signed_in.actor(), event)?;
    let act = WithdrawTraining {
        id: training,
        organisation: by.organisation,
        by: by.id,
        at: occasion.now,
    };
    let Err(error) = app.store.write(act, entry.clone()).await else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let names = [
        (Refused::NotFound, TRAINING_NOT_FOUND),
        (Refused::Conflict, TRAINING_WITHDRAWN),
    ];
    Err(not_written_as(&app, error, entry, &names).await)
}
