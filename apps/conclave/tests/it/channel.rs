//! The meeting channel over its WebSocket.

use std::time::{Duration, Instant};

use conclave_audit::Code;
use futures_util::{SinkExt, StreamExt};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::caller::{Caller, Made};
use crate::encryption::enter;
use crate::livekit::call;
use crate::server_in_a_box::Server;
use crate::tickets;

#[tokio::test]
async fn the_host_hears_who_knocks_and_the_guest_hears_the_decision() {
    let (server, meeting, host) = open_meeting().await;
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    assert_eq!(hosts.next().await["type"], "welcome");
    let guest = Caller::nobody(&server).knock(&meeting, "Bo").await;
    let knock = hosts.event("lobby").await;
    assert_eq!(knock["event"]["entry"]["display_name"], "Bo");
    let mut guests = Channel::open(&server, &meeting, &guest, None).await;
    let welcome = guests.next().await;
    assert_eq!(
        (&welcome["admission"], &welcome["meeting"]),
        (&json!("waiting"), &Value::Null)
    );

    let admit = format!("/meetings/{}/lobby/{}/admit", meeting.id, guest.participant);
    let done = host.post(&admit).await;
    assert_eq!(done.status, StatusCode::OK);

    let told = guests.event("admission").await;
    assert_eq!(told["event"]["admission"], "admitted");
    assert_eq!(told["revision"], done.body["revision"]);
    let welcome = guests.next().await;
    assert_eq!(welcome["meeting"]["title"], "Morning visit");
    assert_eq!(welcome["meeting"]["code"], Value::Null);
    assert_eq!(welcome["roster"].as_array().unwrap().len(), 2);
    assert_eq!(
        hosts.event("lobby_left").await["event"]["participant"],
        guest.participant
    );
    server.stop().await;
}

// Shows: REQ-AC-06, ABUSE-28.
#[tokio::test]
async fn who_waits_hears_of_nobody_inside_and_gets_no_way_to_them() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let inside = nobody.come(&meeting, "Canary Inside").await;
    let waits = nobody.knock(&meeting, "Bo").await;
    let mut theirs = Channel::open(&server, &meeting, &waits, None).await;
    let welcome = theirs.next().await;
    assert_eq!(welcome["admission"], "waiting");
    let tells = |message: &Value| {
        let told = message.to_string();
        told.contains("Canary") || told.contains(&inside.participant)
    };
    assert!(!tells(&welcome), "{welcome}");

    let of_meeting = |what: &str| format!("/meetings/{}/{what}", meeting.id);
    let ticket = waits.post(&of_meeting("ticket")).await;
    assert_eq!(ticket.code(), "not_admitted");
    let about = format!("participants/{}/devices", inside.participant);
    let devices = waits.get(&of_meeting(&about)).await;
    assert!(!devices.status.is_success() && !tells(&devices.body));
    // Much goes on inside before they are answered.
    nobody.come(&meeting, "Canary Later").await;
    for act in ["lock", "unlock", "sharing/lock", "mute-all"] {
        let done = host.post(&of_meeting(act)).await;
        assert_eq!(done.status, StatusCode::OK, "{act}: {}", done.body);
    }
    let deny = format!("lobby/{}/deny", waits.participant);
    assert_eq!(host.post(&of_meeting(&deny)).await.status, StatusCode::OK);

    loop {
        let message = theirs.next().await;
        assert!(!tells(&message), "{message}");
        if message["type"] == "bye" {
            break;
        }
        let kind = message["event"]["kind"].as_str().unwrap_or_default();
        assert!(matches!(kind, "admission" | "place"), "{message}");
    }
    server.stop().await;
}

#[tokio::test]
async fn whoever_waits_for_the_host_is_let_in_when_the_host_comes() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let mut guests = Channel::open(&server, &meeting, &guest, None).await;
    assert_eq!(guests.next().await["admission"], "host_absent");

    owner.come(&meeting, "Amy").await;

    assert_eq!(
        guests.event("admission").await["event"]["admission"],
        "admitted"
    );
    assert_eq!(guests.next().await["type"], "welcome");
    server.stop().await;
}

#[tokio::test]
async fn a_reconnection_is_told_what_it_missed() {
    let (server, meeting, host) = open_meeting().await;
    let mut channel = Channel::open(&server, &meeting, &host, None).await;
    let known = channel.next().await["seq"].as_u64().unwrap();
    channel.hang_up().await;
    Caller::nobody(&server).knock(&meeting, "Bo").await;

    let mut channel = Channel::open(&server, &meeting, &host, Some(known)).await;

    assert_eq!(channel.next().await["type"], "resumed");
    let knock = channel.event("lobby").await;
    assert_eq!(knock["event"]["entry"]["display_name"], "Bo");
    server.stop().await;
}

