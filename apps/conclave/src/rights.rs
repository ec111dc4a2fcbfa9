//! What somebody in a meeting may send and receive, as its media room is told.

use conclave_livekit::token::VideoGrants;
use conclave_policy::capability::{MeetingAction, participant_may};
use conclave_protocol::meeting::ParticipantRole;
use conclave_protocol::policy::Permitted;
use livekit_protocol::ParticipantPermission;

/// By their role, and by policy.
pub(crate) fn permission(role: ParticipantRole, permitted: &Permitted) -> ParticipantPermission {
    let may = |action| participant_may(role, action).is_allowed();
    let grants = VideoGrants {
        can_publish: Some(may(MeetingAction::Publish)),
        can_publish_data: Some(may(MeetingAction::SendData) && permitted.messages),
        can_subscribe: Some(may(MeetingAction::Subscribe)),
        can_publish_sources: sources(permitted),
        ..VideoGrants::default()
    };
    grants.permission()
}

/// None named: all.
fn sources(permitted: &Permitted) -> Vec<String> {
    let names: &[&str] = match (permitted.camera, permitted.screen_sharing) {
        (true, true) => &[],
        (true, false) => &["microphone", "camera"],
        (false, true) => &["microphone", "screen_share", "screen_share_audio"],
        (false, false) => &["microphone"],
    };
    names.iter().copied().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_switched_off_is_not_among_what_the_room_takes() {
        for (camera, screen_sharing, messages, sources) in [
            (true, true, true, &[][..]),
            (true, false, false, &[2, 1]),
            (false, true, true, &[2, 3, 4]),
            (false, false, false, &[2]),
        ] {
            let permitted = Permitted {
                camera,
                screen_sharing,
                messages,
                ..Permitted::default()
            };
            let found = permission(ParticipantRole::Guest, &permitted);
            assert_eq!(found.can_publish_sources, sources);
            assert_eq!(found.can_publish_data, messages);
            assert!(found.can_publish && found.can_subscribe);
        }
    }
}
