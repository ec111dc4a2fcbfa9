//! The organisation's meetings, also those that are over, for who reports on them.

pub(super) mod list;
pub(super) mod quality;
pub(super) mod read;

use std::time::Duration;

use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_protocol::MeetingId;
use conclave_protocol::meeting::MeetingState;
use conclave_protocol::meeting_session::{self, MediaFlow, SessionOutcome};
use conclave_store::read::meeting_session::MeetingSession;
use conclave_store::read::quality::{Direction, Flow};

use super::occasion::Occasion;
use super::problem::{MEETING_NOT_FOUND, Refusal, TOO_MANY_REQUESTS};
use super::signed_in::SignedIn;
use crate::app::App;

/// Whether reports are theirs to see. A refusal is recorded. What they see is recorded too, and therefore paced.
pub(super) async fn may_see(
    app: &App,
    signed_in: &SignedIn,
    occasion: &Occasion,
) -> Result<(), Refusal> {
    let action = AccountAction::SeeReports;
    signed_in
        .may_read(app, action, Code::new("reports"), occasion)
        .await?;
    match app.pace.admits(occasion.source.address) {
        true => Ok(()),
        false => Err(TOO_MANY_REQUESTS.into()),
    }
}

/// Nothing is told that is not on record.
pub(super) async fn seen(
    app: &App,
    signed_in: &SignedIn,
    occasion: &Occasion,
    event: Event,
) -> Result<(), Refusal> {
    let organisation = Some(signed_in.account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    app.record_first(entry).await
}

/// Another organisation's is not there, as one that never began. A refusal is recorded.
async fn find(
    app: &App,
    id: MeetingId,
    signed_in: &SignedIn,
    occasion: &Occasion,
) -> Result<MeetingSession, Refusal> {
    let organisation = signed_in.account.organisation;
    let meeting = app.store.meeting(id).await?;
    if meeting.is_some_and(|meeting| meeting.organisation == organisation)
        && let Some(session) = app.store.meeting_session(id).await?
    {
        return Ok(session);
    }
    let to = Code::new("reports");
    let event = Event::AccessRefused { to };
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    app.record(entry.refused(Code::new("no_such_meeting")))
        .await;
    Err(MEETING_NOT_FOUND.into())
}

fn shown(session: MeetingSession) -> meeting_session::MeetingSession {
    meeting_session::MeetingSession {
        outcome: outcome(&session),
        id: session.id,
        host: session.host,
        host_name: session.host_name,
        started_at: session.started_at,
        ended_at: session.ended_at,
        people: session.people,
        guests: session.guests,
        is_support: session.is_support,
    }
}

pub(crate) fn outcome(session: &MeetingSession) -> SessionOutcome {
    match (session.state, session.ended_because) {
        (MeetingState::Ended, Some(cause)) => cause.into(),
        (MeetingState::Ended, None) => SessionOutcome::Ended,
        (MeetingState::Live | MeetingState::Scheduled, _) => SessionOutcome::Live,
    }
}

/// What the participant sent, and what they received.
pub(super) fn of<'a>(
    flows: impl Iterator<Item = &'a Flow> + Clone,
) -> (Option<MediaFlow>, Option<MediaFlow>) {
    let find = |direction| {
        let mut of = flows.clone();
        of.find(|flow| flow.direction == direction).map(flow)
    };
    (find(Direction::Published), find(Direction::Subscribed))
}

fn flow(flow: &Flow) -> MediaFlow {
    MediaFlow {
        packets: flow.packets,
        lost: flow.lost,
        jitter: micros(flow.jitter),
        round_trip: flow.round_trip.map(micros),
        bits_per_second: bit_rate(flow.bytes, flow.covers),
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn bit_rate(bytes: u64, within: Duration) -> u64 {
    let bits = u128::from(bytes) * 8_000_000;
    let rate = bits.checked_div(within.as_micros()).unwrap_or(0);
    u64::try_from(rate).unwrap_or(u64::MAX)
}
