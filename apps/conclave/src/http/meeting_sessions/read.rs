//! `GET /api/v1/admin/sessions/{id}`: who was in a meeting, and what happened.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use conclave_audit::{Actor, Entry, Event, Outcome};
use conclave_protocol::meeting::MeetingState;
use conclave_protocol::meeting_session::{Attendee, MeetingSessionDetail, Moment};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::problem::Problem;
use conclave_protocol::{AccountId, ParticipantId, Timestamp};
use conclave_store::LogSearch;
use conclave_store::read::meeting_session::{Attendance, MeetingSession};
use conclave_store::read::quality::Flow;
use uuid::Uuid;

use super::{find, may_see, of, seen, shown};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::Named;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Who was in, when, with what and how their media did; what happened; how it ended. Of those who have no account of the
/// organisation no name is told. For owners, admins, account managers and auditors, with a second factor. Each look is on
/// record.
#[utoipa::path(
    get,
    operation_id = "readMeetingSession",
    path = "/admin/sessions/{id}",
    tag = "administration",
    params(("id" = String, Path, format = Uuid)),
    responses(
        (status = 200, body = MeetingSessionDetail),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Named(id): Named,
) -> Result<Json<MeetingSessionDetail>, Refusal> {
    may_see(&app, &signed_in, &occasion).await?;
    let session = find(&app, id, &signed_in, &occasion).await?;
    let organisation = signed_in.account.organisation;
    let people = app.store.attendances(id, organisation).await?;
    let flows = app.store.flows(id).await?;
    let staff = app.store.people_of(organisation).await?.into_iter();
    let staff: BTreeMap<_, _> = staff.map(|one| (one.account, one.display_name)).collect();
    let helped = app.store.support_of(id).await?;
    let about = id.0.to_string();
    // What the agent lets be known names its session alone.
    let session_of_help = helped.map(|helped| helped.id.0.to_string());
    let words: Vec<_> = [Some(&about), session_of_help.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let logged = app
        .store
        .logged(LogSearch {
            log: Some(organisation),
            from: session.started_at,
            to: session.ended_at.unwrap_or(occasion.now).plus(AFTERWARDS),
            words: &words,
            most: MOST_MOMENTS,
        })
        .await?;
    let event = Event::SessionRead { meeting: id.0 };
    seen(&app, &signed_in, &occasion, event).await?;
    let timeline = logged.entries.iter().filter(|entry| happens_in_it(entry));
    Ok(Json(MeetingSessionDetail {
        people: people
            .into_iter()
            .map(|one| attendee(one, &session, &flows))
            .collect(),
        timeline: timeline.map(|entry| moment(entry, &staff)).collect(),
        timeline_is_cut: logged.is_cut,
        session: shown(session),
    }))
}

fn attendee(one: Attendance, session: &MeetingSession, flows: &[Flow]) -> Attendee {
    let theirs = flows
        .iter()
        .filter(|flow| flow.participant == one.participant);
    let (sent, received) = of(theirs);
    let over = match session.state {
        MeetingState::Ended => session.ended_at,
        MeetingState::Live | MeetingState::Scheduled => None,
    };
    Attendee {
        participant: one.participant,
        account: one.account,
        name: one.account_name,
        role: one.role,
        admission: one.admission,
        client: one.client,
        admitted_at: one.admitted_at,
        left_at: one.left_at.or(over),
        connected: one.connected,
        sent,
        received,
    }
}

/// Who looked at its record is in the log, and no part of the meeting; nor is what its members' keys do.
fn happens_in_it(entry: &Entry) -> bool {
    let name = entry.event.name();
    let is_of_it = [
        "meeting.",
        "support.",
        "companion.",
        "emergency.",
        "recording.",
    ]
    .iter()
    .any(|kind| name.starts_with(kind));
    is_of_it
        && !matches!(
            name,
            "meeting.create"
                | "meeting.ticket"
                | "meeting.join_refused"
                | "recording.acknowledged"
                | "recording.played"
        )
}

fn moment(entry: &Entry, staff: &BTreeMap<AccountId, DisplayName>) -> Moment {
    let (by_participant, by_account) = match &entry.actor {
        Actor::Participant { id, .. } => (Some(ParticipantId(*id)), None),
        Actor::Account { id, .. } => (None, staff.get(&AccountId(*id)).cloned()),
        _ => (None, None),
    };
    let reason = entry.reason.as_ref();
    Moment {
        entry: entry.id,
        at: Timestamp::from_micros(entry.time.as_unix_millis() * 1_000),
        event: entry.event.name().to_owned(),
        outcome: match entry.outcome {
            Outcome::Done => "done",
            Outcome::Failed => "failed",
            Outcome::Refused => "refused",
        }
        .to_owned(),
        reason: reason.map(|reason| reason.as_str().to_owned()),
        participant: participant(&entry.event).map(ParticipantId),
        by_participant,
        by_account,
    }
}

fn participant(event: &Event) -> Option<Uuid> {
    let object = event.object()?;
    (object.kind == conclave_audit::ObjectKind::Participant).then_some(object.id)
}

/// Of one meeting.
const MOST_MOMENTS: usize = 1_000;
/// Connections end a little after their meeting.
const AFTERWARDS: std::time::Duration = std::time::Duration::from_secs(60);
