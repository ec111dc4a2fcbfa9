//! Support sessions: who held which, how far it came, and what whoever was helped thinks of it. Of them there is no name.

use conclave_policy::support::state;
use conclave_protocol::report::{Cell, Unit};
use conclave_protocol::support::SupportState;
use conclave_store::read::support::SupportSession;
use conclave_store::{ReadError, Store};

use super::{Content, Scope, columns, figure, instant, is_full, text};

pub(super) async fn of(store: &Store, scope: &Scope) -> Result<Content, ReadError> {
    let (organisation, from, to) = (scope.organisation, scope.from, scope.to);
    let sessions = store.support_report(organisation, from, to).await?;
    let count = |is: fn(&SupportSession) -> bool| {
        let those = sessions.iter().filter(|session| is(session));
        those.count() as u64
    };
    let figures = vec![
        figure("support_sessions", Unit::Count, sessions.len() as u64),
        figure("helped", Unit::Count, count(|one| one.joined_at.is_some())),
        figure(
            "judged",
            Unit::Count,
            count(|one| one.feedback_at.is_some()),
        ),
        figure("solved", Unit::Count, count(|one| one.solved == Some(true))),
        figure(
            "unsolved",
            Unit::Count,
            count(|one| one.solved == Some(false)),
        ),
    ];
    Ok(Content {
        figures,
        charts: Vec::new(),
        columns: columns(&[
            ("technician", Unit::Text),
            ("opened_at", Unit::Time),
            ("outcome", Unit::Word),
            ("duration", Unit::Seconds),
            ("facts", Unit::Count),
            ("is_solved", Unit::Word),
            ("rating", Unit::Count),
        ]),
        is_cut: is_full(&sessions),
        rows: sessions.iter().map(|session| row(scope, session)).collect(),
    })
}

fn row(scope: &Scope, session: &SupportSession) -> Vec<Option<Cell>> {
    let state = state(&session.standing(), scope.now);
    vec![
        text(session.technician_name.as_str()),
        instant(Some(session.opened_at)),
        text(outcome(state)),
        seconds(scope, session, state),
        Some(Cell::Number(session.facts.into())),
        session.solved.map(solved),
        session.rating.map(|rating| Cell::Number(rating.into())),
    ]
}

const fn outcome(state: SupportState) -> &'static str {
    match state {
        SupportState::Waiting => "waiting",
        SupportState::Connected { .. } => "live",
        SupportState::Expired => "code_unused",
        SupportState::Ended {
            was_connected: true,
            ..
        } => "was_helped",
        SupportState::Ended {
            was_connected: false,
            ..
        } => "nobody_came",
    }
}

/// Since somebody came; of one that goes on, until the report was made.
fn seconds(scope: &Scope, session: &SupportSession, state: SupportState) -> Option<Cell> {
    let until = match state {
        SupportState::Ended { at, .. } => at,
        SupportState::Waiting | SupportState::Connected { .. } | SupportState::Expired => scope.now,
    };
    let since = session.joined_at?;
    Some(Cell::Number(until.since(since).as_secs()))
}

fn solved(is_solved: bool) -> Cell {
    Cell::Text(if is_solved { "solved" } else { "unsolved" }.to_owned())
}

#[cfg(test)]
mod tests {
    use conclave_protocol::Timestamp;

    use super::*;

    #[test]
    fn each_state_has_a_word() {
        let at = Timestamp::from_micros(0);
        let ended = |was_connected| SupportState::Ended { at, was_connected };
        let words = [
            SupportState::Waiting,
            SupportState::Connected { since: at },
            SupportState::Expired,
            ended(true),
            ended(false),
        ]
        .map(outcome);

        let expected = [
            "waiting",
            "live",
            "code_unused",
            "was_helped",
            "nobody_came",
        ];
        assert_eq!(words, expected);
    }
}
