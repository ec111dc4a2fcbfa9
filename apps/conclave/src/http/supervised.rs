//! A meeting as somebody reaches it by their session alone: they made it, or look after the organisation's.

use conclave_audit::{Code, Event};
use conclave_policy::capability::{AccountAction, account_may};
use conclave_protocol::MeetingId;
use conclave_store::read::meeting::Meeting;

use super::occasion::Occasion;
use super::problem::{MEETING_NOT_FOUND, Refusal};
use super::signed_in::SignedIn;
use crate::app::App;

/// By what right.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    /// The account made the meeting, wherever it is.
    Host,
    /// The account supervises the organisation's meetings.
    Supervisor,
}

/// To everybody else the meeting does not exist. A refusal is recorded as `event`'s.
pub(super) async fn find(
    app: &App,
    id: MeetingId,
    signed_in: &SignedIn,
    occasion: &Occasion,
    event: &Event,
) -> Result<(Meeting, Right), Refusal> {
    let account = &signed_in.account;
    let supervises = account_may(account.role, AccountAction::SuperviseMeetings).is_allowed();
    let right = |meeting: &Meeting| match meeting.organisation == account.organisation {
        _ if meeting.host == account.id => Some(Right::Host),
        true if supervises => Some(Right::Supervisor),
        _ => None,
    };
    let meeting = app.store.meeting(id).await?;
    if let Some(meeting) = meeting
        && let Some(right) = right(&meeting)
    {
        return Ok((meeting, right));
    }
    let organisation = Some(account.organisation);
    let entry = occasion.entry(organisation, signed_in.actor(), event.clone())?;
    app.record(entry.refused(Code::new("not_its_host"))).await;
    Err(MEETING_NOT_FOUND.into())
}
