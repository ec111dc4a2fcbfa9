//! `POST /api/v1/meetings/{id}/companion`: a code for the computer that somebody presents.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::Event;
use conclave_policy::companion::{CODE_LASTS, Owner, may_offer};
use conclave_protocol::companion::CompanionCode;
use conclave_protocol::problem::Problem;
use conclave_store::action::OfferCompanion;

use super::{permitted, presents};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{Present, decide, not_written};
use crate::http::problem::Refusal;
use crate::{id, secret};

/// For who may show a screen at this moment, where policy does not say otherwise. Good for ten minutes and one computer; one
/// that was asked for before and not used is good no more.
#[utoipa::path(
    post,
    operation_id = "offerCompanion",
    path = "/meetings/{id}/companion",
    tag = "companions",
    params(("id" = String, Path, format = Uuid)),
    security(("participant" = [])),
    responses(
        (status = 201, body = CompanionCode),
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
) -> Result<(StatusCode, Json<CompanionCode>), Refusal> {
    let (meeting, participant) = (present.meeting.id, present.participant.id);
    let event = Event::CompanionOffered {
        meeting: meeting.0,
        participant: participant.0,
    };
    let entry = present.entry(&occasion, event)?;
    let permitted = permitted(&app, &present.meeting, &present.participant).await?;
    let owner = Owner {
        member: present.member(),
        presents: presents(&app, &present.meeting, &present.participant).await?,
        permitted: &permitted,
    };
    decide(&app, may_offer(present.meeting.state, owner), &entry).await?;
    let (code, hash) = secret::fresh()?;
    let code_until = occasion.now.plus(CODE_LASTS);
    let act = OfferCompanion {
        id: id::fresh(occasion.now)?,
        meeting,
        owner: participant,
        code: hash,
        code_until,
        at: occasion.now,
    };
    match app.store.write(act, entry.clone()).await {
        Err(error) => Err(not_written(&app, error, entry).await),
        Ok(()) => Ok((
            StatusCode::CREATED,
            Json(CompanionCode { code, code_until }),
        )),
    }
}
