//! What a host says of a meeting's time, before it is kept.

use conclave_policy::schedule::occurrences;
use conclave_protocol::schedule::Schedule;
use conclave_store::action::Planned;

use crate::http::problem::{Refusal, SCHEDULE_INVALID};

/// Refused unless there is at least one occurrence, and no more than there may be.
pub(super) fn planned(schedule: Schedule) -> Result<Planned, Refusal> {
    let occurrences = occurrences(&schedule).map_err(|_| SCHEDULE_INVALID)?;
    match (occurrences.first(), occurrences.last()) {
        (Some(first), Some(last)) => Ok(Planned {
            first_begins: first.begins,
            last_begins: last.begins,
            schedule,
        }),
        _ => Err(SCHEDULE_INVALID.into()),
    }
}
