//! The methods of `livekit.RoomService`.

use axum::response::Response;
use conclave_audit::Code;
use conclave_sfu::{ApiRequest, ApiResponse, RoomName};
use livekit_protocol as proto;

use super::body::Format;
use super::error::Error;
use super::grants::Caller;
use super::journal::Journal;
use crate::livekit::LiveKit;
use crate::room_names;

/// One request, already authenticated.
pub(super) async fn call(
    livekit: &LiveKit,
    caller: &Caller,
    journal: &Journal<'_>,
    method: &str,
    format: Format,
    body: &[u8],
) -> Result<Response, Error> {
    let service = RoomService { livekit, caller };
    match method {
        "CreateRoom" => {
            let request: proto::CreateRoomRequest = format.decode(body)?;
            let room = caller.create(&request.name)?;
            journal.done(Code::new("create_room")).await?;
            let made = service.ask(&room, ApiRequest::CreateRoom(request)).await?;
            format.encode(&made.room()?)
        }
        "ListRooms" => {
            let request: proto::ListRoomsRequest = format.decode(body)?;
            format.encode(&service.list_rooms(request).await?)
        }
        "DeleteRoom" => {
            let request: proto::DeleteRoomRequest = format.decode(body)?;
            let room = caller.create(&request.room)?;
            journal.done(Code::new("delete_room")).await?;
            service.ask(&room, ApiRequest::DeleteRoom(request)).await?;
            format.encode(&proto::DeleteRoomResponse {})
        }
        "ListParticipants" => {
            let request: proto::ListParticipantsRequest = format.decode(body)?;
            let room = caller.administer(&request.room)?;
            let found = service
                .ask(&room, ApiRequest::ListParticipants(request))
                .await?;
            format.encode(&proto::ListParticipantsResponse {
                participants: found.participants()?,
            })
        }
        "GetParticipant" => {
            let request: proto::RoomParticipantIdentity = format.decode(body)?;
            let room = caller.administer(&request.room)?;
            let found = service
                .ask(&room, ApiRequest::GetParticipant(request))
                .await?;
            format.encode(&found.participant()?)
        }
        "RemoveParticipant" => {
            let request: proto::RoomParticipantIdentity = format.decode(body)?;
            let room = caller.administer(&request.room)?;
            journal.done(Code::new("remove_participant")).await?;
            service
                .ask(&room, ApiRequest::RemoveParticipant(request))
                .await?;
            format.encode(&proto::RemoveParticipantResponse {})
        }
        "MutePublishedTrack" => {
            let request: proto::MuteRoomTrackRequest = format.decode(body)?;
            let room = caller.administer(&request.room)?;
            journal.done(Code::new("mute_published_track")).await?;
            let muted = service
                .ask(&room, ApiRequest::MutePublishedTrack(request))
                .await?;
            format.encode(&proto::MuteRoomTrackResponse {
                track: Some(muted.track()?),
            })
        }
        "UpdateParticipant" => {
            let request: proto::UpdateParticipantRequest = format.decode(body)?;
            let room = caller.administer(&request.room)?;
            journal.done(Code::new("update_participant")).await?;
            let updated = service
                .ask(&room, ApiRequest::UpdateParticipant(request))
                .await?;
            format.encode(&updated.participant()?)
        }
        "UpdateSubscriptions" => {
            let request: proto::UpdateSubscriptionsRequest = format.decode(body)?;
            let room = caller.administer(&request.room)?;
            journal.done(Code::new("update_subscriptions")).await?;
            service
                .ask(&room, ApiRequest::UpdateSubscriptions(request))
                .await?;
            format.encode(&proto::UpdateSubscriptionsResponse {})
        }
        "SendData" => {
            let request: proto::SendDataRequest = format.decode(body)?;
            let room = caller.administer(&request.room)?;
            service.ask(&room, ApiRequest::SendData(request)).await?;
            format.encode(&proto::SendDataResponse {})
        }
        "UpdateRoomMetadata" => {
            let request: proto::UpdateRoomMetadataRequest = format.decode(body)?;
            let room = caller.administer(&request.room)?;
            journal.done(Code::new("update_room_metadata")).await?;
            let updated = service
                .ask(&room, ApiRequest::UpdateRoomMetadata(request))
                .await?;
            format.encode(&updated.room()?)
        }
        "ForwardParticipant" | "MoveParticipant" | "PerformRpc" => {
            Err(Error::unimplemented(format!("{method} is not offered")))
        }
        _ => Err(Error::bad_route("no such method")),
    }
}

struct RoomService<'a> {
    livekit: &'a LiveKit,
    caller: &'a Caller,
}

impl RoomService<'_> {
    async fn ask(&self, room: &RoomName, request: ApiRequest) -> Result<Answer, Error> {
        Ok(Answer(self.livekit.app.media.call(room, request).await?))
    }

    /// Of all owners, without the rooms of meetings.
    async fn list_rooms(
        &self,
        request: proto::ListRoomsRequest,
    ) -> Result<proto::ListRoomsResponse, Error> {
        self.caller.list()?;
        let all = || ApiRequest::ListRooms(request.clone());
        let mut rooms = Vec::new();
        for answer in self.livekit.app.media.call_all(all).await? {
            rooms.extend(Answer(answer).rooms()?);
        }
        rooms.retain(|room| room_names::of_developer(&room.name).is_some());
        Ok(proto::ListRoomsResponse { rooms })
    }
}

/// A shard answers each request with its own kind; another kind is our bug, and costs one request.
struct Answer(ApiResponse);

impl Answer {
    fn room(self) -> Result<proto::Room, Error> {
        match self.0 {
            ApiResponse::Room(room) => Ok(*room),
            _ => Err(mismatch()),
        }
    }

    fn rooms(self) -> Result<Vec<proto::Room>, Error> {
        match self.0 {
            ApiResponse::Rooms(rooms) => Ok(rooms),
            _ => Err(mismatch()),
        }
    }

    fn participant(self) -> Result<proto::ParticipantInfo, Error> {
        match self.0 {
            ApiResponse::Participant(participant) => Ok(*participant),
            _ => Err(mismatch()),
        }
    }

    fn participants(self) -> Result<Vec<proto::ParticipantInfo>, Error> {
        match self.0 {
            ApiResponse::Participants(participants) => Ok(participants),
            _ => Err(mismatch()),
        }
    }

    fn track(self) -> Result<proto::TrackInfo, Error> {
        match self.0 {
            ApiResponse::Track(track) => Ok(*track),
            _ => Err(mismatch()),
        }
    }
}

fn mismatch() -> Error {
    Error::internal("the room gave another answer than was asked for")
}
