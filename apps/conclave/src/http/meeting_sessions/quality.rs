//! `GET /api/v1/admin/sessions/{id}/participants/{participant}/quality`: how somebody's media did, minute by minute.

use axum::Json;
use axum::extract::State;
use conclave_audit::Event;
use conclave_protocol::meeting_session::{MediaFlow, ParticipantQuality, StreamInterval};
use conclave_protocol::problem::Problem;
use conclave_store::read::quality::{Direction, Interval, MOST_INTERVALS};

use super::{bit_rate, find, may_see, micros, seen};
use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::present::{Named, NamedParticipant};
use crate::http::problem::{PARTICIPANT_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// Each stream in each minute, for 30 days. For owners, admins, account managers and auditors, with a second factor. Each
/// look is on record.
#[utoipa::path(
    get,
    operation_id = "readParticipantQuality",
    path = "/admin/sessions/{id}/participants/{participant}/quality",
    tag = "administration",
    params(
        ("id" = String, Path, format = Uuid),
        ("participant" = String, Path, format = Uuid)
    ),
    responses(
        (status = 200, body = ParticipantQuality),
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
    NamedParticipant(participant): NamedParticipant,
) -> Result<Json<ParticipantQuality>, Refusal> {
    may_see(&app, &signed_in, &occasion).await?;
    find(&app, id, &signed_in, &occasion).await?;
    let found = app.store.participant(participant).await?;
    if found.is_none_or(|found| found.meeting != id) {
        return Err(PARTICIPANT_NOT_FOUND.into());
    }
    let intervals = app.store.quality_intervals(participant).await?;
    let event = Event::SessionReadQuality {
        meeting: id.0,
        participant: participant.0,
    };
    seen(&app, &signed_in, &occasion, event).await?;
    Ok(Json(ParticipantQuality {
        is_cut: intervals.len() >= MOST_INTERVALS as usize,
        intervals: intervals.into_iter().map(interval).collect(),
    }))
}

fn interval(interval: Interval) -> StreamInterval {
    StreamInterval {
        begins_at: interval.begins_at,
        sent: interval.direction == Direction::Published,
        kind: interval.kind,
        flow: MediaFlow {
            packets: interval.packets,
            lost: interval.lost,
            jitter: micros(interval.jitter),
            round_trip: interval.round_trip.map(micros),
            bits_per_second: bit_rate(interval.bytes, interval.covers),
        },
        stream: interval.sid,
    }
}
