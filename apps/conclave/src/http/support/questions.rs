//! `GET` and `PUT /api/v1/support/questions`: what the organisation asks after sessions.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::SupportQuestions;
use conclave_store::action;

use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Absent where it asks what every one does.
#[utoipa::path(
    get,
    operation_id = "readSupportQuestions",
    path = "/support/questions",
    tag = "support",
    responses(
        (status = 200, body = SupportQuestions),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn read(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<SupportQuestions>, Refusal> {
    let to = Code::new("support_questions");
    let action = AccountAction::ReadPolicy;
    signed_in.may_read(&app, action, to, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let questions = app.store.support_questions(organisation).await?;
    Ok(Json(SupportQuestions { questions }))
}

/// They hold for sessions that are begun from then on. For owners and admins, who have proved lately who they are.
#[utoipa::path(
    put,
    operation_id = "setSupportQuestions",
    path = "/support/questions",
    tag = "support",
    request_body = SupportQuestions,
    responses(
        (status = 204),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn change(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(SupportQuestions { questions }): Body<SupportQuestions>,
) -> Result<StatusCode, Refusal> {
    let account = &signed_in.account;
    let count = questions.as_ref().map_or(0, |all| all.as_slice().len());
    let event = Event::SupportQuestions {
        organisation: account.organisation.0,
        questions: u8::try_from(count).unwrap_or(u8::MAX),
    };
    let action = AccountAction::ChangePolicy;
    signed_in.may(&app, action, &occasion, &event).await?;
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let entry = occasion.entry(Some(account.organisation), signed_in.actor(), event)?;
    let act = action::SetSupportQuestions {
        organisation: account.organisation,
        questions,
        by: account.id,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(not_written(&app, error, entry).await),
    }
}
