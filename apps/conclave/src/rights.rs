//! What somebody in a meeting may send and receive, as its media room is told.

use conclave_livekit::token::VideoGrants;
use conclave_policy::capability::{MeetingAction, participant_may};
use conclave_policy::support;
use conclave_protocol::meeting::ParticipantRole;
use conclave_protocol::policy::Permitted;
use livekit_protocol::ParticipantPermission;

/// By their role, and by policy. In a support session policy about meetings does not count.
pub(crate) fn permission(
    role: ParticipantRole,
    permitted: &Permitted,
    is_support: bool,
) -> ParticipantPermission {
    if is_support {
        return in_support(role);
    }
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

/// All that is said and done passes as data. Who is helped from a browser shows a screen, and nobody anything else.
fn in_support(role: ParticipantRole) -> ParticipantPermission {
    let may = |action| Some(participant_may(role, action).is_allowed());
    let grants = VideoGrants {
        can_publish: Some(support::may_show(role)),
        can_publish_data: may(MeetingAction::SendData),
        can_subscribe: may(MeetingAction::Subscribe),
        can_publish_sources: vec!["screen_share".to_owned()],
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
            let found = permission(ParticipantRole::Guest, &permitted, false);
            assert_eq!(found.can_publish_sources, sources);
            assert_eq!(found.can_publish_data, messages);
            assert!(found.can_publish && found.can_subscribe);
        }
    }

    #[test]
    fn in_a_support_session_data_passes_whatever_policy_says_of_messages() {
        let nothing = Permitted {
            camera: false,
            screen_sharing: false,
            messages: false,
            ..Permitted::default()
        };
        for (role, shows) in [
            (ParticipantRole::Host, false),
            (ParticipantRole::Participant, false),
            (ParticipantRole::Guest, true),
        ] {
            let found = permission(role, &nothing, true);
            assert!(found.can_publish_data && found.can_subscribe);
            assert_eq!(found.can_publish, shows);
            assert_eq!(found.can_publish_sources, [3]);
        }
    }
}
