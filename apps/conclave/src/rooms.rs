//! What meetings ask of the media rooms that belong to them.

use std::time::Duration;

use conclave_protocol::{MeetingId, ParticipantId};
use conclave_sfu::{ApiRequest, EndReason, Line, Mute, Muted, RoomName, Rule, Whom};
use livekit_protocol as proto;
use tokio::time::timeout;

use crate::media::{Busy, Handle, OwedEffect, Place, Unavailable};
use crate::room_names;

/// A meeting's room, for an act that must be followed by its effect.
pub(crate) struct Room {
    media: Handle,
    name: RoomName,
    way: Way,
}

/// How the effect reaches the room's owner.
enum Way {
    /// By a place in the owner's queue.
    AtOnce(Place),
    /// As soon as the owner takes it, who is behind.
    Later(OwedEffect),
    /// The owner has failed: it has no rooms any more.
    Never,
}

impl Room {
    /// Takes a place in the queue of the room's owner, or does without one when that takes long.
    /// Refused: as many effects wait for owners as may.
    pub(crate) async fn reserve(media: &Handle, meeting: MeetingId) -> Result<Self, Busy> {
        let name = room_names::of_meeting(meeting);
        let way = match timeout(PATIENCE, media.wait_for_place(&name)).await {
            Ok(Ok(place)) => Way::AtOnce(place),
            Ok(Err(Unavailable)) => Way::Never,
            Err(_) => {
                tracing::error!("a media thread is too far behind to take a command at once");
                Way::Later(media.owe_effect()?)
            }
        };
        Ok(Self {
            media: media.clone(),
            name,
            way,
        })
    }

    /// Ends the room for everybody. A meeting without media has none: that is its end too.
    pub(crate) fn end(self) {
        self.ask(ApiRequest::End(EndReason::RoomClosed));
    }

    /// Ends the media of a participant whose place is over for good, also of a connection that is on its way.
    pub(crate) fn put_out(self, participant: ParticipantId) {
        let identity = participant.to_string();
        self.ask(ApiRequest::PutOut { identity });
    }

    /// Ends one participant's media; their place may be given back.
    pub(crate) fn send_away(self, participant: ParticipantId) {
        let identity = proto::RoomParticipantIdentity {
            room: self.name.0.clone(),
            identity: participant.to_string(),
            ..Default::default()
        };
        self.ask(ApiRequest::RemoveParticipant(identity));
    }

    /// Passes on no longer what they send, until they unmute it themselves.
    pub(crate) fn mute(self, whom: Whom, what: Muted) {
        self.ask(ApiRequest::Mute(Mute { whom, what }));
    }

    /// Takes off what they show of a screen; they may begin again.
    pub(crate) fn stop_screen(self, participant: ParticipantId) {
        let identity = participant.to_string();
        self.ask(ApiRequest::StopScreen { identity });
    }

    /// Who may show a screen from here on.
    pub(crate) fn present(self, rule: Rule) {
        self.ask(ApiRequest::Present(rule));
    }

    /// With whom a computer exchanges data from here on.
    pub(crate) fn set_line(self, companion: ParticipantId, line: Line) {
        let identity = companion.to_string();
        self.ask(ApiRequest::SetLine { identity, line });
    }

    /// Somebody leads, or no longer does.
    pub(crate) fn lead(self, participant: ParticipantId, leads: bool, revision: u64) {
        let identity = participant.to_string();
        self.ask(ApiRequest::Lead {
            identity,
            leads,
            revision,
        });
    }

    /// What a participant may send and receive from here on, by policy of this revision.
    pub(crate) fn permit(
        self,
        participant: ParticipantId,
        permission: proto::ParticipantPermission,
        revision: u64,
    ) {
        let identity = participant.to_string();
        self.ask(ApiRequest::Permit {
            identity,
            permission,
            revision,
        });
    }

    fn ask(self, request: ApiRequest) {
        let Self { media, name, way } = self;
        match way {
            Way::AtOnce(place) => drop(place.call(request)),
            Way::Later(owed) => drop(tokio::spawn(async move {
                if let Ok(place) = media.wait_for_place(&name).await {
                    drop(place.call(request));
                }
                drop(owed);
            })),
            Way::Never => {}
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
        let media = media();
        let (handle, meeting) = (media.handle(), MeetingId(Uuid::from_u128(1)));
        let name = room_names::of_meeting(meeting);
        let create = proto::CreateRoomRequest {
            name: name.0.clone(),
            ..Default::default()
        };
        let made = handle.call(&name, ApiRequest::CreateRoom(create)).await;
        assert!(made.is_ok());
        let taken = all_places(&handle, &name);

        Room::reserve(&handle, meeting).await.unwrap().end();
        drop(taken);

        let ends = async {
            while !rooms(&handle, &name).await.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(30), ends).await.unwrap();
        media.stop().await;
    }

    #[tokio::test]
    async fn an_act_is_refused_when_too_many_effects_wait() {
        let media = media();
        let (handle, meeting) = (media.handle(), MeetingId(Uuid::from_u128(1)));
        let taken = all_places(&handle, &room_names::of_meeting(meeting));
        let owed: Vec<_> = std::iter::from_fn(|| handle.owe_effect().ok()).collect();

        let refused = Room::reserve(&handle, meeting).await;

        assert!(refused.is_err());
        drop((taken, owed));
        assert!(handle.owe_effect().is_ok());
        media.stop().await;
    }

    fn media() -> Media {
        let config = Config {
            dev: true,
            media: config::Media {
                port: 0,
                threads: 1,
                ..config::Media::default()
            },
            ..Config::default()
        };
        Media::start(&config, &mut Registry::default(), mpsc::channel(16).0).unwrap()
    }

    fn all_places(handle: &Handle, room: &RoomName) -> Vec<Place> {
        std::iter::from_fn(|| handle.reserve(room).ok()).collect()
    }

    async fn rooms(handle: &Handle, name: &RoomName) -> Vec<proto::Room> {
        let all = ApiRequest::ListRooms(proto::ListRoomsRequest::default());
        match handle.call(name, all).await {
            Ok(ApiResponse::Rooms(rooms)) => rooms,
            other => panic!("no list of rooms: {}", other.is_ok()),
        }
    }
}
