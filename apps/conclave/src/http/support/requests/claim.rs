//! `POST /api/v1/support/requests/{request}/claim`: a technician is about to take somebody.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_protocol::problem::Problem;
use conclave_store::action::ClaimRequest;

use super::{NAMES, NamedHelp, entry_of_helper, may_help};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::not_written_as;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// For half a minute nobody else takes them: as long as the caller's page opens a session. Said again it holds anew.
#[utoipa::path(
    post,
    operation_id = "claimHelpRequest",
    path = "/support/requests/{request}/claim",
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
    let event = Event::SupportRequestClaimed { request: request.0 };
    let entry = entry_of_helper(&signed_in, &occasion, event)?;
    may_help(&app, &signed_in, &occasion, &entry).await?;
    let act = ClaimRequest {
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
