//! `GET /api/v1/meetings/{id}`: one meeting, for its host.

use axum::Json;
use axum::extract::State;
use conclave_policy::capability::AccountAction;
use conclave_protocol::meeting::Meeting;
use conclave_protocol::problem::Problem;

use super::of_host;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::Named;
use crate::http::problem::{MEETING_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// One meeting. To everybody but its host it does not exist.
#[utoipa::path(
    get,
    operation_id = "readMeeting",
    path = "/meetings/{id}",
    tag = "meetings",
    params(("id" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = Meeting),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Named(id): Named,
) -> Result<Json<Meeting>, Refusal> {
    signed_in
        .may_read(&app, AccountAction::ListOwnMeetings, &occasion)
        .await?;
    let meeting = app.store.meeting(id).await?;
    let own = meeting.filter(|meeting| meeting.host == signed_in.account.id);
    Ok(Json(of_host(own.ok_or(MEETING_NOT_FOUND)?)))
}
