//! What somebody in a meeting may send and receive, as its media room is told.

use conclave_livekit::token::VideoGrants;
use conclave_policy::capability::{MeetingAction, participant_may};
use conclave_policy::{companion, support};
use conclave_protocol::meeting::{DataMode, ParticipantRole};
use conclave_protocol::policy::Permitted;
use conclave_store::ReadError;
use conclave_store::read::meeting::Meeting;
use livekit_protocol::ParticipantPermission;

use crate::policies::Policies;

/// What takes place in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gathering {
    Meeting,
    /// `held`: its technician may hold support at this moment. The mode is the one that it was opened in.
    Support {
        held: bool,
        mode: DataMode,
    },
}

impl Gathering {
    pub(crate) async fn of(meeting: &Meeting, policies: &Policies) -> Result<Self, ReadError> {
        if !meeting.is_support {
            return Ok(Self::Meeting);
        }
        Ok(Self::Support {
            held: policies.support_held(meeting).await?.is_allowed(),
            mode: policies.data_mode(meeting).await?,
        })
    }
}

/// By their role, and by policy. In a support session policy about meetings does not count.
pub(crate) fn permission(
    role: ParticipantRole,
    permitted: &Permitted,
    gathering: Gathering,
) -> ParticipantPermission {
    if let Gathering::Support { held, mode } = gathering {
        return in_support(role, held, mode);
    }
    let may = |action| participant_may(role, action).is_allowed();
    let grants = VideoGrants {
        can_publish: Some(may(MeetingAction::Publish)),
        can_publish_data: Some(companion::may_send(role, permitted)),
        can_subscribe: Some(may(MeetingAction::Subscribe)),
        can_publish_sources: sources(permitted),
        ..VideoGrants::default()
    };
    grants.permission()
}

/// All that is said and done passes as data, as far as the computer lets it. Who is helped from a browser shows a screen,
/// while its technician may hold support, and nobody anything else.
fn in_support(role: ParticipantRole, held: bool, mode: DataMode) -> ParticipantPermission {
    let may = |action| Some(participant_may(role, action).is_allowed());
    let grants = VideoGrants {
        can_publish: Some(held && support::may_show(role, mode)),
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
            let found = permission(ParticipantRole::Guest, &permitted, Gathering::Meeting);
            assert_eq!(found.can_publish_sources, sources);
            assert_eq!(found.can_publish_data, messages);
            assert!(found.can_publish && found.can_subscribe);
        }
    }

    // Shows: REQ-AC-14.
    #[test]
    fn a_computer_in_a_meeting_sends_data_and_publishes_and_receives_nothing() {
        for on in [true, false] {
            let permitted = Permitted {
                meeting_control: on,
                ..Permitted::default()
            };
            let role = ParticipantRole::Companion;
            let found = permission(role, &permitted, Gathering::Meeting);
            assert!(!found.can_publish && !found.can_subscribe);
            assert_eq!(found.can_publish_data, on);
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
            for (held, mode) in [
                (true, DataMode::Conduit),
                (false, DataMode::Conduit),
                (true, DataMode::Archive),
            ] {
                let found = permission(role, &nothing, Gathering::Support { held, mode });
                assert!(found.can_publish_data && found.can_subscribe);
                let is_kept = mode == DataMode::Archive;
                assert_eq!(found.can_publish, shows && held && !is_kept);
                assert_eq!(found.can_publish_sources, [3]);
            }
        }
    }
}
