//! One screen at a time, of who may show one: at the router, whatever a page believes.

use conclave_audit::Outcome;
use futures_util::future::join_all;
use livekit_protocol as proto;
use proto::request_response::Reason;
use proto::signal_response::Message as Said;
use reqwest::StatusCode;
use serde_json::Value;

use crate::access::make_co_host;
use crate::caller::{Caller, Made};
use crate::channel::{Channel, open_meeting, open_meeting_at};
use crate::encryption::{Encryption, announce, enter, refusals};
use crate::server_in_a_box::Server;
use crate::tickets::{Socket, first_message};

// Shows: REQ-AC-13, ABUSE-23.
#[tokio::test]
async fn of_a_hundred_who_show_a_screen_at_once_exactly_one_does() {
    let (server, meeting, _host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let mut sockets = Vec::new();
    // Not all at once: they are to show at once, and a machine that is busy has them all inside by then.
    for _ in 0..5 {
        let came = (0..20).map(|_| async {
            let guest = nobody.come(&meeting, "Bo").await;
            enter(&server, &meeting, &guest).await
        });
        sockets.extend(join_all(came).await);
    }

    let shown = join_all(sockets.iter_mut().map(shows)).await;

    let shown = shown.into_iter().filter(|shown| *shown).count();
    assert_eq!(shown, 1);
    let refused = refused(server).await;
    assert_eq!(refused.len(), 99);
    assert!(refused.iter().all(|(_, why)| why == "screen_taken"));
}

// Shows: REQ-AC-13.
#[tokio::test]
async fn the_screen_is_handed_on_and_ends_for_who_had_it() {
    let (server, meeting, host) = open_meeting().await;
    let nobody = Caller::nobody(&server);
    let (first, second) = (
        nobody.come(&meeting, "Bo").await,
        nobody.come(&meeting, "Cy").await,
    );
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    assert_eq!(hosts.next().await["meeting"]["sharing"], "everybody");
    let (mut firsts, mut seconds) = (
        enter(&server, &meeting, &first).await,
        enter(&server, &meeting, &second).await,
    );
    assert!(shows(&mut firsts).await);
    assert!(!shows(&mut seconds).await);
    let to_second = about(&meeting, &second, "hand-over");
    assert_eq!(first.post(&to_second).await.code(), "not_allowed");

    assert_eq!(host.post(&to_second).await.status, StatusCode::OK);

    until_unpublished(&mut firsts).await;
    let changed = hosts.event("meeting_changed").await;
    assert_eq!(changed["event"]["meeting"]["presenter"], second.participant);
    assert!(!shows(&mut firsts).await);
    assert!(shows(&mut seconds).await);

    // Whom it was handed to hands it on.
    let back = about(&meeting, &first, "hand-over");
    assert_eq!(second.post(&back).await.status, StatusCode::OK);
    until_unpublished(&mut seconds).await;
    assert!(shows(&mut firsts).await);
    server.stop().await;
}

// Shows: REQ-AC-17, ABUSE-24.
#[tokio::test]
async fn where_sharing_is_locked_only_hosts_show_a_screen() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let guest = nobody.come(&meeting, "Bo").await;
    let mut guests = enter(&server, &meeting, &guest).await;
    assert!(shows(&mut guests).await);
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    assert_eq!(hosts.next().await["meeting"]["presenter"], Value::Null);

    let lock = format!("/meetings/{}/sharing/lock", meeting.id);
    assert_eq!(host.post(&lock).await.status, StatusCode::OK);

    until_unpublished(&mut guests).await;
    let changed = hosts.event("meeting_changed").await;
    assert_eq!(changed["event"]["meeting"]["sharing"], "hosts");
    assert!(!shows(&mut guests).await);
    let late = nobody.come(&meeting, "Cy").await;
    let mut lates = enter(&server, &meeting, &late).await;
    assert!(!shows(&mut lates).await);
    assert!(!shows(&mut lates).await);

    make_co_host(&meeting, &host, &guest).await;
    assert!(shows(&mut guests).await);
    let back = about(&meeting, &guest, "take-back-co-host");
    assert_eq!(host.post(&back).await.status, StatusCode::OK);
    until_unpublished(&mut guests).await;

    let unlock = format!("/meetings/{}/sharing/unlock", meeting.id);
    assert_eq!(host.post(&unlock).await.status, StatusCode::OK);
    assert!(shows(&mut lates).await);
    let (guest, late) = (guest.participant, late.participant);
    let each_once = [guest, late].map(|whose| (whose, "not_presenter".to_owned()));
    assert_eq!(refused(server).await, each_once);
}

// Shows: REQ-AC-13, ABUSE-24.
#[tokio::test]
async fn who_does_not_present_makes_no_screen_of_what_they_announced_as_a_camera() {
    let (server, meeting, _host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let (first, second) = (
        nobody.come(&meeting, "Bo").await,
        nobody.come(&meeting, "Cy").await,
    );
    let (mut firsts, mut seconds) = (
        enter(&server, &meeting, &first).await,
        enter(&server, &meeting, &second).await,
    );
    assert!(shows(&mut firsts).await);
    assert!(announces(&mut seconds, "x", proto::TrackSource::Camera).await);

    for _ in 0..2 {
        assert!(!announces(&mut seconds, "x", proto::TrackSource::ScreenShare).await);
    }
    assert!(announces(&mut seconds, "y", proto::TrackSource::Camera).await);
    server.stop().await;
}

fn about(meeting: &Made, whom: &Caller, act: &str) -> String {
    format!(
        "/meetings/{}/participants/{}/{act}",
        meeting.id, whom.participant
    )
}

/// Whether the router takes a screen of theirs.
async fn shows(socket: &mut Socket) -> bool {
    announces(socket, "screen", proto::TrackSource::ScreenShare).await
}

/// Whether the router takes a picture of theirs.
async fn announces(socket: &mut Socket, cid: &str, source: proto::TrackSource) -> bool {
    let mut request = proto::AddTrackRequest {
        cid: cid.to_owned(),
        ..Default::default()
    };
    request.set_type(proto::TrackType::Video);
    request.set_source(source);
    request.set_encryption(Encryption::Gcm);
    match announce(socket, request).await {
        Said::TrackPublished(_) => true,
        Said::RequestResponse(refused) => {
            assert_eq!(refused.reason(), Reason::NotAllowed);
            false
        }
        _ => panic!("not an answer"),
    }
}

/// Whose media was refused, and why: on record once the server has stopped.
async fn refused(server: Server) -> Vec<(String, String)> {
    let server = server.restart().await;
    let entries = refusals(&server).await;
    server.stop().await;
    let refused = entries.into_iter().map(|entry| {
        assert_eq!(entry.outcome, Outcome::Refused);
        let whose = entry.event.object().unwrap().id.to_string();
        (whose, entry.reason.unwrap().as_str().to_owned())
    });
    refused.collect()
}

async fn until_unpublished(socket: &mut Socket) {
    while !matches!(first_message(socket).await, Said::TrackUnpublished(_)) {}
}
