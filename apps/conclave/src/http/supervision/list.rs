//! `GET /api/v1/admin/meetings`: which of the organisation's meetings go on.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use conclave_audit::Code;
use conclave_policy::capability::AccountAction;
use conclave_policy::program::ProgramAction;
use conclave_protocol::OrganisationId;
use conclave_protocol::problem::Problem;
use conclave_protocol::supervision::{LiveMeeting, LiveMeetingList};
use conclave_store::read::supervision as read;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::Refusal;
use crate::http::program;
use crate::http::signed_in::Polling;
use crate::http::supervision::watched;

/// The organisation's meetings that go on, oldest first, 100 at the most: numbers and the host's name, neither titles
/// nor guests. For owners, admins and account managers, and for programs with the scope `meetings:read`. Asking does not
/// keep the session open.
#[utoipa::path(
    get,
    operation_id = "listLiveMeetings",
    path = "/admin/meetings",
    tag = "administration",
    responses(
        (status = 200, body = LiveMeetingList),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Supervised(organisation): Supervised,
) -> Result<Json<LiveMeetingList>, Refusal> {
    Ok(Json(of(&app, organisation, |_| true).await?))
}

/// The organisation's, of which these are wanted; whoever asks.
pub(in crate::http) async fn of(
    app: &App,
    organisation: OrganisationId,
    wanted: fn(&read::LiveMeeting) -> bool,
) -> Result<LiveMeetingList, Refusal> {
    let live = app.store.supervised(organisation).await?;
    let wanted = live.into_iter().filter(wanted);
    let meetings = wanted.map(|meeting| LiveMeeting {
        id: meeting.id,
        host: meeting.host,
        started_at: meeting.started_at,
        people: meeting.people,
        waiting: meeting.waiting,
        locked: meeting.locked,
        is_support: meeting.is_support,
    });
    let now = app.clock.now();
    Ok(LiveMeetingList {
        meetings: meetings.collect(),
        open_emergencies: app.store.open_emergencies(organisation, now).await?,
    })
}

/// The organisation of whoever may see its meetings: somebody signed in, or a program by its key.
pub(crate) struct Supervised(OrganisationId);

impl FromRequestParts<App> for Supervised {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let to = Code::new("live_meetings");
        if program::shows_key(parts) {
            let action = ProgramAction::SeeLiveMeetings;
            let (program, _) = program::find(app, parts, action, to).await?;
            return Ok(Self(program.organisation));
        }
        let Polling(signed_in) = Polling::from_request_parts(parts, app).await?;
        let occasion = Occasion::from_request_parts(parts, app).await?;
        let action = AccountAction::SuperviseMeetings;
        signed_in.may_read(app, action, to, &occasion).await?;
        watched(app, &signed_in, &occasion, None).await;
        Ok(Self(signed_in.account.organisation))
    }
}
