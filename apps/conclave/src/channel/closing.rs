//! What is over is ended as if somebody had done it: a meeting, or a screen whose presenter does nothing.

use conclave_audit::{Actor, Event};
use conclave_protocol::ParticipantId;
use conclave_protocol::meeting::EndCause;
use conclave_store::action::EndMeeting;
use conclave_store::{Refused, WriteError};

use super::owner::Owner;
use crate::media::Busy;
use crate::rooms::Room;
use crate::{ending, recorded};

/// Where it can't be done at this moment, the meeting is looked at again.
pub(super) async fn end(owner: &Owner, cause: EndCause) {
    if let Err(reason) = try_to_end(owner, cause).await {
        tracing::warn!(reason, "a meeting whose time is over was not ended");
    }
}

async fn try_to_end(owner: &Owner, cause: EndCause) -> Result<(), &'static str> {
    let unread = "it could not be read";
    let meeting = owner.store.meeting(owner.meeting).await;
    let meeting = meeting.map_err(|_| unread)?.ok_or(unread)?;
    let now = owner.clock.now();
    let event = Event::MeetingEnd {
        meeting: meeting.id.0,
    };
    let entry = recorded::entry(now, Actor::System, event).map_err(|_| "no randomness")?;
    let mut entry = recorded::filed(entry, Some(meeting.organisation));
    entry.reason = recorded::end_cause(cause);
    let act = EndMeeting {
        meeting: meeting.id,
        cause,
        at: now,
    };
    let room = Room::reserve(&owner.media, meeting.id).await;
    let room = room.map_err(|_| "the media threads are busy")?;
    match ending::write(&owner.store, None, act, entry).await {
        Ok(_) => room.end(),
        // Somebody was faster.
        Err(WriteError::Refused(Refused::MeetingEnded)) => {}
        Err(_) => return Err("it could not be written"),
    }
    Ok(())
}

/// The media of a computer whose place is over, whatever its agent does.
pub(super) async fn send_off(owner: &Owner, companion: ParticipantId) {
    match Room::reserve(&owner.media, owner.meeting).await {
        Ok(room) => room.put_out(companion),
        Err(Busy) => tracing::error!("a computer without its owner was not sent away"),
    }
}

/// What was shown is off, whether that is recorded or not.
pub(super) async fn stop_share(owner: &Owner, presenter: ParticipantId) {
    if let Ok(room) = Room::reserve(&owner.media, owner.meeting).await {
        room.stop_screen(presenter);
    }
    if record_share_timeout(owner, presenter).await.is_none() {
        tracing::error!("the end of an idle share was not recorded");
    }
}

async fn record_share_timeout(owner: &Owner, presenter: ParticipantId) -> Option<()> {
    let meeting = owner.store.meeting(owner.meeting).await.ok()??;
    let event = Event::MeetingShareTimeout {
        meeting: meeting.id.0,
        participant: presenter.0,
    };
    let entry = recorded::entry(owner.clock.now(), Actor::System, event).ok()?;
    let entry = recorded::filed(entry, Some(meeting.organisation));
    owner.store.record(entry).await.ok()
}
