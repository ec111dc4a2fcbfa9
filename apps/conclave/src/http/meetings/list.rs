//! `GET /api/v1/meetings`: the caller's own meetings.

use axum::Json;
use axum::extract::State;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_protocol::meeting::MeetingList;
use conclave_protocol::problem::Problem;

use super::shown::of_host;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// The meetings that the caller hosts: those that are not over first, then newest first, 100 at the most.
#[utoipa::path(
    get,
    operation_id = "listMeetings",
    path = "/meetings",
    tag = "meetings",
    responses(
        (status = 200, body = MeetingList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
) -> Result<Json<MeetingList>, Refusal> {
    let to = Code::new("meeting_list");
    signed_in
        .may_read(&app, AccountAction::ListOwnMeetings, to, &occasion)
        .await?;
    let meetings = app.store.meetings_of(signed_in.account.id).await?;
    let waiting = app.store.waiting_of(signed_in.account.id).await?;
    let shown = meetings.into_iter().map(|meeting| {
        let waiting = waiting.get(&meeting.id).copied().unwrap_or_default();
        of_host(meeting, waiting, occasion.now)
    });
    Ok(Json(MeetingList {
        meetings: shown.collect(),
    }))
}
