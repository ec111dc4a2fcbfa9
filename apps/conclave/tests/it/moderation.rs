//! A host mutes, and asks to speak: it is done where the packets pass, and nobody is opened for by it.

use std::time::Duration;

use livekit_protocol as proto;
use proto::signal_response::Message as Said;
use reqwest::StatusCode;
use tokio::time::timeout;

use crate::caller::{Caller, Made};
use crate::channel::{Channel, open_meeting, open_meeting_at};
use crate::encryption::{Encryption, enter, publish};
use crate::server_in_a_box::Server;
use crate::tickets::{Socket, first_message};

// Shows: REQ-AC-18, ABUSE-25.
#[tokio::test]
async fn who_is_muted_is_told_so_at_once_and_others_are_not() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let (first, second) = (
        nobody.come(&meeting, "Bo").await,
        nobody.come(&meeting, "Cy").await,
    );
    let mut sockets = Vec::new();
    for caller in [&host, &first, &second] {
        let mut socket = enter(&server, &meeting, caller).await;
        let Said::TrackPublished(published) = publish(&mut socket, "x", Encryption::Gcm).await
        else {
            panic!("not published");
        };
        sockets.push((socket, published.track.unwrap().sid));
    }

    let one = host.post(&about(&meeting, &first, "mute")).await;
    assert_eq!(one.status, StatusCode::OK, "{}", one.body);
    let (socket, sid) = &mut sockets[1];
    assert_eq!(next_mute(socket).await.as_ref(), Some(&*sid));

    let all = format!("/meetings/{}/mute-all", meeting.id);
    assert_eq!(host.post(&all).await.status, StatusCode::OK);
    let (socket, sid) = &mut sockets[2];
    assert_eq!(next_mute(socket).await.as_ref(), Some(&*sid));

    // Who did it is heard on, and who was muted already is not told again.
    for number in [0, 1] {
        let quiet = timeout(QUIET, next_mute(&mut sockets[number].0)).await;
        assert!(quiet.is_err());
    }
    server.stop().await;
}

// Shows: REQ-AC-18.
#[tokio::test]
async fn who_is_asked_to_speak_is_asked_and_nothing_else() {
    let (server, meeting, host) = open_meeting().await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let mut media = enter(&server, &meeting, &guest).await;
    let mut channel = Channel::open(&server, &meeting, &guest, None).await;

    let asked = host.post(&about(&meeting, &guest, "ask-to-unmute")).await;

    assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
    channel.event("unmute_asked").await;
    assert!(timeout(QUIET, next_mute(&mut media)).await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn only_who_is_in_is_muted_or_asked() {
    let (server, meeting, host) = open_meeting().await;
    let nobody = Caller::nobody(&server);
    let (guest, waiting) = (
        nobody.come(&meeting, "Bo").await,
        nobody.knock(&meeting, "Cy").await,
    );
    for act in ["mute", "stop-video", "ask-to-unmute"] {
        let outside = host.post(&about(&meeting, &waiting, act)).await;
        assert_eq!(outside.code(), "participant_not_inside");
        let by_guest = guest.post(&about(&meeting, &host, act)).await;
        assert_eq!(by_guest.code(), "not_allowed");
    }
    server.stop().await;
}

const QUIET: Duration = Duration::from_millis(300);

fn about(meeting: &Made, whom: &Caller, act: &str) -> String {
    format!(
        "/meetings/{}/participants/{}/{act}",
        meeting.id, whom.participant
    )
}

/// The track that the server mutes next.
async fn next_mute(socket: &mut Socket) -> Option<String> {
    loop {
        if let Said::Mute(mute) = first_message(socket).await {
            return mute.muted.then_some(mute.sid);
        }
    }
}
