//! `POST /api/v1/trainings`: enters that somebody was trained.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::training::{EnterTraining, Training};
use conclave_store::action;

use crate::app::App;
use crate::evidence::{coded, digest};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{ACCOUNT_NOT_FOUND, Refusal, TRAINING_INVALID};
use crate::http::signed_in::SignedIn;
use crate::id;

/// Of somebody of the organisation, whatever became of their account. To owners, admins and account managers.
#[utoipa::path(
    post,
    operation_id = "enterTraining",
    path = "/trainings",
    tag = "evidence",
    request_body = EnterTraining,
    responses(
        (status = 201, body = Training),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<EnterTraining>,
) -> Result<(StatusCode, Json<Training>), Refusal> {
    let id = id::fresh(occasion.now)?;
    let event = Event::TrainingEnter {
        training: id,
        account: body.account.0,
        words: coded(&digest(&body)),
    };
    let action = AccountAction::KeepTraining;
    signed_in.may(&app, action, &occasion, &event).await?;
    let now = occasion.now;
    body.check(now).map_err(|_| TRAINING_INVALID)?;
    let by = &signed_in.account;
    let whom = app.store.account(body.account).await?;
    let whom = whom.filter(|whom| whom.organisation == by.organisation);
    let whom = whom.ok_or(ACCOUNT_NOT_FOUND)?;
    let entry = occasion.entry(Some(by.organisation), signed_in.actor(), event)?;
    let act = action::EnterTraining {
        id,
        organisation: by.organisation,
        account: whom.id,
        topic: body.topic.clone(),
        completed_at: body.completed_at,
        good_until: body.good_until,
        by: by.id,
        at: now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    let entered = Training {
        id,
        account: whom.id,
        display_name: whom.display_name,
        topic: body.topic,
        completed_at: body.completed_at,
        good_until: body.good_until,
        entered_at: now,
        entered_by_name: by.display_name.clone(),
        withdrawn_at: None,
        acknowledged_at: None,
    };
    Ok((StatusCode::CREATED, Json(entered)))
}
