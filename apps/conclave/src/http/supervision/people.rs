//! `GET /api/v1/admin/meetings/{id}/participants`: who is in a meeting of the organisation.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::meeting::Admission;
use conclave_protocol::problem::Problem;
use conclave_protocol::supervision::{LivePeople, LivePerson};
use conclave_store::read::quality::INTERVAL;

use crate::app::App;
use crate::http::meeting_sessions;
use crate::http::occasion::Occasion;
use crate::http::present::Named;
use crate::http::problem::Refusal;
use crate::http::signed_in::Polling;
use crate::http::supervised;
use crate::http::supervision::watched;

/// Who is in, longest there first. Of those who have no account of the organisation no name is told: it may be a
/// patient's. For owners, admins and account managers. Asking does not keep the session open.
#[utoipa::path(
    get,
    operation_id = "listLiveParticipants",
    path = "/admin/meetings/{id}/participants",
    tag = "administration",
    params(("id" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = LivePeople),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Polling(signed_in): Polling,
    occasion: Occasion,
    Named(id): Named,
) -> Result<Json<LivePeople>, Refusal> {
    let to = Code::new("live_meetings");
    let action = AccountAction::SuperviseMeetings;
    signed_in
        .may_read(&app, action, to.clone(), &occasion)
        .await?;
    let event = Event::AccessRefused { to };
    let (meeting, _) = supervised::find(&app, id, &signed_in, &occasion, &event).await?;
    watched(&app, &signed_in, &occasion, Some(meeting.id)).await;
    let staff = app.store.staff_of(meeting.id, meeting.organisation).await?;
    let mut names: BTreeMap<_, _> = staff
        .into_iter()
        .map(|one| (one.participant, one.display_name))
        .collect();
    let by_emergency = app.store.emergency_visitors(meeting.id).await?;
    let people = app.store.people(meeting.id).await?.into_iter();
    let inside = people.filter(|person| person.admission == Admission::Admitted);
    let lately = occasion.now.minus(INTERVAL);
    let flows = app.store.flows_since(meeting.id, lately).await?;
    let inside = inside.map(|person| {
        let theirs = flows.iter().filter(|flow| flow.participant == person.id);
        let (sent, received) = meeting_sessions::of(theirs);
        LivePerson {
            participant: person.id,
            role: person.role,
            account: names.remove(&person.id),
            admitted_at: person.admitted_at.unwrap_or(person.joined_at),
            connected: person.connected,
            sent,
            by_emergency: by_emergency.contains(&person.id),
            received,
        }
    });
    Ok(Json(LivePeople {
        people: inside.collect(),
    }))
}
