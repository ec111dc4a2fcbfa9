//! Events about a meeting as a whole.

use super::*;

pub(super) fn of_meetings() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let meeting = Some((ObjectKind::Meeting, M));
    vec![
        (Event::MeetingCreate { meeting: M }, meeting),
        (Event::MeetingStart { meeting: M }, meeting),
        (Event::MeetingAdmitAll { meeting: M }, meeting),
        (Event::MeetingInvite { meeting: M }, meeting),
        (Event::MeetingUninvite { meeting: M }, meeting),
        (Event::MeetingChange { meeting: M }, meeting),
        (Event::MeetingCancel { meeting: M }, meeting),
        (Event::MeetingGuard { meeting: M }, meeting),
        (Event::MeetingUnguard { meeting: M }, meeting),
        (Event::MeetingChangePasscode { meeting: M }, meeting),
        (Event::MeetingLock { meeting: M }, meeting),
        (Event::MeetingLockSharing { meeting: M }, meeting),
        (Event::MeetingUnlockSharing { meeting: M }, meeting),
        (Event::MeetingMuteAll { meeting: M }, meeting),
        (Event::MeetingUnlock { meeting: M }, meeting),
        (Event::MeetingEnd { meeting: M }, meeting),
        (
            Event::MeetingJoinRefused {
                meeting: Some(M),
                way: Way::Code,
            },
            meeting,
        ),
    ]
}