#[tokio::test]
async fn a_restart_keeps_the_participants() {
    let (server, meeting, host) = open_meeting().await;
    let mut channel = Channel::open(&server, &meeting, &host, None).await;
    let known = channel.next().await["seq"].as_u64().unwrap();

    let server = server.restart().await;

    assert_eq!(channel.bye().await, "server_stopping");
    let mut channel = Channel::open(&server, &meeting, &host, Some(known)).await;
    let welcome = channel.next().await;
    assert_eq!(
        (&welcome["type"], &welcome["you"]["role"]),
        (&json!("welcome"), &json!("host"))
    );
    server.stop().await;
}

#[tokio::test]
async fn strangers_words_are_answered_with_goodbye() {
    let (server, meeting, host) = open_meeting().await;
    let other = host.make_meeting().await;
    let wrong = Caller {
        credential: Some("wrong".to_owned()),
        ..host.clone()
    };

    let mut channel = Channel::open(&server, &meeting, &wrong, None).await;
    assert_eq!(channel.bye().await, "not_authenticated");
    let mut channel = Channel::open(&server, &other, &host, None).await;
    assert_eq!(channel.bye().await, "not_authenticated");
    for words in [
        "",
        "{}",
        "[[[[",
        r#"{"type":"ack","seq":1}"#,
        r#"{"type":"ping","x":1}"#,
    ] {
        let mut channel = Channel::connect(&server, &meeting).await;
        channel.say(Message::text(words)).await;
        assert_eq!(channel.bye().await, "malformed", "{words}");
    }
    let mut channel = Channel::connect(&server, &meeting).await;
    channel.say(Message::text("x".repeat(1_000_000))).await;
    assert!(channel.is_closed().await);
    server.stop().await;
}

