//! `GET /api/v1/admin/sessions`: which meetings go on, and which took place.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use conclave_audit::Event;
use conclave_protocol::meeting::MeetingState;
use conclave_protocol::meeting_session::{ClientKind, MeetingSessionList, SessionOutcome};
use conclave_protocol::problem::Problem;
use conclave_protocol::{AccountGroupId, AccountId, MeetingId, Timestamp};
use conclave_store::read::meeting_session::{MOST_SESSIONS, Search};

use super::{find, may_see, seen, shown};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::{MALFORMED_REQUEST, Refusal};
use crate::http::signed_in::SignedIn;

/// What narrows the list.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    host: Option<AccountId>,
    group: Option<AccountGroupId>,
    device: Option<ClientKind>,
    outcome: Option<SessionOutcome>,
    before: Option<MeetingId>,
    limit: Option<u32>,
}

/// The organisation's meetings that have begun, the latest first: from an instant on and before another, of a host, of a
/// group that its host is in, in which somebody came with such a device, that ended so. Neither titles nor guests' names.
/// For owners, admins, account managers and auditors, with a second factor. Each look is on record.
#[utoipa::path(
    get,
    operation_id = "listMeetingSessions",
    path = "/admin/sessions",
    tag = "administration",
    params(
        ("from" = Option<Timestamp>, Query),
        ("to" = Option<Timestamp>, Query),
        ("host" = Option<String>, Query, format = Uuid),
        ("group" = Option<String>, Query, format = Uuid),
        ("device" = Option<ClientKind>, Query),
        ("outcome" = Option<SessionOutcome>, Query),
        ("before" = Option<String>, Query, format = Uuid, description = "The last one of the page before"),
        ("limit" = Option<u32>, Query, description = "50 where absent, 200 at the most")
    ),
    responses(
        (status = 200, body = MeetingSessionList),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<MeetingSessionList>, Refusal> {
    may_see(&app, &signed_in, &occasion).await?;
    let Query(asked) = asked.map_err(|_| MALFORMED_REQUEST)?;
    let before = match asked.before {
        Some(id) => {
            let session = find(&app, id, &signed_in, &occasion).await?;
            Some((session.started_at, session.id))
        }
        None => None,
    };
    let limit = asked.limit.unwrap_or(LIMIT).clamp(1, MOST_SESSIONS);
    let mut found = app
        .store
        .meeting_sessions(Search {
            organisation: signed_in.account.organisation,
            from: asked.from.unwrap_or(Timestamp::from_micros(0)),
            // A clock that was set back does not hide what goes on.
            to: asked.to.unwrap_or(occasion.now.plus(AHEAD)),
            host: asked.host,
            group: asked.group,
            client: asked.device,
            state: asked.outcome.and_then(state),
            cause: asked.outcome.and_then(SessionOutcome::cause),
            before,
            most: limit + 1,
        })
        .await?;
    seen(&app, &signed_in, &occasion, Event::SessionSearch).await?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().map(|last| last.id).filter(|_| has_more);
    let sessions = found.into_iter().map(shown).collect();
    Ok(Json(MeetingSessionList { sessions, next }))
}

fn state(outcome: SessionOutcome) -> Option<MeetingState> {
    match outcome {
        SessionOutcome::Live => Some(MeetingState::Live),
        _ => Some(MeetingState::Ended),
    }
}

const LIMIT: u32 = 50;
const AHEAD: Duration = Duration::from_secs(24 * 60 * 60);
