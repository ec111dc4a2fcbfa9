//! Events of the evidence.

use super::*;

pub(super) fn of_evidence() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const D: Uuid = Uuid::from_u128(7);
    let organisation = Some((ObjectKind::Organisation, D));
    let agreement = Some((ObjectKind::Agreement, D));
    let code = || Code::new("signed");
    vec![
        (
            Event::EvidenceState {
                organisation: D,
                state: code(),
                claims: vec![Code::new("access.codes")],
            },
            organisation,
        ),
        (
            Event::EvidenceEvaluate {
                organisation: D,
                proven: 1,
                stale: 2,
                not_met: 3,
                not_applicable: 0,
                digest: code(),
            },
            organisation,
        ),
        (
            Event::EvidenceDecide {
                decision: D,
                subject: Code::new("164.312.a.2.iii"),
                choice: code(),
                words: code(),
            },
            Some((ObjectKind::Decision, D)),
        ),
        (
            Event::EvidenceReview {
                organisation: D,
                settings: code(),
            },
            organisation,
        ),
        (
            Event::EvidenceExport {
                organisation: D,
                format: Code::new("pdf"),
            },
            organisation,
        ),
        (
            Event::EvidenceReadExport {
                organisation: D,
                export: A,
            },
            organisation,
        ),
        (
            Event::AgreementAdd {
                agreement: D,
                state: code(),
                words: code(),
            },
            agreement,
        ),
        (
            Event::AgreementChange {
                agreement: D,
                state: code(),
                words: code(),
            },
            agreement,
        ),
    ]
}

pub(super) fn of_registers() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const D: Uuid = Uuid::from_u128(7);
    let complaint = Some((ObjectKind::Complaint, D));
    vec![
        (
            Event::RiskAssess {
                assessment: D,
                risk: Code::new("insider"),
                choice: Code::new("accepted"),
                words: Code::new("none"),
            },
            Some((ObjectKind::Assessment, D)),
        ),
        (
            Event::ComplaintEnter {
                complaint: D,
                kind: Code::new("access"),
            },
            complaint,
        ),
        (
            Event::ComplaintClose {
                complaint: D,
                outcome: Code::new("resolved"),
            },
            complaint,
        ),
        (Event::ComplaintRead { complaint: D }, complaint),
    ]
}
