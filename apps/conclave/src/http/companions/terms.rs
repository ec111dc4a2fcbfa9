//! `GET /api/v1/meetings/{id}/companion/terms`: what policy permits who uses a computer, at this moment.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event};
use conclave_policy::capability::MeetingAction;
use conclave_policy::companion::terms;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::SupportTerms;

use super::permitted;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::Present;
use crate::http::problem::Refusal;

/// Of the caller's own computer, or of the computer that the caller is. Nothing where policy lets nobody be given it.
#[utoipa::path(
    get,
    operation_id = "readCompanionTerms",
    path = "/meetings/{id}/companion/terms",
    tag = "companions",
    params(("id" = String, Path, format = Uuid)),
    security(("participant" = [])),
    responses(
        (status = 200, body = SupportTerms),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 410, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    present: Present,
    occasion: Occasion,
) -> Result<Json<SupportTerms>, Refusal> {
    let to = Code::new("companion_terms");
    let entry = present.entry(&occasion, Event::AccessRefused { to })?;
    present
        .may_read(&app, MeetingAction::SendData, &occasion, &entry)
        .await?;
    // A computer is in with its owner's account, and so under their policy.
    let permitted = permitted(&app, &present.meeting, &present.participant).await?;
    Ok(Json(terms(&permitted)))
}
