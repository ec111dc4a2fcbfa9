//! What the server refuses to pass on in meetings: media that is not declared to be encrypted end to end.

use conclave_audit::{Actor, Outcome};
use futures_util::SinkExt;
use livekit_protocol as proto;
use prost::Message;
use proto::request_response::Reason;
use proto::signal_response::Message as Said;
use tokio_tungstenite::tungstenite;

use crate::caller::{Caller, Made};
use crate::channel::open_meeting;
use crate::livekit;
use crate::server_in_a_box::Server;
use crate::tickets::{Socket, connect, first_message, ticket};

// Shows: REQ-CR-09, REQ-IN-02.
#[tokio::test]
async fn a_meeting_takes_no_track_that_is_not_encrypted_and_says_so_on_record_once() {
    let (server, meeting, host) = open_meeting().await;
    let mut socket = enter(&server, &meeting, &host).await;

    for _ in 0..2 {
        let Said::RequestResponse(refused) = publish(&mut socket, "x", Encryption::None).await
        else {
            panic!("not refused");
        };
        assert_eq!(refused.reason(), Reason::NotAllowed);
    }
    let Said::TrackPublished(published) = publish(&mut socket, "y", Encryption::Gcm).await else {
        panic!("not published");
    };

    assert_eq!(published.cid, "y");
    assert_eq!(published.track.unwrap().encryption(), Encryption::Gcm);
    drop(socket);
    // Whatever was to be recorded is, once it has stopped.
    let server = server.restart().await;
    let refusals = refusals(&server).await;
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].outcome, Outcome::Refused);
    let reason = refusals[0].reason.as_ref().unwrap();
    assert_eq!(reason.as_str(), "not_encrypted");
    assert!(matches!(refusals[0].actor, Actor::Participant { .. }));
    let object = refusals[0].event.object().unwrap();
    assert_eq!(object.id.to_string(), host.participant);
    server.stop().await;
}

#[tokio::test]
async fn where_it_is_not_required_any_track_is_taken() {
    let server =
        Server::start_with(|config| config.meetings.require_end_to_end_encryption = false).await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let mut socket = enter(&server, &meeting, &host).await;

    let said = publish(&mut socket, "x", Encryption::None).await;

    assert!(matches!(said, Said::TrackPublished(_)));
    server.stop().await;
}

#[tokio::test]
async fn developers_rooms_are_not_concerned() {
    let server = Server::start().await;
    let mut socket = connect(&server, &livekit::token("ann", "ward")).await;
    first_message(&mut socket).await;

    let said = publish(&mut socket, "x", Encryption::None).await;

    assert!(matches!(said, Said::TrackPublished(_)));
    server.stop().await;
}

pub(crate) async fn enter(server: &Server, meeting: &Made, caller: &Caller) -> Socket {
    let ticket = ticket(meeting, caller).await;
    let mut socket = connect(server, &ticket).await;
    assert!(matches!(first_message(&mut socket).await, Said::Join(_)));
    socket
}

/// What the server says to it.
pub(crate) async fn publish(socket: &mut Socket, cid: &str, encryption: Encryption) -> Said {
    let mut request = proto::AddTrackRequest {
        cid: cid.to_owned(),
        ..Default::default()
    };
    request.set_type(proto::TrackType::Audio);
    request.set_source(proto::TrackSource::Microphone);
    request.set_encryption(encryption);
    announce(socket, request).await
}

/// What the server says to it.
pub(crate) async fn announce(socket: &mut Socket, request: proto::AddTrackRequest) -> Said {
    let request = proto::SignalRequest {
        message: Some(proto::signal_request::Message::AddTrack(request)),
    };
    let frame = tungstenite::Message::binary(request.encode_to_vec());
    socket.send(frame).await.unwrap();
    loop {
        let said = first_message(socket).await;
        if matches!(said, Said::TrackPublished(_) | Said::RequestResponse(_)) {
            return said;
        }
    }
}

/// What was not let be published, as the log has it.
pub(crate) async fn refusals(server: &Server) -> Vec<conclave_audit::Entry> {
    let mut entries = server.entries().await;
    entries.retain(|entry| entry.event.name() == "meeting.publish");
    entries
}

pub(crate) type Encryption = proto::encryption::Type;
