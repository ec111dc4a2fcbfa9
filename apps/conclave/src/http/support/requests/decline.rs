//! `POST /api/v1/support/requests/{request}/decline`: a technician turns somebody away.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_protocol::problem::Problem;
use conclave_store::action::DeclineRequest;

use super::{NAMES, NamedHelp, entry_of_helper, may_help};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::not_written_as;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// They wait no longer, and their page says that nobody helps them by this way at the moment. Whom another technician has
/// taken, or is about to take, is not turned away.
#[utoipa::path(
    post,
    operation_id = "declineHelpRequest",
    path = "/support/requests/{request}/decline",
    tag = "support",
    params(("request" = String, Path, format = Uuid)),
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
    NamedHelp(request): NamedHelp,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<StatusCode, Refusal> {
    let event = Event::SupportRequestDeclined { request: request.0 };
    let entry = entry_of_helper(&signed_in, &occasion, event)?;
    may_help(&app, &signed_in, &occasion, &entry).await?;
    let act = DeclineRequest {
        request,
        organisation: signed_in.account.organisation,
        by: signed_in.account.id,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(not_written_as(&app, error, entry, &NAMES).await),
    }
}
