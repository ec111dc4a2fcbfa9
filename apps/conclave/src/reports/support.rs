//! Support sessions: who held which, how far it came, and what whoever was helped thinks of it. Of them there is no name.

use std::collections::BTreeMap;

use conclave_policy::support::state;
use conclave_protocol::SupportSessionId;
use conclave_protocol::feedback::FeedbackRatings;
use conclave_protocol::recording::{RecordedFeedback, RecordingState};
use conclave_protocol::report::{Cell, Unit};
use conclave_protocol::support::SupportState;
use conclave_store::read::recording::Recording;
use conclave_store::read::support::SupportSession;
use conclave_store::{ReadError, Store};

use super::{Content, Scope, columns, figure, instant, is_full, text};

pub(super) async fn of(store: &Store, scope: &Scope) -> Result<Content, ReadError> {
    let (organisation, from, to) = (scope.organisation, scope.from, scope.to);
    let sessions = store.support_report(organisation, from, to).await?;
    let recordings = store.recordings_of_sessions(organisation, from, to).await?;
    let kept = Kept::of(&recordings);
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
            // Of what is sealed nobody here knows whether it says anything.
            count(|one| one.solved.is_some() || one.rating.is_some() || one.answers.is_some()),
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
            ("recording", Unit::Word),
            ("sealed_feedback", Unit::Word),
            ("answers", Unit::Text),
        ]),
        is_cut: is_full(&sessions) || is_full(&recordings),
        rows: sessions
            .iter()
            .map(|session| row(scope, &kept, session))
            .collect(),
    })
}

fn row(scope: &Scope, kept: &Kept, session: &SupportSession) -> Vec<Option<Cell>> {
    let state = state(&session.standing(), scope.now);
    vec![
        text(session.technician_name.as_str()),
        instant(Some(session.opened_at)),
        text(outcome(state)),
        seconds(scope, session, state),
        Some(Cell::Number(session.facts.into())),
        session.solved.map(solved),
        session.rating.map(|rating| Cell::Number(rating.into())),
        kept.recording(session.id).and_then(text),
        kept.feedback(session.id).and_then(text),
        session.answers.as_ref().and_then(answers),
    ]
}

/// To what the organisation asks of its own: each rating behind its question.
fn answers(ratings: &FeedbackRatings) -> Option<Cell> {
    let ratings = ratings.as_slice().iter();
    let said = ratings.map(|it| format!("{} {}", it.question.as_str(), it.rating.get()));
    text(said.collect::<Vec<_>>().join(" · "))
}

/// What is kept of each session that was recorded.
#[derive(Default)]
struct Kept {
    recordings: BTreeMap<SupportSessionId, RecordingState>,
    feedback: BTreeMap<SupportSessionId, RecordedFeedback>,
}

impl Kept {
    /// Of several of a session, the one that needs a look most.
    fn of(recordings: &[Recording]) -> Self {
        let mut kept = Self::default();
        for recording in recordings {
            let state = recording.state();
            let worst = kept.recordings.entry(recording.session).or_insert(state);
            if urgency(state) > urgency(*worst) {
                *worst = state;
            }
            if recording.feedback_state != RecordedFeedback::Elsewhere {
                let state = recording.feedback_state;
                kept.feedback.insert(recording.session, state);
            }
        }
        kept
    }

    fn recording(&self, session: SupportSessionId) -> Option<&'static str> {
        self.recordings.get(&session).map(|state| match state {
            RecordingState::Open => "recording_open",
            RecordingState::Whole => "recording_whole",
            RecordingState::Incomplete => "recording_incomplete",
            RecordingState::Damaged => "recording_damaged",
            RecordingState::Deleted => "recording_deleted",
        })
    }

    fn feedback(&self, session: SupportSessionId) -> Option<&'static str> {
        let state = self.feedback.get(&session)?;
        match state {
            RecordedFeedback::Elsewhere => None,
            RecordedFeedback::Awaited => Some("feedback_awaited"),
            RecordedFeedback::Kept => Some("feedback_kept"),
            RecordedFeedback::Missing => Some("feedback_missing"),
        }
    }
}

/// More, where somebody should look sooner.
const fn urgency(state: RecordingState) -> u8 {
    match state {
        RecordingState::Deleted => 0,
        RecordingState::Whole => 1,
        RecordingState::Open => 2,
        RecordingState::Incomplete => 3,
        RecordingState::Damaged => 4,
    }
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
    use conclave_protocol::personal::DisplayName;
    use conclave_protocol::{OrganisationId, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn recorded(session: SupportSessionId, feedback: RecordedFeedback) -> Recording {
        let id = Uuid::from_u128(1);
        let at = Timestamp::from_micros(0);
        Recording {
            id,
            organisation: OrganisationId(id),
            session,
            technician_name: DisplayName::parse("Amy").unwrap(),
            device: None,
            device_name: None,
            key: id,
            begun_at: at,
            next: 0,
            bytes: 0,
            chain: None,
            ended_at: Some(at),
            manifest: Some(Vec::new()),
            feedback: None,
            feedback_sha256: None,
            feedback_state: feedback,
            damaged_at: None,
            keep_until: Some(at),
            deleted_at: None,
        }
    }

    // Shows: REQ-AU-05.
    #[test]
    fn of_a_sessions_recordings_the_one_that_lacks_something_is_told() {
        let [recorded_twice, other] = [1, 2].map(|id| SupportSessionId(Uuid::from_u128(id)));
        let mut lost = recorded(recorded_twice, RecordedFeedback::Elsewhere);
        lost.manifest = None;
        let last = recorded(recorded_twice, RecordedFeedback::Missing);

        let kept = Kept::of(&[last, lost]);

        assert_eq!(kept.recording(recorded_twice), Some("recording_incomplete"));
        assert_eq!(kept.feedback(recorded_twice), Some("feedback_missing"));
        assert_eq!((kept.recording(other), kept.feedback(other)), (None, None));
    }

    // Shows: REQ-RS-07.
    #[test]
    fn each_rating_stands_behind_its_question() {
        let said = r#"[{"question":"How quick?","rating":4},{"question":"How kind?","rating":5}]"#;
        let ratings = serde_json::from_str(said).unwrap();

        let told = answers(&ratings);

        assert!(matches!(told, Some(Cell::Text(told)) if told == "How quick? 4 · How kind? 5"));
    }

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
