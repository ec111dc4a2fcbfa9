//! A presenter's computer, as its meeting's media room is told of it, and whether its owner is there.

use conclave_policy::companion::is_computer;
use conclave_protocol::meeting::Admission;
use conclave_sfu::Line;
use conclave_store::read::companion::Companion;
use conclave_store::read::participant::Participant;
use conclave_store::{ReadError, Store};

/// With whom it exchanges data.
pub(crate) fn line(companion: &Companion) -> Line {
    Line {
        to: companion.controller.map(|to| to.to_string()),
        turn: companion.turn.into(),
    }
}

/// `None` of a person. What is no computer's on record has nobody to speak with.
pub(crate) async fn line_of(
    store: &Store,
    participant: &Participant,
) -> Result<Option<Line>, ReadError> {
    if !is_computer(participant.role) {
        return Ok(None);
    }
    let companion = store.companion(participant.id).await?;
    let nobody = Line { to: None, turn: 0 };
    Ok(Some(companion.as_ref().map_or(nobody, line)))
}

/// Whether whoever a participant is in the meeting with is in: of a computer its owner, of a person themselves.
pub(crate) async fn is_accompanied(
    store: &Store,
    participant: &Participant,
) -> Result<bool, ReadError> {
    if !is_computer(participant.role) {
        return Ok(true);
    }
    let Some(companion) = store.companion(participant.id).await? else {
        return Ok(false);
    };
    let owner = store.participant(companion.owner).await?;
    Ok(owner.is_some_and(|owner| owner.admission == Admission::Admitted))
}
