//! Events of the management centre.

use super::*;

pub(super) fn of_the_centre() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let meeting = Some((ObjectKind::Meeting, M));
    let participant = Some((ObjectKind::Participant, P));
    let report = Code::new("usage");
    let format = Code::new("csv");
    vec![
        (Event::SessionWatch { meeting: Some(M) }, meeting),
        (Event::SessionSearch, None),
        (Event::SessionRead { meeting: M }, meeting),
        (
            Event::SessionReadQuality {
                meeting: M,
                participant: P,
            },
            participant,
        ),
        (
            Event::ReportRead {
                report: report.clone(),
            },
            None,
        ),
        (Event::ReportExport { report, format }, None),
        (
            Event::MeetingPresentStart {
                meeting: M,
                participant: P,
            },
            participant,
        ),
        (
            Event::MeetingPresentStop {
                meeting: M,
                participant: P,
            },
            participant,
        ),
    ]
}

pub(super) fn of_examination() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const X: Uuid = Uuid::from_u128(8);
    let view = Some((ObjectKind::View, X));
    let anomaly = Some((ObjectKind::Anomaly, X));
    vec![
        (Event::ViewSave { view: X }, view),
        (Event::ViewChange { view: X }, view),
        (Event::ViewRemove { view: X }, view),
        (
            Event::AuditReadTimeline { account: A },
            Some((ObjectKind::Account, A)),
        ),
        (
            Event::AnomalyFound {
                finding: X,
                rule: Code::new("many_exports"),
                subject: Some(A),
                count: 20,
                window_minutes: 1_440,
            },
            anomaly,
        ),
        (
            Event::AnomalyReview {
                finding: X,
                outcome: Code::new("explained"),
            },
            anomaly,
        ),
        (Event::AnomalyRead { finding: X }, anomaly),
        (
            Event::AnomalyChangeRules {
                organisation: G,
                rules: vec![Code::new("many_exports")],
                loosened: Vec::new(),
            },
            Some((ObjectKind::Organisation, G)),
        ),
    ]
}
