//! Who may show a screen in a meeting, as its media room is told.

use conclave_policy::capability::{MeetingAction, participant_may};
use conclave_protocol::ParticipantId;
use conclave_protocol::meeting::{ParticipantRole, Sharing};
use conclave_sfu::{Presenters, Rule};
use conclave_store::action::Revision;
use conclave_store::read::meeting::Meeting;

/// As the store has it.
pub(crate) fn rule_of(meeting: &Meeting) -> Rule {
    Rule {
        revision: meeting.revision,
        presenters: Presenters::of(
            meeting.sharing,
            meeting.presenter.map(|presenter| presenter.to_string()),
        ),
    }
}

/// Somebody was handed the screen of a meeting.
pub(crate) fn handed_to(
    presenter: ParticipantId,
    sharing: Sharing,
    Revision(revision): Revision,
) -> Rule {
    Rule {
        revision,
        presenters: Presenters::of(sharing, Some(presenter.to_string())),
    }
}

/// Nobody is named any more.
pub(crate) fn set_to(sharing: Sharing, Revision(revision): Revision) -> Rule {
    Rule {
        revision,
        presenters: Presenters::of(sharing, None),
    }
}

pub(crate) fn leads(role: ParticipantRole) -> bool {
    participant_may(role, MeetingAction::DirectSharing).is_allowed()
}
