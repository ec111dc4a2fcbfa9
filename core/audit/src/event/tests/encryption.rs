//! Events of the groups that encrypt meetings.

use super::*;

pub(super) fn of_groups() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let participant = Some((ObjectKind::Participant, P));
    let meeting = Some((ObjectKind::Meeting, M));
    let about = |event: fn(Uuid, Uuid) -> Event| (event(M, P), participant);
    vec![
        (
            Event::E2eeGroup {
                meeting: M,
                group: G,
            },
            meeting,
        ),
        (
            Event::E2eeEpoch {
                meeting: M,
                group: G,
                epoch: 7,
            },
            meeting,
        ),
        about(|meeting, participant| Event::E2eeRemoval {
            meeting,
            group: G,
            participant,
        }),
        about(|meeting, participant| Event::E2eeDistrust {
            meeting,
            group: G,
            participant,
        }),
        (
            Event::E2eeGroupEnd {
                meeting: M,
                group: G,
            },
            meeting,
        ),
    ]
}
