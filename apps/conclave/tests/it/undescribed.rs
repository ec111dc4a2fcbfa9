//! What is served beside the described API: each route is on a list, and answers whoever has shown nothing as the list says.
//!
//! The described ones are in the table of `access`.

use std::collections::BTreeSet;
use std::path::Path;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode};
use tokio_tungstenite::tungstenite;

use crate::outgoing::sources;
use crate::server_in_a_box::Server;

/// Whatever puts something at an address. What the description knows is `.routes(`.
const WAYS: [&str; 5] = [
    ".route(",
    ".route_service(",
    ".nest(",
    ".nest_service(",
    ".fallback_service(",
];

/// By file, as the source has it.
const KNOWN: [(&str, &str); 22] = [
    // The described API itself, its description, and what is not there.
    ("http.rs", r#""/api/v1""#),
    ("http.rs", r#""/api/v1/openapi.json""#),
    ("http.rs", r#""/api/{*rest}""#),
    ("http/probes.rs", r#""/livez""#),
    ("http/probes.rs", r#""/readyz""#),
    ("http/probes.rs", r#""/metrics""#),
    ("http/scim.rs", "BASE"),
    ("http/scim.rs", r#""/ServiceProviderConfig""#),
    ("http/scim.rs", r#""/ResourceTypes""#),
    ("http/scim.rs", r#""/Schemas""#),
    ("http/scim.rs", r#""/Users""#),
    ("http/scim.rs", r#""/Users/{user}""#),
    ("http/scim.rs", r#""/Groups""#),
    ("http/scim.rs", r#""/Groups/{group}""#),
    // `PAGES`, and the files that they are made of.
    ("http/web.rs", "path"),
    ("http/web.rs", r#""/assets/{*path}""#),
    ("http/web.rs", r#""/{file}""#),
    // LiveKit's, with one slash and with two.
    ("livekit.rs", r#"&format!("{slashes}rtc")"#),
    ("livekit.rs", r#"&format!("{slashes}rtc/v1")"#),
    ("livekit.rs", r#"&format!("{slashes}rtc/validate")"#),
    ("livekit.rs", r#"&format!("{slashes}rtc/v1/validate")"#),
    ("livekit.rs", r#"&format!("{slashes}twirp/{{*method}}")"#),
];

// Shows: REQ-ID-04.
#[test]
fn every_route_that_is_not_described_is_on_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources(&root);
    let found = files.iter().flat_map(|file| routed(&root, file));

    let known = KNOWN.map(|(file, argument)| (file.to_owned(), argument.to_owned()));
    assert_eq!(BTreeSet::from_iter(found), BTreeSet::from(known));
    let pages = std::fs::read_to_string(root.join("http/web.rs")).unwrap();
    let (_, pages) = pages.split_once("const PAGES: &[&str] = &[").unwrap();
    let (pages, _) = pages.split_once("];").unwrap();
    let pages = pages.split(',').map(|page| page.trim().trim_matches('"'));
    let pages: BTreeSet<_> = pages.filter(|page| !page.is_empty()).collect();
    assert_eq!(pages, BTreeSet::from(PAGES.map(|(page, _)| page)));
}

/// What a file puts where, outside of its tests.
fn routed(root: &Path, file: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(file).unwrap();
    let (program, _tests) = text
        .split_once("#[cfg(test)]\nmod tests")
        .unwrap_or((&text, ""));
    if !program.contains("Router") {
        return Vec::new();
    }
    let name = file.strip_prefix(root).unwrap().to_str().unwrap();
    let calls = WAYS.into_iter().flat_map(|way| program.split(way).skip(1));
    calls
        .map(|call| {
            let (argument, _) = call.split_once(',').unwrap();
            (name.to_owned(), argument.trim().to_owned())
        })
        .collect()
}

/// A page says nothing but what it is made of: it asks the API.
const PAGES: [(&str, &str); 20] = [
    ("/", "/"),
    ("/sign-in", "/sign-in"),
    ("/signed-in", "/signed-in"),
    ("/setup", "/setup"),
    ("/account", "/account"),
    ("/meet", "/meet"),
    ("/meet/{*rest}", "/meet/new"),
    ("/j/{code}", "/j/123-456-789"),
    ("/invited", "/invited"),
    ("/requested", "/requested"),
    ("/reset", "/reset"),
    ("/email", "/email"),
    ("/forgot", "/forgot"),
    ("/ask", "/ask"),
    ("/help", "/help"),
    ("/support", "/support"),
    ("/support/{session}", "/support/0190b5c8"),
    ("/emergency", "/emergency"),
    ("/emergency/{*rest}", "/emergency/uses"),
    ("/admin/{*rest}", "/admin/people"),
];

/// To whoever has shown nothing.
const ANSWERS: [(&str, u16); 29] = [
    ("GET /livez", 200),
    ("GET /readyz", 200),
    // On the operator's listener alone.
    ("GET /metrics", 404),
    ("GET /api/v1/openapi.json", 200),
    ("GET /api/v1/nothing", 404),
    ("GET /api/v2/meetings", 404),
    ("GET /assets/nothing.js", 404),
    ("GET /nothing.txt", 404),
    // Not as a WebSocket.
    ("GET /rtc", 404),
    ("GET /rtc/v1", 404),
    ("GET /rtc/validate", 401),
    ("GET //rtc/validate", 401),
    ("GET /rtc/v1/validate", 401),
    ("GET /twirp/livekit.RoomService/ListRooms", 404),
    ("POST /twirp/livekit.RoomService/ListRooms", 401),
    ("POST /twirp/livekit.RoomService/DeleteRoom", 401),
    ("POST //twirp/livekit.RoomService/ListRooms", 401),
    ("POST /twirp/livekit.Egress/ListEgress", 404),
    ("GET /scim/v2/ServiceProviderConfig", 401),
    ("GET /scim/v2/ResourceTypes", 401),
    ("GET /scim/v2/Schemas", 401),
    ("GET /scim/v2/Users", 401),
    ("POST /scim/v2/Users", 401),
    (
        "PATCH /scim/v2/Users/0190b5c8-7f6e-7000-8000-000000000001",
        401,
    ),
    (
        "DELETE /scim/v2/Users/0190b5c8-7f6e-7000-8000-000000000001",
        401,
    ),
    ("GET /scim/v2/Groups", 401),
    ("POST /scim/v2/Groups", 401),
    (
        "PUT /scim/v2/Groups/0190b5c8-7f6e-7000-8000-000000000001",
        401,
    ),
    ("GET /scim/v2/nothing", 404),
];

// Shows: REQ-ID-04.
#[tokio::test]
async fn beside_the_described_api_nothing_is_open_that_is_not_on_the_list() {
    let server = Server::start().await;
    let client = Client::new();

    for (route, expected) in ANSWERS {
        let (method, path) = route.split_once(' ').unwrap();
        let request = client.request(method.parse().unwrap(), server.url() + path);
        let request = match method {
            "GET" => request,
            _ => request.header(CONTENT_TYPE, "application/json").body("{}"),
        };
        assert_eq!(request.send().await.unwrap().status(), expected, "{route}");
    }
    for (page, address) in PAGES {
        let answer = client.get(server.url() + address).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{page}");
    }
    for path in ["/rtc", "//rtc", "/rtc/v1", "//rtc/v1"] {
        let url = format!("{}{path}?protocol=17", server.socket_url());
        let refused = tokio_tungstenite::connect_async(url).await.err();
        let Some(tungstenite::Error::Http(answer)) = refused else {
            panic!("{path} did not answer");
        };
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    server.stop().await;
}
