//! Meetings, who was in, and for how long.

use conclave_protocol::report::{Cell, Unit};
use conclave_store::read::meeting_session::MeetingSession;
use conclave_store::{ReadError, Store};

use super::days::Days;
use super::{Content, Scope, columns, figure, instant, text, word};
use crate::http::outcome;

pub(super) async fn of(store: &Store, scope: &Scope) -> Result<Content, ReadError> {
    let (sessions, is_cut) = scope.sessions(store).await?;
    let (mut meetings, mut seconds) = (Days::of(scope), Days::of(scope));
    for session in &sessions {
        meetings.add(session.started_at, 1);
        seconds.add(session.started_at, scope.length(session));
    }
    let sum = |of: fn(&MeetingSession) -> u64| sessions.iter().map(of).sum();
    let length = sessions.iter().map(|session| scope.length(session)).sum();
    Ok(Content {
        figures: vec![
            figure("meetings", Unit::Count, sum(|_| 1)),
            figure("duration", Unit::Seconds, length),
            figure("people", Unit::Count, sum(|session| session.people)),
            figure("guests", Unit::Count, sum(|session| session.guests)),
        ],
        charts: vec![
            meetings.chart("meetings", Unit::Count),
            seconds.chart("duration", Unit::Seconds),
        ],
        columns: columns(&[
            ("host", Unit::Text),
            ("started_at", Unit::Time),
            ("duration", Unit::Seconds),
            ("people", Unit::Count),
            ("guests", Unit::Count),
            ("outcome", Unit::Word),
        ]),
        rows: sessions.iter().map(|session| row(scope, session)).collect(),
        is_cut,
    })
}

fn row(scope: &Scope, session: &MeetingSession) -> Vec<Option<Cell>> {
    vec![
        text(session.host_name.as_str()),
        instant(Some(session.started_at)),
        Some(Cell::Number(scope.length(session))),
        Some(Cell::Number(session.people)),
        Some(Cell::Number(session.guests)),
        word(&outcome(session)),
    ]
}
