//! Signalling leaves its entries too.

use conclave_audit::Outcome;
use conclave_livekit::token::VideoGrants;

use crate::caller::Caller;
use crate::server_in_a_box::Server;
use crate::{livekit, tickets};

#[tokio::test]
async fn signalling_leaves_its_entries_too() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let ticket = tickets::ticket(&meeting, &host).await;
    let developer = livekit::token("ann", "ward");
    let maker = livekit::signed(
        "",
        VideoGrants {
            room_create: true,
            ..VideoGrants::default()
        },
    );
    let base = server.socket_url();
    let mut seen = server.entries().await.len();
    let mut sockets = Vec::new();
    let mut resume = String::new();

    for (what, path, token, expected) in [
        ("validate", "/rtc/validate?protocol=17", &ticket, None),
        (
            "join",
            "/rtc?protocol=17",
            &ticket,
            Some(("meeting.connect", Outcome::Done)),
        ),
        (
            "a spent ticket",
            "/rtc/validate?protocol=17",
            &ticket,
            Some(("meeting.connect", Outcome::Refused)),
        ),
        (
            "resume",
            "/rtc?protocol=17&reconnect=1",
            &String::new(),
            Some(("meeting.resume", Outcome::Done)),
        ),
        (
            "a developer's join",
            "/rtc?protocol=17",
            &developer,
            Some(("developer.join", Outcome::Done)),
        ),
        (
            "a developer without the grant",
            "/rtc/validate?protocol=17",
            &maker,
            Some(("developer.join", Outcome::Refused)),
        ),
        (
            "a call",
            "/twirp/livekit.RoomService/CreateRoom",
            &maker,
            Some(("developer.call", Outcome::Done)),
        ),
        (
            "a call without the grant",
            "/twirp/livekit.RoomService/CreateRoom",
            &developer,
            Some(("developer.call", Outcome::Refused)),
        ),
        (
            "a question",
            "/twirp/livekit.RoomService/ListRooms",
            &maker,
            Some(("developer.call", Outcome::Refused)),
        ),
    ] {
        let token = if token.is_empty() { &resume } else { token };
        if path.starts_with("/rtc?") {
            let url = format!("{base}{path}&access_token={token}");
            let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
            tickets::first_message(&mut socket).await;
            if what == "join" {
                resume = tickets::refreshed(&mut socket).await;
            }
            sockets.push(socket);
        } else if path.starts_with("/twirp") {
            livekit::call(&server, path, token, r#"{"name":"theatre"}"#).await;
        } else {
            let url = format!("{}{path}", server.url());
            let request = reqwest::Client::new().get(url).bearer_auth(token);
            request.send().await.unwrap();
        }

        let entries: Vec<_> = server
            .entries()
            .await
            .split_off(seen)
            .into_iter()
            .filter(|entry| entry.event.name() != "meeting.disconnect")
            .collect();
        seen = server.entries().await.len();
        let names: Vec<_> = entries
            .iter()
            .map(|entry| (entry.event.name(), entry.outcome))
            .collect();
        assert_eq!(names, expected.into_iter().collect::<Vec<_>>(), "{what}");
        for entry in &entries {
            assert!(entry.src.is_some() && entry.req_id.is_some(), "{what}");
        }
    }
    server.stop().await;
}
