//! Events of support.

use super::*;

pub(super) fn of_support() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let session = Some((ObjectKind::Support, S));
    vec![
        (
            Event::SupportOpened {
                session: S,
                meeting: M,
            },
            session,
        ),
        (
            Event::SupportJoined {
                session: S,
                participant: P,
                part: Code::new("customer"),
            },
            session,
        ),
        (Event::SupportCodeRefused { session: Some(S) }, session),
        (
            Event::SupportEnded {
                session: S,
                cause: Code::new("host"),
                was_connected: true,
            },
            session,
        ),
        (
            Event::SupportFeedback {
                session: S,
                solved: Some(true),
                rating: None,
            },
            session,
        ),
    ]
}

pub(super) fn of_support_requests() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let request = Uuid::from_u128(12);
    [
        Event::SupportRequested { request },
        Event::SupportRequestClaimed { request },
        Event::SupportRequestTaken {
            request,
            session: S,
        },
        Event::SupportRequestDeclined { request },
        Event::SupportRequestWithdrawn { request },
        Event::SupportRequestExpired { request },
    ]
    .map(|event| (event, Some((ObjectKind::SupportRequest, request))))
    .into()
}

pub(super) fn of_recordings() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let (recording, session) = (Uuid::from_u128(11), S);
    let about = Some((ObjectKind::Recording, recording));
    let hash = || Code::new("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    vec![
        (
            Event::RecordingKeyMade {
                key: D,
                fingerprint: hash(),
            },
            Some((ObjectKind::RecordingKey, D)),
        ),
        (
            Event::RecordingRetention {
                organisation: G,
                days: 2_190,
            },
            Some((ObjectKind::Organisation, G)),
        ),
        (
            Event::SupportQuestions {
                organisation: G,
                questions: 3,
            },
            Some((ObjectKind::Organisation, G)),
        ),
        (
            Event::RecordingBegun {
                recording,
                session,
                key: D,
            },
            about,
        ),
        (
            Event::RecordingEnded {
                recording,
                session,
                chunks: 3,
                chain: hash(),
            },
            about,
        ),
        (
            Event::RecordingIncomplete {
                recording,
                session,
                chunks: 2,
            },
            about,
        ),
        (Event::RecordingFeedback { recording, session }, about),
        (
            Event::RecordingFeedbackMissing { recording, session },
            about,
        ),
        (
            Event::RecordingDamaged {
                recording,
                session,
                fault: Code::new("piece_changed"),
            },
            about,
        ),
        (
            Event::RecordingAcknowledged {
                recording,
                session,
                trouble: Code::new("damaged"),
            },
            about,
        ),
        (Event::RecordingSearch, None),
        (Event::RecordingPlayed { recording, session }, about),
        (Event::RecordingDeleted { recording, session }, about),
    ]
}
