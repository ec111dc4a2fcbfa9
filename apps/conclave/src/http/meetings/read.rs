//! `GET /api/v1/meetings/{id}`: one meeting, for its host.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::meeting::Meeting;
use conclave_protocol::problem::Problem;

use super::shown::of_host;
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
    let to = Code::new("meeting");
    signed_in
        .may_read(&app, AccountAction::ListOwnMeetings, to.clone(), &occasion)
        .await?;
    let meeting = app.store.meeting(id).await?;
    match meeting.filter(|meeting| meeting.host == signed_in.account.id) {
        Some(own) => Ok(Json(of_host(own, 0, occasion.now))),
        None => {
            let organisation = Some(signed_in.account.organisation);
            let event = Event::AccessRefused { to };
            let entry = occasion.entry(organisation, signed_in.actor(), event)?;
            let refused = entry.refused(Code::new("not_its_host"));
            app.record_at_pace(&occasion, refused).await;
            Err(MEETING_NOT_FOUND.into())
        }
    }
}
