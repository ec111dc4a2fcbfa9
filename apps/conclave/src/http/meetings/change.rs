//! `PUT /api/v1/meetings/{id}`: another title, time, rule or time-outs for a meeting that was scheduled.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_policy::capability::AccountAction;
use conclave_policy::{Decision, Reason};
use conclave_protocol::meeting::{ChangeMeeting, Meeting};
use conclave_protocol::problem::Problem;
use conclave_store::action;

use super::invited;
use super::plan::planned;
use super::shown::of_host;
use crate::app::App;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::{Named, decide, not_written};
use crate::http::problem::{MEETING_NOT_FOUND, Refusal, TIME_OUT_INVALID};
use crate::http::signed_in::SignedIn;

/// Says anew what the meeting is called, when it takes place, who comes straight in, and when it ends by itself; its code and
/// its link stay. One occurrence is cancelled by naming it in the schedule, and takes place again without that. To whoever
/// made the meeting and may make one. Refused (`changed_meanwhile`) where it was changed since it was read.
#[utoipa::path(
    put,
    operation_id = "changeMeeting",
    path = "/meetings/{id}",
    tag = "meetings",
    params(("id" = String, Path, format = Uuid)),
    request_body = ChangeMeeting,
    responses(
        (status = 200, body = Meeting),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 410, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Named(id): Named,
    Body(body): Body<ChangeMeeting>,
) -> Result<Json<Meeting>, Refusal> {
    let event = Event::MeetingChange { meeting: id.0 };
    let (meeting, entry) = invited::own(&app, id, &signed_in, &occasion, event.clone()).await?;
    signed_in
        .may(&app, AccountAction::CreateMeeting, &occasion, &event)
        .await?;
    let hosts = Decision::when(signed_in.permitted.host_meetings, Reason::SwitchedOff);
    decide(&app, hosts, &entry).await?;
    let limits = app.config.meetings.time_outs();
    let time_outs = match body.time_outs {
        None => meeting.time_outs(),
        Some(wanted) => limits.own(wanted).map_err(|_| TIME_OUT_INVALID)?,
    };
    let act = action::ChangeMeeting {
        meeting: meeting.id,
        seen: body.sequence,
        title: body.title,
        planned: planned(body.schedule)?,
        entry: body.entry,
        uninvited: body.uninvited,
        time_outs,
    };
    match app.store.write(act, entry.clone()).await {
        Err(error) => Err(not_written(&app, error, entry).await),
        Ok(_) => {
            app.channels.changed(id);
            let changed = app.store.meeting(id).await?.ok_or(MEETING_NOT_FOUND)?;
            Ok(Json(of_host(changed, 0, occasion.now)))
        }
    }
}
