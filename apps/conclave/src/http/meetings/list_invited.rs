//! `GET /api/v1/meetings/{id}/invited`: who is on a meeting's list.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event};
use conclave_protocol::meeting::InvitedList;
use conclave_protocol::problem::Problem;

use super::invited;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::Named;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// The list of a meeting for the invited. To whoever made the meeting.
#[utoipa::path(
    get,
    operation_id = "listInvited",
    path = "/meetings/{id}/invited",
    tag = "meetings",
    params(("id" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = InvitedList),
        (status = 401, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Named(id): Named,
) -> Result<Json<InvitedList>, Refusal> {
    let to = Code::new("invited");
    let event = Event::AccessRefused { to };
    let (meeting, _) = invited::own(&app, id, &signed_in, &occasion, event).await?;
    let invited = app.store.invited(meeting.id).await?;
    Ok(Json(InvitedList { invited }))
}
