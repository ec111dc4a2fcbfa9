//! `GET /api/v1/meetings/{id}/channel`: the meeting channel, a WebSocket.

use axum::Extension;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use conclave_audit::{Actor, Code, Event};
use conclave_protocol::channel::{Bye, Downstream};
use conclave_protocol::problem::Problem;
use conclave_protocol::{MeetingId, OrganisationId};

use crate::allowance::Allowance;
use crate::app::App;
use crate::channel::{LONGEST_SUBMISSION, TurnedAway};
use crate::http::occasion::Occasion;
use crate::http::present::Named;
use crate::http::problem::{BUSY, MALFORMED_REQUEST, Refusal};
use crate::recorded;

/// What happens in the meeting, as far as the participant may know. The first message is the
/// client's `hello` with its credential; so the upgrade itself tells nobody whether a meeting exists.
#[utoipa::path(
    get,
    operation_id = "openChannel",
    path = "/meetings/{id}/channel",
    tag = "participants",
    params(("id" = String, Path, format = Uuid)),
    responses(
        (status = 101, description = "JSON text frames: `Upstream` from the client, `Downstream` from the server", body = Downstream),
        (status = 400, body = Problem),
        (status = 404, body = Problem),
        (status = 503, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Named(meeting): Named,
    occasion: Occasion,
    Extension(allowance): Extension<Allowance>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let upgrade = upgrade.map_err(|_| MALFORMED_REQUEST)?;
    let channels = app.channels.clone();
    let place = channels.place().ok_or(BUSY)?;
    Ok(upgrade
        .max_message_size(LONGEST_SUBMISSION)
        .max_frame_size(LONGEST_SUBMISSION)
        .on_upgrade(async move |socket| {
            if let Some(turned_away) = channels.talk(socket, allowance, meeting, place).await {
                record(&app, &occasion, turned_away).await;
            }
        }))
}

async fn record(app: &App, occasion: &Occasion, turned_away: TurnedAway) {
    let (participant, reason) = match turned_away {
        TurnedAway::Stranger => (None, "unknown_credential"),
        TurnedAway::Elsewhere(participant) => (Some(participant), "other_meeting"),
        TurnedAway::Unwelcome(participant, Bye::MeetingEnded) => {
            (Some(participant), "meeting_ended")
        }
        TurnedAway::Unwelcome(participant, Bye::MeetingLocked) => {
            (Some(participant), "meeting_locked")
        }
        TurnedAway::Unwelcome(participant, _) => (Some(participant), "not_admitted"),
    };
    let actor = participant.as_deref().map(recorded::participant);
    let organisation = match participant {
        Some(participant) => organisation_of(app, participant.meeting).await,
        None => None,
    };
    let to = Code::new("channel");
    let event = Event::AccessRefused { to };
    if let Ok(entry) = occasion.entry(organisation, actor.unwrap_or(Actor::Anonymous), event) {
        let refused = entry.refused(Code::new(reason));
        app.record_at_pace(occasion, refused).await;
    }
}

/// Without one that can be read, the entry is the installation's.
async fn organisation_of(app: &App, meeting: MeetingId) -> Option<OrganisationId> {
    let found = app.store.meeting(meeting).await.ok()?;
    found.map(|meeting| meeting.organisation)
}
