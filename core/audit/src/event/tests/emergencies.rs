//! Events of emergency access.

use super::*;

pub(super) fn of_emergencies() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const O: Uuid = Uuid::from_u128(6);
    let emergency = Some((ObjectKind::Emergency, O));
    vec![
        (
            Event::EmergencyInvoke {
                invoked: None,
                reason: Code::new("drill"),
            },
            None,
        ),
        (
            Event::EmergencyUse {
                invoked: Some(O),
                meeting: M,
                participant: Some(P),
            },
            Some((ObjectKind::Meeting, M)),
        ),
        (Event::EmergencyEnd { invoked: Some(O) }, emergency),
        (
            Event::EmergencyReview {
                invoked: O,
                outcome: Code::new("justified"),
            },
            emergency,
        ),
        (Event::EmergencyRead { invoked: O }, emergency),
        (Event::EmergencyDrill { drill: O }, emergency),
        (
            Event::TrainingEnter {
                training: O,
                account: A,
                words: Code::new("00"),
            },
            Some((ObjectKind::Training, O)),
        ),
        (
            Event::TrainingWithdraw { training: O },
            Some((ObjectKind::Training, O)),
        ),
        (
            Event::TrainingAcknowledge { training: O },
            Some((ObjectKind::Training, O)),
        ),
        (
            Event::EmergencyMakeCodes {
                organisation: O,
                codes: 5,
            },
            Some((ObjectKind::Organisation, O)),
        ),
        (
            Event::EmergencySignIn {
                account: A,
                number: 1,
            },
            Some((ObjectKind::Account, A)),
        ),
    ]
}
