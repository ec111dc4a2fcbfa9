//! Events of computers that are lent in a meeting.

use super::*;

pub(super) fn of_companions() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    let capability = || Code::new("control");
    let (meeting, companion, participant, turn) = (M, P, P, 1);
    [
        Event::CompanionOffered {
            meeting,
            participant,
        },
        Event::CompanionBrought {
            meeting,
            companion,
            owner: A,
        },
        Event::CompanionControlGiven {
            meeting,
            companion,
            to: A,
        },
        Event::CompanionControlTakenBack { meeting, companion },
        Event::CompanionPermitted {
            meeting,
            companion,
            turn,
            capability: capability(),
        },
        Event::CompanionRefused {
            meeting,
            companion,
            turn,
            capability: capability(),
        },
        Event::CompanionControlBegan {
            meeting,
            companion,
            turn,
        },
        Event::CompanionControlEnded {
            meeting,
            companion,
            turn,
            injected: 7,
            dropped: 0,
        },
        Event::CompanionInputWithoutControl {
            meeting,
            companion,
            turn,
        },
        Event::CompanionTurnOver {
            meeting,
            companion,
            turn,
            reason: Code::new("stopped"),
        },
        Event::CompanionInputDropped {
            meeting,
            participant,
        },
    ]
    .map(|event| (event, Some((ObjectKind::Participant, P))))
    .into()
}
