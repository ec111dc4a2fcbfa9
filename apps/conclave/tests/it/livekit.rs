//! LiveKit's HTTP surface, as SDKs probe it: statuses, texts, CORS, and who may enter.

use std::time::{Duration, SystemTime};

use conclave::config::ApiSecret;
use conclave_audit::Outcome;
use conclave_livekit::token::{self, Claims, VideoGrants};
use futures_util::StreamExt;
use livekit_protocol as proto;
use prost::Message;
use reqwest::{Client, Method, Response, StatusCode, header};
use tokio::time::timeout;
use tokio_tungstenite::{connect_async, tungstenite};

use crate::caller::Caller;
use crate::server_in_a_box::Server;

const PATHS: [&str; 2] = ["/rtc", "/rtc/v1"];

#[tokio::test]
async fn validate_says_success_to_a_good_token_and_lets_any_page_read_it() {
    let server = Server::start().await;

    for path in PATHS {
        let response = validate(&server, path, &token("ann", "ward")).await;

        assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.text().await.unwrap(), "success");
    }
    server.stop().await;
}

#[tokio::test]
async fn validate_and_the_upgrade_refuse_alike() {
    let server = Server::start().await;
    let no_grant = signed("ann", VideoGrants::default());
    let no_room = signed("ann", grants(""));
    let meeting = "meeting:0190b5c8-7f6e-7000-8000-000000000001";

    for path in PATHS {
        for (token, status) in [
            (String::new(), StatusCode::UNAUTHORIZED),
            ("nonsense".to_owned(), StatusCode::UNAUTHORIZED),
            (no_grant.clone(), StatusCode::UNAUTHORIZED),
            (no_room.clone(), StatusCode::BAD_REQUEST),
            (token("", "ward"), StatusCode::BAD_REQUEST),
            (token(&"x".repeat(257), "ward"), StatusCode::BAD_REQUEST),
            (token("ann", meeting), StatusCode::UNAUTHORIZED),
        ] {
            let validated = validate(&server, path, &token).await.status();
            let upgraded = refused_upgrade(&server, path, &token).await;

            assert_eq!((validated, upgraded), (status, status), "{path}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_configured_key_is_nobodys_before_there_is_an_owner() {
    let secret = "a secret of thirty-two characters";
    let server = Server::start_with(|config| {
        config.dev = false;
        config.media.advertise = vec![std::net::Ipv4Addr::LOCALHOST.into()];
        config.allow_api_keys = true;
        let secret = ApiSecret::new(secret.to_owned());
        config.api_keys.insert("ward".to_owned(), secret);
    })
    .await;
    let own = signed_with("ward", secret, "ann", grants("ward"));

    let before = validate(&server, "/rtc", &own).await.status();
    Caller::owner(&server).await;
    let after = validate(&server, "/rtc", &own).await.status();
    let dev = validate(&server, "/rtc", &token("ann", "ward"))
        .await
        .status();

    assert_eq!(
        (before, after, dev),
        (
            StatusCode::UNAUTHORIZED,
            StatusCode::OK,
            StatusCode::UNAUTHORIZED
        )
    );
    server.stop().await;
}

#[tokio::test]
async fn a_key_is_not_refused_because_its_owner_can_not_be_read() {
    let secret = "a secret of thirty-two characters";
    let server = Server::start_with(|config| {
        config.dev = false;
        config.media.advertise = vec![std::net::Ipv4Addr::LOCALHOST.into()];
        config.allow_api_keys = true;
        let secret = ApiSecret::new(secret.to_owned());
        config.api_keys.insert("ward".to_owned(), secret);
    })
    .await;
    let own = signed_with("ward", secret, "ann", grants("ward"));
    server
        .tamper("ALTER TABLE account RENAME TO elsewhere")
        .await;

    let joins = validate(&server, "/rtc", &own).await.status();
    let calls = call(&server, "/twirp/livekit.RoomService/ListRooms", &own, "{}").await;

    assert_eq!(joins, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(calls.status(), StatusCode::SERVICE_UNAVAILABLE);
    server.stop().await;
}

#[tokio::test]
async fn a_join_request_that_cannot_be_read_is_a_bad_request() {
    let server = Server::start().await;

    for (path, query) in [
        ("/rtc/v1", "x=1"),
        ("/rtc/v1", "join_request=%21"),
        ("/rtc", "join_request=%21"),
        ("/rtc", "protocol=8"),
        ("/rtc", "protocol=17&attributes=%21"),
    ] {
        let url = format!("{}{path}/validate?{query}", server.url());
        let response = Client::new()
            .get(url)
            .bearer_auth(token("ann", "ward"))
            .send()
            .await;

        assert_eq!(
            response.unwrap().status(),
            StatusCode::BAD_REQUEST,
            "{query}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn without_an_upgrade_there_is_nothing_at_the_paths_of_signalling() {
    let server = Server::start().await;

    for path in PATHS {
        let response = get(&server, path, &token("ann", "ward")).await;

        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_second_slash_is_forgiven() {
    let server = Server::start().await;

    let response = validate(&server, "//rtc", &token("ann", "ward")).await;

    assert_eq!(response.status(), StatusCode::OK);
    server.stop().await;
}

#[tokio::test]
async fn the_first_message_is_the_join_and_a_fresh_token_follows() {
    let server = Server::start().await;

    let (mut socket, _) = connect_async(upgrade(&server, "/rtc", &token("ann", "ward")))
        .await
        .unwrap();

    let proto::signal_response::Message::Join(join) = next(&mut socket).await else {
        panic!("the first message is not the join");
    };
    assert_eq!(join.room.unwrap().name, "ward");
    assert_eq!(join.participant.unwrap().identity, "ann");
    let refreshed = loop {
        if let proto::signal_response::Message::RefreshToken(token) = next(&mut socket).await {
            break token;
        }
    };
    let claims = token::verify(&refreshed, b"secret", SystemTime::now())
        .ok()
        .unwrap();
    assert_eq!(claims.identity, "ann");
    assert!(
        claims
            .video
            .is_some_and(|grants| grants.room_join && grants.room == "ward")
    );
    server.stop().await;
}

#[tokio::test]
async fn a_developers_join_that_the_room_does_not_take_is_recorded_as_failed() {
    let server = Server::start_with(|config| config.limits.meetings = 1).await;
    let own = token("ann", "ward");
    let (mut taken, _) = connect_async(upgrade(&server, "/rtc", &own)).await.unwrap();
    next(&mut taken).await;

    let elsewhere = token("ann", "another ward");
    let (mut socket, _) = connect_async(upgrade(&server, "/rtc", &elsewhere))
        .await
        .unwrap();

    let first = next(&mut socket).await;
    assert!(matches!(first, proto::signal_response::Message::Leave(_)));
    let entries = server.entries().await;
    let joins = entries
        .iter()
        .filter(|entry| entry.event.name() == "developer.join");
    let outcomes: Vec<_> = joins.map(|entry| entry.outcome).collect();
    assert_eq!(outcomes, [Outcome::Done, Outcome::Done, Outcome::Failed]);
    server.stop().await;
}

#[tokio::test]
async fn a_developers_resume_goes_on_while_nothing_can_be_written() {
    let server = Server::start().await;
    let own = token("ann", "ward");
    let (mut socket, _) = connect_async(upgrade(&server, "/rtc", &own)).await.unwrap();
    next(&mut socket).await;
    let blockade = server.block_writes().await;

    let url = format!(
        "{}/rtc?protocol=17&reconnect=1&access_token={own}",
        server.socket_url()
    );
    let (mut socket, _) = connect_async(url).await.unwrap();

    let answer = timeout(Duration::from_secs(30), next(&mut socket)).await;
    assert!(matches!(
        answer.unwrap(),
        proto::signal_response::Message::Reconnect(_)
    ));
    drop(blockade);
    server.stop().await;
}

#[tokio::test]
async fn whoever_sends_json_is_answered_in_json() {
    use futures_util::SinkExt;

    let server = Server::start().await;
    let (mut socket, _) = connect_async(upgrade(&server, "/rtc", &token("ann", "ward")))
        .await
        .unwrap();
    next(&mut socket).await;

    let ping = r#"{"pingReq":{"timestamp":"7"}}"#;
    socket.send(tungstenite::Message::text(ping)).await.unwrap();

    let pong = loop {
        let frame = socket.next().await.unwrap().unwrap();
        if let tungstenite::Message::Text(text) = frame
            && text.contains("pongResp")
        {
            break text;
        }
    };
    assert!(pong.contains(r#""lastPingTimestamp":"7""#), "{pong}");
    server.stop().await;
}

#[tokio::test]
async fn a_frame_over_the_limit_ends_the_connection_and_no_other() {
    use futures_util::SinkExt;

    let server = Server::start().await;
    let join = async |identity| {
        connect_async(upgrade(&server, "/rtc", &token(identity, "ward")))
            .await
            .unwrap()
            .0
    };
    let mut ann = join("ann").await;
    let mut bob = join("bob").await;

    let long = vec![0; 2 * 1024 * 1024];
    let _refused = ann.send(tungstenite::Message::binary(long)).await;
    while let Some(Ok(_)) = ann.next().await {}

    let ping = r#"{"pingReq":{"timestamp":"7"}}"#;
    bob.send(tungstenite::Message::text(ping)).await.unwrap();
    while !matches!(bob.next().await, Some(Ok(tungstenite::Message::Text(_)))) {}
    server.stop().await;
}

#[tokio::test]
async fn errors_of_the_server_api_are_twirps() {
    let server = Server::start().await;
    let lister = signed(
        "",
        VideoGrants {
            room_list: true,
            ..VideoGrants::default()
        },
    );
    let wrong = lister.replace('.', "x");

    for (method, path, token, body, status, code) in [
        (
            Method::POST,
            "RoomService/ListRooms",
            &lister,
            "{}",
            200,
            "",
        ),
        (
            Method::GET,
            "RoomService/ListRooms",
            &lister,
            "{}",
            404,
            "bad_route",
        ),
        (
            Method::POST,
            "RoomService/Nothing",
            &lister,
            "{}",
            404,
            "bad_route",
        ),
        (
            Method::POST,
            "Egress/ListEgress",
            &lister,
            "{}",
            404,
            "bad_route",
        ),
        (
            Method::POST,
            "RoomService/ListRooms",
            &wrong,
            "{}",
            401,
            "unauthenticated",
        ),
        (
            Method::POST,
            "RoomService/ListRooms",
            &lister,
            "{",
            400,
            "malformed",
        ),
        (
            Method::POST,
            "RoomService/PerformRpc",
            &lister,
            "{}",
            501,
            "unimplemented",
        ),
        (
            Method::POST,
            "RoomService/CreateRoom",
            &lister,
            r#"{"name":"x"}"#,
            403,
            "permission_denied",
        ),
    ] {
        let url = format!("{}/twirp/livekit.{path}", server.url());
        let response = Client::new()
            .request(method, url)
            .bearer_auth(token)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .send()
            .await
            .unwrap();

        assert_eq!(response.status(), status, "{path}");
        let answer: serde_json::Value = response.json().await.unwrap();
        assert_eq!(answer["code"].as_str().unwrap_or(""), code, "{path}");
    }
    server.stop().await;
}

/// One call of the server API, in JSON.
pub(crate) async fn call(server: &Server, path: &str, token: &str, body: &str) -> Response {
    let request = Client::new().post(format!("{}{path}", server.url()));
    request
        .bearer_auth(token)
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.to_owned())
        .send()
        .await
        .unwrap()
}

async fn validate(server: &Server, path: &str, token: &str) -> Response {
    let request = join_request();
    get(
        server,
        &format!("{path}/validate?join_request={request}"),
        token,
    )
    .await
}

async fn get(server: &Server, path_and_query: &str, token: &str) -> Response {
    let request = Client::new().get(format!("{}{path_and_query}", server.url()));
    request
        .header(header::ORIGIN, "https://elsewhere.example")
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
}

async fn refused_upgrade(server: &Server, path: &str, token: &str) -> StatusCode {
    let error = connect_async(upgrade(server, path, token)).await;
    match error {
        Err(tungstenite::Error::Http(response)) => response.status(),
        other => panic!("expected a refusal, not {:?}", other.map(|_| ())),
    }
}

/// As SDKs do it: a header for the token, the rest in the query.
fn upgrade(server: &Server, path: &str, token: &str) -> tungstenite::http::Request<()> {
    use tungstenite::client::IntoClientRequest;

    let url = match path {
        "/rtc" => format!("{}/rtc?protocol=17&auto_subscribe=1", server.url()),
        _ => format!("{}{path}?join_request={}", server.url(), join_request()),
    };
    let mut request = url.replacen("http", "ws", 1).into_client_request().unwrap();
    let bearer = format!("Bearer {token}").parse().unwrap();
    request.headers_mut().insert("authorization", bearer);
    request
}

fn join_request() -> String {
    use base64::Engine;

    let request = proto::JoinRequest {
        client_info: Some(proto::ClientInfo {
            protocol: 17,
            ..Default::default()
        }),
        ..Default::default()
    };
    let wrapped = proto::WrappedJoinRequest {
        compression: 0,
        join_request: request.encode_to_vec(),
    };
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(wrapped.encode_to_vec())
}

async fn next<S>(socket: &mut S) -> proto::signal_response::Message
where
    S: futures_util::Stream<Item = tungstenite::Result<tungstenite::Message>> + Unpin,
{
    loop {
        let frame = socket.next().await.unwrap().unwrap();
        if let tungstenite::Message::Binary(bytes) = frame {
            let response = proto::SignalResponse::decode(bytes).unwrap();
            return response.message.unwrap();
        }
    }
}

pub(crate) fn token(identity: &str, room: &str) -> String {
    signed(identity, grants(room))
}

fn grants(room: &str) -> VideoGrants {
    VideoGrants {
        room_join: true,
        room: room.to_owned(),
        ..VideoGrants::default()
    }
}

pub(crate) fn signed(identity: &str, grants: VideoGrants) -> String {
    signed_with("devkey", "secret", identity, grants)
}

fn signed_with(key: &str, secret: &str, identity: &str, grants: VideoGrants) -> String {
    let claims = Claims {
        issuer: key.to_owned(),
        identity: identity.to_owned(),
        video: Some(grants),
        ..Claims::default()
    };
    let claims = claims.valid_for(SystemTime::now(), Duration::from_secs(600));
    token::sign(&claims, secret.as_bytes()).ok().unwrap()
}
