//! What meetings ask of the media rooms that belong to them.

use std::time::Duration;

use conclave_protocol::{MeetingId, ParticipantId};
use conclave_sfu::{ApiRequest, EndReason};
use livekit_protocol as proto;

use crate::media::{Handle, Place};
use crate::room_names;

/// A place in the queue of the room's owner, for an act that must be followed by its effect.
/// `None` when the owner stays behind: the act goes on, and the room is checked again at the next fact.
pub(crate) async fn reserve(media: &Handle, meeting: MeetingId) -> Option<Place> {
    let room = room_names::of_meeting(meeting);
    for _ in 0..TRIES {
        match media.reserve(&room) {
            Ok(place) => return Some(place),
            Err(_) => tokio::time::sleep(BETWEEN_TRIES).await,
        }
    }
    tracing::error!("a media thread is too far behind to take a command");
    None
}

/// Ends the room for everybody. A meeting without media has none: that is its end too.
pub(crate) fn end(place: Option<Place>) {
    if let Some(place) = place {
        drop(place.call(ApiRequest::End(EndReason::RoomClosed)));
    }
}

/// Ends one participant's media.
pub(crate) fn remove(place: Option<Place>, meeting: MeetingId, participant: ParticipantId) {
    if let Some(place) = place {
        let identity = proto::RoomParticipantIdentity {
            room: room_names::of_meeting(meeting).0,
            identity: participant.to_string(),
            ..Default::default()
        };
        drop(place.call(ApiRequest::RemoveParticipant(identity)));
    }
}

const TRIES: usize = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(50);
