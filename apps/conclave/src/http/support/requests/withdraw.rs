//! `DELETE /api/v1/support/requests/{request}`: somebody who asked for help waits no longer.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Actor, Event};
use conclave_protocol::problem::Problem;
use conclave_store::action::WithdrawRequest;

use super::{Asker, NAMES};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::not_written_as;
use crate::http::problem::Refusal;

/// For whoever shows the request's token, until a technician has taken them. Nothing of them is left.
#[utoipa::path(
    delete,
    operation_id = "withdrawHelp",
    path = "/support/requests/{request}",
    tag = "support",
    params(("request" = String, Path, format = Uuid)),
    security(("support_request" = [])),
    responses(
        (status = 204),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Asker { request, token }: Asker,
    occasion: Occasion,
) -> Result<StatusCode, Refusal> {
    let event = Event::SupportRequestWithdrawn {
        request: request.id.0,
    };
    let entry = occasion.entry(Some(request.organisation), Actor::Anonymous, event)?;
    let act = WithdrawRequest {
        request: request.id,
        token,
    };
    match app.store.write(act, entry.clone()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(not_written_as(&app, error, entry, &NAMES).await),
    }
}
