//! `GET /api/v1/trainings`: who was trained in what, and whose training is over.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::training::{OverdueTraining, Training, TrainingList};
use conclave_store::read::training;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// The latest 500, and whoever has an active account and no training on record, or one that is over. For owners, admins, account
/// managers and auditors.
#[utoipa::path(
    get,
    operation_id = "listTrainings",
    path = "/trainings",
    tag = "evidence",
    responses(
        (status = 200, body = TrainingList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<TrainingList>, Refusal> {
    let to = Code::new("trainings");
    let action = AccountAction::ReadEvidence;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let (organisation, now) = (signed_in.account.organisation, occasion.now);
    let trainings = app.store.trainings(organisation).await?.into_iter();
    let overdue = app.store.overdue_trainings(organisation, now).await?;
    let counted = app.store.people_without_training(organisation, now);
    Ok(Json(TrainingList {
        trainings: trainings.map(shown).collect(),
        overdue: overdue.into_iter().map(late).collect(),
        people_overdue: counted.await?.people,
    }))
}

pub(super) fn shown(training: training::Training) -> Training {
    Training {
        id: training.id,
        account: training.account,
        display_name: training.display_name,
        topic: training.topic,
        completed_at: training.completed_at,
        good_until: training.good_until,
        entered_at: training.entered_at,
        entered_by_name: training.entered_by_name,
        withdrawn_at: training.withdrawn_at,
        acknowledged_at: training.acknowledged_at,
    }
}

fn late(overdue: training::Overdue) -> OverdueTraining {
    OverdueTraining {
        account: overdue.account,
        display_name: overdue.display_name,
        good_until: overdue.good_until,
    }
}
