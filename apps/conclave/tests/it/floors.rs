//! What is held: neither who it is held for, nor a directory, nor anything in an address loosens it.

use livekit_protocol as proto;
use proto::TrackSource;
use proto::signal_response::Message as Said;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Caller, Made, verifier};
use crate::policy::{put, set, shows};
use crate::scim::Directory;
use crate::server_in_a_box::Server;
use crate::tickets::{Socket, first_message, ticket};

// Shows: REQ-AC-23.
#[tokio::test]
async fn a_directory_that_says_roles_or_settings_changes_nothing_of_what_is_held() {
    let (server, owner, bo) = held().await;
    let account = bo.account().await;
    let directory = Directory::of(&owner).await;
    let before = explained(&owner, &bo).await;

    for (path, value, status) in [
        ("roles", json!([{"value": "owner"}]), StatusCode::FORBIDDEN),
        (
            "entitlements",
            json!([{"value": "camera"}]),
            StatusCode::FORBIDDEN,
        ),
        ("camera", json!(true), StatusCode::BAD_REQUEST),
        (
            "settings",
            json!({"camera": {"value": true}}),
            StatusCode::BAD_REQUEST,
        ),
        (
            "policy.screen_sharing",
            json!(true),
            StatusCode::BAD_REQUEST,
        ),
        (
            "urn:conclave:policy:camera",
            json!(true),
            StatusCode::BAD_REQUEST,
        ),
    ] {
        let operations = json!([{"op": "add", "path": path, "value": value}]);
        let patched = directory
            .patch(&format!("/Users/{account}"), operations)
            .await;
        assert_eq!(patched.status, status, "{path}: {}", patched.body);
        let mut user = json!({"userName": "cy@riverside.example"});
        user[path] = value;
        let made = directory.send(Method::POST, "/Users", Some(user)).await;
        assert_eq!(made.status, status, "{path}: {}", made.body);
    }

    assert_eq!(explained(&owner, &bo).await, before);
    assert_eq!(bo.get("/session").await.text("role"), "member");
    server.stop().await;
}

// Shows: REQ-AC-23.
#[tokio::test]
async fn nothing_in_an_address_loosens_what_is_held() {
    let (server, owner, bo) = held().await;
    let account = bo.account().await;
    let before = explained(&owner, &bo).await;
    let more = "camera=true&screen_sharing=true&role=owner&floor=off";

    for layer in ["organisation".to_owned(), format!("accounts/{account}")] {
        let loose = json!({"camera": {"value": true}});
        let refused = put(&bo, &format!("{layer}?{more}"), 0, loose).await;
        assert_eq!(refused.code(), "not_allowed", "{layer}");
    }
    let meeting = make_with(&bo, more).await;
    let body = json!({"display_name": "Bo", "invitation_proof": meeting.proof});
    let join = format!("/meetings/{}/join?{more}", meeting.code);
    let joined = bo.send(Method::POST, &join, Some(body)).await;
    assert_eq!(joined.body["admission"], "admitted", "{}", joined.body);
    let host = Caller {
        credential: Some(joined.text("credential")),
        participant: joined.text("participant"),
        ..bo.clone()
    };
    let mut socket = enter_with(&server, &meeting, &host, more).await;

    for held in [TrackSource::Camera, TrackSource::ScreenShare] {
        assert!(!shows(&mut socket, held).await, "{held:?}");
    }
    assert_eq!(explained(&owner, &bo).await, before);
    server.stop().await;
}

/// A server whose operator holds screens and whose organisation holds cameras, and somebody of it.
async fn held() -> (Server, Caller, Caller) {
    let server = Server::start_with(|config| config.policy.screen_sharing = false).await;
    let owner = Caller::owner(&server).await;
    let locked = json!({"camera": {"value": false, "locked": true}});
    set(&owner, "organisation", locked).await;
    let bo = owner.invited("bo.hadley@riverside.example", "member").await;
    (server, owner, bo)
}

/// Of each setting what holds for somebody, and whose word it is.
async fn explained(owner: &Caller, whom: &Caller) -> Value {
    let path = format!("/policies/explain?account={}", whom.account().await);
    let mut explained = owner.get(&path).await;
    assert_eq!(explained.status, StatusCode::OK, "{}", explained.body);
    explained.body["explanations"].take()
}

async fn make_with(caller: &Caller, query: &str) -> Made {
    let body = json!({"title": "T", "invitation_verifier": verifier(b"proof")});
    let path = format!("/meetings?{query}");
    let made = caller.send(Method::POST, &path, Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    Made {
        id: made.text("id"),
        code: made.text("code"),
        proof: "cHJvb2Y".to_owned(),
    }
}

async fn enter_with(server: &Server, meeting: &Made, caller: &Caller, query: &str) -> Socket {
    let ticket = ticket(meeting, caller).await;
    let url = format!(
        "{}/rtc?protocol=17&access_token={ticket}&{query}",
        server.socket_url()
    );
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    assert!(matches!(first_message(&mut socket).await, Said::Join(_)));
    socket
}