// Shows: ABUSE-18.
#[tokio::test]
async fn a_guest_commands_nothing_by_what_they_say_on_a_socket_or_with_a_ticket() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    for words in [
        json!({"type": "lock"}),
        json!({"type": "mute_all", "participant": guest.participant}),
        // As the server says it.
        json!({"type": "event", "seq": 2, "revision": 9, "event": {"kind": "meeting_ended", "cause": "host"}}),
    ] {
        let mut theirs = Channel::open(&server, &meeting, &guest, None).await;
        theirs.welcome().await;
        theirs.say(Message::text(words.to_string())).await;
        assert_eq!(theirs.bye().await, "malformed", "{words}");
    }
    let ticket = tickets::ticket(&meeting, &guest).await;
    for (act, of_whom) in [
        ("DeleteRoom", ""),
        ("RemoveParticipant", host.participant.as_str()),
        ("MutePublishedTrack", host.participant.as_str()),
    ] {
        let path = format!("/twirp/livekit.RoomService/{act}");
        let body = json!({"room": meeting.id, "identity": of_whom}).to_string();
        let answer = call(&server, &path, &ticket, &body).await;
        assert!(answer.status().is_client_error(), "{act}");
    }

    let after = host.get(&format!("/meetings/{}", meeting.id)).await;
    assert_eq!(after.body["state"], "live");
    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    let welcome = hosts.welcome().await;
    assert_eq!(welcome["meeting"]["locked"], false);
    assert_eq!(welcome["roster"].as_array().unwrap().len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn a_second_channel_replaces_the_first() {
    let (server, meeting, host) = open_meeting().await;
    let mut first = Channel::open(&server, &meeting, &host, None).await;
    first.next().await;

    let mut second = Channel::open(&server, &meeting, &host, None).await;

    assert_eq!(second.next().await["type"], "welcome");
    assert_eq!(first.bye().await, "replaced");
    second.say(Message::text(r#"{"type":"ping"}"#)).await;
    assert_eq!(second.next().await["type"], "pong");
    server.stop().await;
}

// Shows: REQ-AC-08.
#[tokio::test]
async fn the_end_closes_every_channel_and_every_way_to_media() {
    let (server, meeting, host) = open_meeting().await;
    let nobody = Caller::nobody(&server);
    let guest = nobody.knock(&meeting, "Bo").await;
    let inside = nobody.come(&meeting, "Cy").await;
    let mut media = [
        enter(&server, &meeting, &host).await,
        enter(&server, &meeting, &inside).await,
    ];
    let mut channels = [
        Channel::open(&server, &meeting, &host, None).await,
        Channel::open(&server, &meeting, &guest, None).await,
    ];
    for channel in &mut channels {
        channel.next().await;
    }

    let asked = Instant::now();
    host.post(&format!("/meetings/{}/end", meeting.id)).await;

    for channel in &mut channels {
        channel.event("meeting_ended").await;
        assert_eq!(channel.bye().await, "meeting_ended");
        assert!(channel.is_closed().await);
    }
    for socket in &mut media {
        let ends = async { while let Some(Ok(_)) = socket.next().await {} };
        tokio::time::timeout(PATIENCE, ends).await.unwrap();
    }
    assert!(asked.elapsed() < Duration::from_secs(2));
    server.stop().await;
}

#[tokio::test]
async fn whoever_came_while_nothing_could_be_written_is_connected_afterwards() {
    let (server, meeting, host) = open_meeting().await;
    let blockade = server.block_writes().await;
    let channel = Channel::open(&server, &meeting, &host, None).await;
    let channel = channel.welcomed().await;
    let fails = async {
        while server.store().is_ready().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, fails).await.unwrap();

    drop(blockade);

    tickets::wait_until_connected(&server, &host, true).await;
    channel.hang_up().await;
    server.stop().await;
}

// Shows: ABUSE-31.
#[tokio::test]
async fn a_page_of_another_site_opens_no_channel() {
    let (server, meeting, _) = open_meeting_at(Server::executable().await).await;
    let url = format!("{}/api/v1/meetings/{}/channel", server.url(), meeting.id);
    let before = server.entries().await.len();

    let response = reqwest::Client::new()
        .get(url)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("origin", "https://evil.example")
        .send()
        .await
        .unwrap();

    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let entries = server.entries().await.split_off(before);
    let reasons = entries.iter().filter_map(|entry| entry.reason.as_ref());
    let reasons: Vec<_> = reasons.map(Code::as_str).collect();
    assert_eq!(reasons, ["cross_site"]);
    server.stop().await;
}

pub(crate) async fn open_meeting() -> (Server, Made, Caller) {
    open_meeting_at(Server::start().await).await
}

pub(crate) async fn open_meeting_at(server: Server) -> (Server, Made, Caller) {
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    (server, meeting, host)
}

/// A client's end of one channel.
pub(crate) struct Channel(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Channel {
    async fn connect(server: &Server, meeting: &Made) -> Self {
        let url = format!(
            "{}/api/v1/meetings/{}/channel",
            server.socket_url(),
            meeting.id
        );
        let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        Self(socket)
    }

    /// Connects and says hello.
    pub(crate) async fn open(
        server: &Server,
        meeting: &Made,
        caller: &Caller,
        after: Option<u64>,
    ) -> Self {
        let mut channel = Self::connect(server, meeting).await;
        let hello = json!({"type": "hello", "credential": caller.credential, "after": after});
        channel.say(Message::text(hello.to_string())).await;
        channel
    }

    /// Once the server has answered the hello.
    pub(crate) async fn welcomed(mut self) -> Self {
        assert_eq!(self.next().await["type"], "welcome");
        self
    }

    pub(crate) async fn say(&mut self, message: Message) {
        // The server may have closed already: what it said is read next.
        let _closed = self.0.send(message).await;
    }

    /// The next message; an acknowledgement is not waited for.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await;
            match message.expect("the server says nothing").unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("not a message: {other:?}"),
            }
        }
    }

    /// The next whole state; what comes before it is passed over.
    pub(crate) async fn welcome(&mut self) -> Value {
        loop {
            let message = self.next().await;
            if message["type"] == "welcome" {
                return message;
            }
            assert_ne!(message["type"], "bye", "{message}");
        }
    }

    /// The next event of this kind; others before it are passed over.
    pub(crate) async fn event(&mut self, kind: &str) -> Value {
        loop {
            let message = self.next().await;
            if message["event"]["kind"] == kind {
                return message;
            }
            assert_ne!(message["type"], "bye", "{message}");
        }
    }

    pub(crate) async fn bye(&mut self) -> String {
        loop {
            let message = self.next().await;
            if message["type"] == "bye" {
                return message["reason"].as_str().unwrap().to_owned();
            }
        }
    }

    pub(crate) async fn is_closed(&mut self) -> bool {
        let message = tokio::time::timeout(PATIENCE, self.0.next()).await;
        !matches!(message, Ok(Some(Ok(Message::Text(_)))) | Err(_))
    }

    /// Why the server closed.
    pub(crate) async fn said_goodbye(mut self) -> String {
        self.bye().await
    }

    pub(crate) async fn hang_up(mut self) {
        self.0.close(None).await.unwrap();
        while self.0.next().await.is_some() {}
    }
}

const PATIENCE: Duration = Duration::from_secs(20);
