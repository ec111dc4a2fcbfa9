//! `POST /api/v1/companions/look-up`: into whose meeting a code leads, before a computer goes there.

use axum::Json;
use axum::extract::State;
use conclave_protocol::companion::{CompanionOffer, ShowCompanionCode};
use conclave_protocol::problem::Problem;

use super::{name_of, offered};
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::problem::{COMPANION_NOT_FOUND, Refusal};

/// For the agent that was given the code. Nothing is taken by asking.
#[utoipa::path(
    post,
    operation_id = "readCompanionOffer",
    path = "/companions/look-up",
    tag = "companions",
    request_body = ShowCompanionCode,
    responses(
        (status = 200, body = CompanionOffer),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    occasion: Occasion,
    Body(body): Body<ShowCompanionCode>,
) -> Result<Json<CompanionOffer>, Refusal> {
    let offered = offered(&app, &body.code, &occasion).await?;
    let organisation = app.store.organisation(offered.meeting.organisation).await?;
    let organisation = organisation.ok_or(COMPANION_NOT_FOUND)?;
    Ok(Json(CompanionOffer {
        organisation: organisation.name,
        display_name: name_of(&offered.owner),
        owner_name: offered.owner.display_name,
        code_until: offered.companion.code_until,
    }))
}
