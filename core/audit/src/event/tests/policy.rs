//! Events of policy.

use super::*;

pub(super) fn of_policy() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    const O: Uuid = Uuid::from_u128(5);
    let group = Some((ObjectKind::Group, G));
    let organisation = Some((ObjectKind::Organisation, O));
    let change = |layer, subject| Event::PolicyChange {
        layer: Code::new(layer),
        subject,
        settings: vec![Code::new("guests")],
        loosened: vec![Code::new("guests")],
    };
    vec![
        (Event::GroupCreate { group: G }, group),
        (Event::GroupRename { group: G }, group),
        (Event::GroupDelete { group: G }, group),
        (
            Event::GroupAdd {
                group: G,
                account: A,
            },
            group,
        ),
        (
            Event::GroupRemove {
                group: G,
                account: A,
            },
            group,
        ),
        (change("organisation", O), organisation),
        (Event::PolicyProfileEnter { organisation: O }, organisation),
        (
            Event::PolicyProfileLeaveAsk { organisation: O },
            organisation,
        ),
        (Event::PolicyProfileLeave { organisation: O }, organisation),
    ]
}
