//! What meetings ask of the media rooms that belong to them.

use std::time::Duration;

use conclave_protocol::{MeetingId, ParticipantId};
use conclave_sfu::{ApiRequest, EndReason, RoomName};
use livekit_protocol as proto;
use tokio::time::timeout;

use crate::media::{Handle, Place};
use crate::room_names;

/// A meeting's room, for an act that must be followed by its effect.
pub(crate) struct Room {
    media: Handle,
    name: RoomName,
    /// In the queue of the room's owner. `None` when the owner is behind: the effect comes later.
    place: Option<Place>,
}

impl Room {
    /// Takes a place in the queue of the room's owner, or does without one when that takes long.
    pub(crate) async fn reserve(media: &Handle, meeting: MeetingId) -> Self {
        let name = room_names::of_meeting(meeting);
        let place = timeout(PATIENCE, media.wait_for_place(&name)).await;
        if place.is_err() {
            tracing::error!("a media thread is too far behind to take a command at once");
        }
        Self {
            media: media.clone(),
            name,
            place: place.ok().and_then(Result::ok),
        }
    }

    /// Ends the room for everybody. A meeting without media has none: that is its end too.
    pub(crate) fn end(self) {
        self.ask(ApiRequest::End(EndReason::RoomClosed));
    }

    /// Ends one participant's media.
    pub(crate) fn remove(self, participant: ParticipantId) {
        let identity = proto::RoomParticipantIdentity {
            room: self.name.0.clone(),
            identity: participant.to_string(),
            ..Default::default()
        };
        self.ask(ApiRequest::RemoveParticipant(identity));
    }

    /// At once, or as soon as the owner takes it. An owner that has failed has no rooms any more.
    fn ask(self, request: ApiRequest) {
        let Self { media, name, place } = self;
        match place {
            Some(place) => drop(place.call(request)),
            None => drop(tokio::spawn(async move {
                if let Ok(place) = media.wait_for_place(&name).await {
                    drop(place.call(request));
                }
            })),
        }
    }
}

/// How long an act waits for the owner of its room. Longer keeps its caller waiting; shorter leaves
/// more to do afterwards.
const PATIENCE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use conclave_sfu::ApiResponse;
    use prometheus_client::registry::Registry;
    use tokio::sync::mpsc;
    use uuid::Uuid;

    use super::*;
    use crate::media::Media;
    use crate::{Config, config};

    #[tokio::test]
    async fn a_room_whose_owner_is_behind_is_ended_as_soon_as_it_is_not() {
        let config = Config {
            dev: true,
            media: config::Media {
                port: 0,
                threads: 1,
                ..config::Media::default()
            },
            ..Config::default()
        };
        let media = Media::start(&config, &mut Registry::default(), mpsc::channel(16).0).unwrap();
        let (handle, meeting) = (media.handle(), MeetingId(Uuid::from_u128(1)));
        let name = room_names::of_meeting(meeting);
        let create = proto::CreateRoomRequest {
            name: name.0.clone(),
            ..Default::default()
        };
        let made = handle.call(&name, ApiRequest::CreateRoom(create)).await;
        assert!(made.is_ok());
        let taken: Vec<Place> = std::iter::from_fn(|| handle.reserve(&name).ok()).collect();

        Room::reserve(&handle, meeting).await.end();
        drop(taken);

        let ends = async {
            while !rooms(&handle, &name).await.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(30), ends).await.unwrap();
        media.stop().await;
    }

    async fn rooms(handle: &Handle, name: &RoomName) -> Vec<proto::Room> {
        let all = ApiRequest::ListRooms(proto::ListRoomsRequest::default());
        match handle.call(name, all).await {
            Ok(ApiResponse::Rooms(rooms)) => rooms,
            other => panic!("no list of rooms: {}", other.is_ok()),
        }
    }
}
