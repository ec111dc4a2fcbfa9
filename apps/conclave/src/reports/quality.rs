//! How the media of meetings did.

use conclave_protocol::report::{Cell, Unit};
use conclave_store::read::review::MeetingQuality;
use conclave_store::{ReadError, Store};

use super::days::Days;
use super::{Content, Scope, columns, figure, instant, is_full, micros, per_mille, text};

pub(super) async fn of(store: &Store, scope: &Scope) -> Result<Content, ReadError> {
    let Scope {
        organisation,
        from,
        to,
        ..
    } = *scope;
    let meetings = store.meeting_qualities(organisation, from, to).await?;
    let (mut lost, mut sent) = (Days::of(scope), Days::of(scope));
    for meeting in &meetings {
        lost.add(meeting.started_at, meeting.lost);
        sent.add(meeting.started_at, due(meeting));
    }
    let all_lost = meetings.iter().map(|meeting| meeting.lost).sum();
    let all_due = meetings.iter().map(due).sum();
    let jitter = meetings.iter().map(|meeting| meeting.jitter).max();
    let round_trip = meetings
        .iter()
        .filter_map(|meeting| meeting.round_trip)
        .max();
    let measured = u64::try_from(meetings.len()).unwrap_or(u64::MAX);
    Ok(Content {
        figures: vec![
            figure("measured", Unit::Count, measured),
            figure("loss", Unit::PerMille, per_mille(all_lost, all_due)),
            figure("worst_jitter", Unit::Microseconds, jitter.map_or(0, micros)),
            figure(
                "worst_round_trip",
                Unit::Microseconds,
                round_trip.map_or(0, micros),
            ),
        ],
        charts: vec![lost.per_mille_of(&sent).chart("loss", Unit::PerMille)],
        columns: columns(&[
            ("host", Unit::Text),
            ("started_at", Unit::Time),
            ("packets", Unit::Count),
            ("loss", Unit::PerMille),
            ("worst_jitter", Unit::Microseconds),
            ("worst_round_trip", Unit::Microseconds),
        ]),
        is_cut: is_full(&meetings),
        rows: meetings.into_iter().map(row).collect(),
    })
}

fn row(meeting: MeetingQuality) -> Vec<Option<Cell>> {
    vec![
        text(meeting.host_name.as_str()),
        instant(Some(meeting.started_at)),
        Some(Cell::Number(meeting.packets)),
        Some(Cell::Number(per_mille(meeting.lost, due(&meeting)))),
        Some(Cell::Number(micros(meeting.jitter))),
        meeting
            .round_trip
            .map(|round_trip| Cell::Number(micros(round_trip))),
    ]
}

/// What should have come: what did, and what was lost.
fn due(meeting: &MeetingQuality) -> u64 {
    meeting.packets.saturating_add(meeting.lost)
}
