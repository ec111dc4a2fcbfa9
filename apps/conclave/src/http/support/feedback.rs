//! `POST /api/v1/meetings/{id}/support/feedback`: what the person who was helped thinks of it.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Event};
use conclave_policy::support::may_judge;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::SupportFeedback;
use conclave_store::action;

use super::{hear, in_meeting, is_helped};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{Present, not_written, recall};
use crate::http::problem::{FEEDBACK_GIVEN, FEEDBACK_SEALED, Refusal};
use crate::http::repeatable::Keyed;

/// Once, with the credential of whom the session helped alone, until an hour after its end. Of a session that is recorded it
/// is taken sealed alone, with the recording.
#[utoipa::path(
    post,
    operation_id = "judgeSupport",
    path = "/meetings/{id}/support/feedback",
    tag = "support",
    params(
        ("id" = String, Path, format = Uuid),
        ("Idempotency-Key" = String, Header, format = Uuid)
    ),
    request_body = SupportFeedback,
    security(("participant" = [])),
    responses(
        (status = 204),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    occasion: Occasion,
    Keyed { body, command }: Keyed<SupportFeedback>,
) -> Result<StatusCode, Refusal> {
    let once = command.once(present.participant.id.0, occasion.now);
    let to = Code::new("support_feedback");
    let asked = present.entry(&occasion, Event::AccessRefused { to })?;
    let session = in_meeting(&app, &present, &asked).await?;
    let SupportFeedback {
        solved,
        rating,
        answers,
    } = body;
    let event = Event::SupportFeedback {
        session: session.id.0,
        solved,
        rating,
    };
    let entry = present.entry(&occasion, event)?;
    let said = recall::<action::KeepFeedback>(&app, &once, &entry).await?;
    if said.is_some() {
        return Ok(StatusCode::NO_CONTENT);
    }
    is_helped(&app, &session, &present, &entry).await?;
    if app.store.is_recorded(session.id).await? {
        // Not as what it would have been: the log would have the words.
        app.record(asked.refused(Code::new("sealed_alone"))).await;
        return Err(FEEDBACK_SEALED.into());
    }
    let has_said = session.feedback_at.is_some();
    let may = may_judge(&session.standing(), has_said, occasion.now);
    hear(&app, may, FEEDBACK_GIVEN, &entry).await?;
    let questions = app.store.questions_in_support(session.id).await?;
    let act = action::KeepFeedback {
        session: session.id,
        solved,
        rating,
        answers: questions
            .map(|questions| answers.about(&questions))
            .unwrap_or_default(),
        at: occasion.now,
    };
    match app.store.write_once(once, act, entry.clone()).await {
        Err(error) => Err(not_written(&app, error, entry).await),
        Ok(_) => Ok(StatusCode::NO_CONTENT),
    }
}
