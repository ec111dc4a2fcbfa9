//! `GET /api/v1/emergency/meetings`: which meetings go on, for who has broken the glass.

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event};
use conclave_policy::emergency::Unlocked;
use conclave_protocol::problem::Problem;
use conclave_protocol::supervision::LiveMeetingList;

use super::opened;
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::signed_in::PollingInEmergency;
use crate::http::supervision;

/// As those see them who look after the organisation's meetings: numbers and the hosts' names, neither titles nor guests.
/// While emergency access is open. Asking does not keep the session open.
#[utoipa::path(
    get,
    operation_id = "listMeetingsInEmergency",
    path = "/emergency/meetings",
    tag = "emergency",
    responses(
        (status = 200, body = LiveMeetingList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    PollingInEmergency(signed_in): PollingInEmergency,
    occasion: Occasion,
) -> Result<Json<LiveMeetingList>, Refusal> {
    let to = Code::new("live_meetings");
    let event = Event::AccessRefused { to };
    let what = Unlocked::LiveMeetings;
    let open = opened(&app, &signed_in, &occasion, what, event).await?;
    // It leads into no support session.
    let list = supervision::list::of(&app, open.organisation, |meeting| !meeting.is_support);
    let list = list.await?;
    Ok(Json(list))
}
