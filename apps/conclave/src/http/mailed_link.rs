//! A link that somebody was mailed, and that is not valid: one answer for every reason.

use conclave_audit::{Actor, Code, Event};

use super::occasion::Occasion;
use super::problem::{LINK_INVALID, Refusal};
use crate::app::App;

/// Unknown, used, replaced or too old. Recorded each time: its routes are kept at a stranger's pace (`pace::keep`).
pub(super) async fn invalid(
    app: &App,
    occasion: &Occasion,
    event: Event,
) -> Result<Refusal, Refusal> {
    let entry = occasion.entry(None, Actor::Anonymous, event)?;
    app.record(entry.refused(Code::new("link_invalid"))).await;
    Ok(LINK_INVALID.into())
}
