//! Events of the server itself.

use super::*;

pub(super) fn of_the_server() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let version = Code::new("0.1.0");
    vec![
        (
            Event::SystemStart {
                version: version.clone(),
                application: Some(Code::new("9f86d081")),
                configuration: Some(Code::new("60303ae2")),
            },
            None,
        ),
        (
            Event::KeyMade {
                key: Code::new("seal"),
                fingerprint: Code::new("9f86d081"),
            },
            None,
        ),
        (Event::SystemStop { version }, None),
        (Event::SystemSetupLink, None),
        (Event::DeveloperJoin { resumed: true }, None),
        (
            Event::DeveloperCall {
                method: Code::new("create_room"),
            },
            None,
        ),
        (
            Event::AccessRefused {
                to: Code::new("channel"),
            },
            None,
        ),
    ]
}

pub(super) fn of_the_log() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let what = Code::new("entries");
    let fault = Code::new("not_as_signed");
    vec![
        (Event::AuditRead { what }, None),
        (
            Event::AuditExport {
                first: Some(0),
                last: Some(7),
            },
            None,
        ),
        (
            Event::SystemClock {
                offset_ms: -3_600_000,
            },
            None,
        ),
        (
            Event::SystemTakeBackTime {
                offset_ms: -86_400_000,
            },
            None,
        ),
        (
            Event::SystemRestore {
                why: Code::new("disk_failure"),
                size: 7,
                root: Code::new("9f86d081"),
                lost_size: Some(9),
                lost_root: Some(Code::new("60303ae2")),
            },
            None,
        ),
        (
            Event::SystemIntegrity {
                fault,
                organisation: Some(G),
            },
            Some((ObjectKind::Organisation, G)),
        ),
    ]
}

pub(super) fn of_programs() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const R: Uuid = Uuid::from_u128(6);
    let program = Some((ObjectKind::Program, R));
    let account = Some((ObjectKind::Account, A));
    let scopes = vec![Code::new("scim")];
    vec![
        (Event::ProgramMake { program: R, scopes }, program),
        (Event::ProgramRevoke { program: R }, program),
        (Event::UserProvision { account: Some(A) }, account),
        (Event::UserProvisionChange { account: A }, account),
    ]
}
