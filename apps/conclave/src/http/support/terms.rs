//! `GET /api/v1/meetings/{id}/support/terms`: what policy permits in a session, at this moment.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event};
use conclave_policy::capability::MeetingAction;
use conclave_protocol::meeting::DataMode;
use conclave_protocol::policy::Permitted;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::SupportTerms;

use super::{can_keep, held, in_meeting, terms_of};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::Present;
use crate::http::problem::Refusal;

/// The most that a technician may ask for. Nothing where they may not hold support any more, or, at a computer where nobody
/// need be, none of that kind. For everybody in the session's
/// meeting, and who waits for it to begin.
#[utoipa::path(
    get,
    operation_id = "readSupportTerms",
    path = "/meetings/{id}/support/terms",
    tag = "support",
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
    let to = Code::new("support_terms");
    let entry = present.entry(&occasion, Event::AccessRefused { to })?;
    present
        .may(&app, MeetingAction::OpenChannel, &entry)
        .await?;
    let session = in_meeting(&app, &present, &entry).await?;
    let permitted = Permitted {
        // What the meeting was made in, whatever policy says by now.
        data_mode: app
            .store
            .data_mode(session.meeting)
            .await?
            .unwrap_or(DataMode::Conduit),
        ..app.policies.of_host(&present.meeting).await?
    };
    let at = app.store.unattended_in(present.meeting.id).await?;
    let is_let_in = at.is_none() || permitted.support_unattended;
    let support = is_let_in
        && held(&app, &present.meeting).await?.is_allowed()
        && can_keep(&app, session.organisation, permitted.data_mode).await?;
    Ok(Json(terms_of(&Permitted {
        support,
        ..permitted
    })))
}
