//! Whoever made a meeting, before its list of the invited.

use conclave_audit::{Code, Entry, Event};
use conclave_protocol::MeetingId;
use conclave_store::read::meeting::Meeting;

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::problem::{MEETING_NOT_FOUND, Refusal};
use crate::http::signed_in::SignedIn;

/// To everybody else the meeting does not exist. A refusal is recorded as `event`'s.
pub(super) async fn own(
    app: &App,
    id: MeetingId,
    signed_in: &SignedIn,
    occasion: &Occasion,
    event: Event,
) -> Result<(Meeting, Entry), Refusal> {
    let organisation = Some(signed_in.account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event)?;
    let meeting = app.store.meeting(id).await?;
    match meeting.filter(|meeting| meeting.host == signed_in.account.id) {
        Some(own) => Ok((own, entry)),
        None => {
            app.record(entry.refused(Code::new("not_its_host"))).await;
            Err(MEETING_NOT_FOUND.into())
        }
    }
}
