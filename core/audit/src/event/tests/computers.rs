//! Events of computers that are supported.

use super::*;

pub(super) fn of_enrolled_computers() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let (session, device) = (
        Some((ObjectKind::Support, S)),
        Some((ObjectKind::Computer, D)),
    );
    let fingerprint = Code::new("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    vec![
        (
            Event::SupportDeviceInvited {
                organisation: G,
                days: Some(365),
            },
            Some((ObjectKind::Organisation, G)),
        ),
        (
            Event::SupportDeviceEnrolled {
                device: D,
                fingerprint,
            },
            device,
        ),
        (
            Event::SupportDeviceRenewed {
                device: D,
                days: 30,
            },
            device,
        ),
        (Event::SupportDeviceEnded { device: D }, device),
        (Event::SupportDeviceRevoked { device: D }, device),
        (
            Event::SupportDeviceGranted {
                device: D,
                account: A,
            },
            device,
        ),
        (
            Event::SupportDeviceWithdrawn {
                device: D,
                account: A,
            },
            device,
        ),
        (
            Event::SupportUnattendedOpened {
                session: S,
                device: D,
            },
            session,
        ),
        (
            Event::SupportUnattendedAsked {
                session: S,
                device: D,
            },
            session,
        ),
        (
            Event::SupportUnattendedBegan {
                session: S,
                device: D,
            },
            session,
        ),
    ]
}

pub(super) fn of_supported_computers() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let capability = || Code::new("clipboard_in");
    let sha256 = || Code::new("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    [
        Event::SupportPermitted {
            session: S,
            capability: capability(),
        },
        Event::SupportRefused {
            session: S,
            capability: capability(),
        },
        Event::SupportUnanswered {
            session: S,
            capability: capability(),
        },
        Event::SupportWithdrawn {
            session: S,
            capability: capability(),
        },
        Event::SupportControlBegan { session: S },
        Event::SupportControlEnded {
            session: S,
            injected: 7,
            dropped: 0,
        },
        Event::SupportLocalOverride {
            session: S,
            times: 3,
        },
        Event::SupportInputWithoutControl { session: S },
        Event::SupportFileKept {
            session: S,
            size: 0,
            sha256: sha256(),
        },
        Event::SupportFileSent {
            session: S,
            size: 0,
            sha256: sha256(),
        },
        Event::SupportFileFailed { session: S },
        Event::SupportDiagnosticsSent { session: S },
        Event::SupportHandedOver { session: S },
        Event::SupportWatcherAdmitted { session: S },
        Event::SupportRaised { session: S },
        Event::SupportNotRaised {
            session: S,
            reason: Code::new("wrong"),
        },
        Event::SupportLowered { session: S },
        Event::SupportRestartRefused { session: S },
        Event::SupportRestarting { session: S },
        Event::SupportCameBack { session: S },
        Event::SupportAgentEnded {
            session: S,
            reason: Code::new("stopped"),
        },
    ]
    .map(|event| (event, Some((ObjectKind::Support, S))))
    .into()
}
