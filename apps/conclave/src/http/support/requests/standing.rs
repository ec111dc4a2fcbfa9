//! `GET /api/v1/support/requests/{request}`: how it stands with somebody who asked for help. Their page asks every few seconds.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use conclave_policy::support_queue::{GONE_AFTER, RequestState, WAITS_FOR, state};
use conclave_protocol::Timestamp;
use conclave_protocol::problem::Problem;
use conclave_protocol::support_queue::HelpStanding;
use conclave_store::UpkeepReason;
use conclave_store::action::TouchRequest;
use conclave_store::read::support_queue::SupportRequest;
use tokio::time::timeout;

use super::{Shown, queue_of};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::{QUEUE_OFF, Refusal, SUPPORT_REQUEST_NOT_FOUND};

/// Their place, the link that a technician sealed for them, or that one turned them away. For whoever shows the request's token;
/// to everybody else, and once it is over, it does not exist.
#[utoipa::path(
    get,
    operation_id = "readHelpStanding",
    path = "/support/requests/{request}",
    tag = "support",
    params(("request" = String, Path, format = Uuid)),
    security(("support_request" = [])),
    responses(
        (status = 200, body = HelpStanding),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Shown { id, token }: Shown,
    occasion: Occasion,
) -> Result<Json<HelpStanding>, Refusal> {
    let Some(request) = app.store.support_request(id, token).await? else {
        let was_declined = app.store.was_declined(id, token, occasion.now).await?;
        let declined = was_declined.then_some(HelpStanding::Declined);
        return Ok(Json(declined.ok_or(SUPPORT_REQUEST_NOT_FOUND)?));
    };
    let standing = match state(&request.standing(), occasion.now) {
        RequestState::Waiting => waiting(&app, &request, occasion.now).await?,
        RequestState::Taken => taken(&app, request).await?,
        RequestState::Over => return Err(SUPPORT_REQUEST_NOT_FOUND.into()),
    };
    Ok(Json(standing))
}

async fn waiting(
    app: &App,
    request: &SupportRequest,
    now: Timestamp,
) -> Result<HelpStanding, Refusal> {
    if !queue_of(app, request.organisation).await?.is_allowed() {
        return Err(QUEUE_OFF.into());
    }
    if now.since(request.seen_at) >= SEEN_EVERY {
        touch(app, request, now).await;
    }
    let before = app.store.support_requests_before(request, now).await?;
    Ok(HelpStanding::Waiting {
        place: before.saturating_add(1),
        until: request.asked_at.plus(WAITS_FOR),
    })
}

async fn taken(app: &App, request: SupportRequest) -> Result<HelpStanding, Refusal> {
    let given = request.session.zip(request.sealed);
    let (session, sealed) = given.ok_or(SUPPORT_REQUEST_NOT_FOUND)?;
    let session = app.store.support_session(session).await?;
    let session = session.ok_or(SUPPORT_REQUEST_NOT_FOUND)?;
    Ok(HelpStanding::Taken {
        session: session.id,
        meeting: session.meeting,
        code: session.code,
        sealed,
    })
}

/// Best effort: the next question tries again.
async fn touch(app: &App, request: &SupportRequest, at: Timestamp) {
    let touch = TouchRequest {
        request: request.id,
        at,
    };
    let written = app.store.write_unaudited(UpkeepReason::Presence, touch);
    if !matches!(timeout(TOUCH, written).await, Ok(Ok(()))) {
        tracing::warn!("that somebody waits for help was not written in time");
    }
}

/// A page's questions come more often than this is written.
const SEEN_EVERY: Duration = Duration::from_secs(GONE_AFTER.as_secs() / 8);
/// How long an answer waits for it. Longer delays the page's news while the database hangs.
const TOUCH: Duration = Duration::from_secs(1);
