//! Events about a participant of a meeting.

use super::*;

pub(super) fn of_participants() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let participant = Some((ObjectKind::Participant, P));
    let about = |event: fn(Uuid, Uuid) -> Event| (event(M, P), participant);
    vec![
        about(|meeting, participant| Event::MeetingJoin {
            meeting,
            participant,
            role: Code::new("guest"),
            way: Way::Invitation,
            entrance: Entrance::HostAbsent,
        }),
        about(|meeting, participant| Event::MeetingKnock {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingAdmit {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingVouch {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingDeny {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingExpel {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingMakeCoHost {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingTakeBackCoHost {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingHandOver {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingMute {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingStopVideo {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingAskToUnmute {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingShareTimeout {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingLeave {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingTicket {
            meeting,
            participant,
            kind: TicketKind::Join,
        }),
        about(|meeting, participant| Event::MeetingConnect {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingResume {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingPublish {
            meeting,
            participant,
        }),
        about(|meeting, participant| Event::MeetingDisconnect {
            meeting,
            participant,
            quality: Some(QualitySummary {
                seconds: 60,
                sent: StreamSummary::default(),
                received: StreamSummary::default(),
                round_trip_ms: Some(20),
            }),
        }),
    ]
}
