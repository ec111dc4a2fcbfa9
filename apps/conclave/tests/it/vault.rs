//! An account's vault: kept as it was sent, moved on by one browser at a time, seen by nobody else.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_audit::{Event, Outcome};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::caller::{Answer, Caller};
use crate::server_in_a_box::Server;

const ADDED: u8 = 1;
const REMOVED: u8 = 2;

#[tokio::test]
async fn a_vault_is_kept_and_each_version_follows_one() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let account = account(&owner).await;
    assert_eq!(vault(&owner).await["vault"], Value::Null);

    let first = [entry(account, 0, ADDED)];
    assert_eq!(put(&owner, 0, "AAAA", &first).await.code(), "");
    let second = [entry(account, 1, ADDED), entry(account, 2, REMOVED)];
    assert_eq!(put(&owner, 1, "AAAB", &second).await.code(), "");
    assert_eq!(put(&owner, 2, "AAAC", &[]).await.code(), "");

    let kept = vault(&owner).await;
    assert_eq!(kept["vault"], json!({"version": 3, "sealed": "AAAC"}));
    assert_eq!(kept["devices"], json!([first[0], second[0], second[1]]));
    let entries = server.entries().await;
    let changes: Vec<_> = entries
        .iter()
        .filter_map(|entry| match entry.event {
            Event::AccountVaultChange {
                version,
                added,
                removed,
                ..
            } => Some((version, added, removed)),
            _ => None,
        })
        .collect();
    assert_eq!(changes, [(1, 1, 0), (2, 1, 1), (3, 0, 0)]);
    server.stop().await;
}

#[tokio::test]
async fn of_two_browsers_that_change_it_at_once_one_is_told_to_read_again() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let account = account(&owner).await;
    let first = [entry(account, 0, ADDED)];
    put(&owner, 0, "AAAA", &first).await;

    let (one, two) = tokio::join!(put(&owner, 1, "AAAB", &[]), put(&owner, 1, "AAAC", &[]));

    let mut codes = [one.code(), two.code()];
    codes.sort();
    assert_eq!(codes, ["", "vault_moved_on"]);
    for previous in [0, 1, 3] {
        let late = put(&owner, previous, "AAAD", &[]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
    }
    let refused = server.entries().await.pop().unwrap();
    assert_eq!(refused.event.name(), "account.vault_change");
    assert_eq!(refused.outcome, Outcome::Refused);
    server.stop().await;
}

#[tokio::test]
async fn a_list_goes_on_where_it_is_and_nowhere_else() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let account = account(&owner).await;
    put(&owner, 0, "AAAA", &[entry(account, 0, ADDED)]).await;

    for again in [0, 2] {
        let wrong = [entry(account, again, ADDED)];
        assert_eq!(
            put(&owner, 1, "AAAB", &wrong).await.code(),
            "vault_moved_on"
        );
    }
    for wrong in [
        vec![entry(account, 1, ADDED), entry(account, 3, ADDED)],
        vec![entry(Uuid::from_u128(1), 1, ADDED)],
        vec![entry(account, 64, ADDED)],
        vec!["AAAA".to_owned()],
    ] {
        let answer = put(&owner, 1, "AAAB", &wrong).await;
        assert_eq!(answer.code(), "device_list_invalid");
    }
    assert_eq!(vault(&owner).await["vault"]["version"], 1);
    server.stop().await;
}

#[tokio::test]
async fn a_vault_has_a_size() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let sealed = |bytes: usize| URL_SAFE_NO_PAD.encode(vec![7; bytes]);

    assert_eq!(put(&owner, 0, &sealed(256 * 1_024), &[]).await.code(), "");
    let larger = put(&owner, 1, &sealed(256 * 1_024 + 1), &[]).await;
    assert_eq!(larger.code(), "malformed_request");
    let huge = put(&owner, 1, &sealed(512 * 1_024), &[]).await;
    assert_eq!(huge.code(), "body_too_large");
    server.stop().await;
}

#[tokio::test]
async fn a_browser_asks_and_its_request_ends() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let other = Caller::sign_in(&server).await;

    let void = ask(&other, "AAAA").await;
    let asked = ask(&other, "AAAB").await;

    let requests = vault(&owner).await["requests"].clone();
    assert_eq!(requests.as_array().map(Vec::len), Some(1));
    assert_eq!(requests[0]["id"], asked.body["id"]);
    assert_eq!(requests[0]["request"], "AAAB");
    assert_eq!(end(&owner, &void).await.code(), "device_request_not_found");
    assert_eq!(end(&owner, &asked).await.status, StatusCode::NO_CONTENT);
    assert_eq!(vault(&owner).await["requests"], json!([]));

    ask(&other, "AAAC").await;
    assert_eq!(
        other.send(Method::DELETE, "/session", None).await.code(),
        ""
    );
    assert_eq!(vault(&owner).await["requests"], json!([]));

    ask(&Caller::sign_in(&server).await, "AAAD").await;
    server.wait(Duration::from_secs(14 * 60));
    assert_eq!(owner.get("/meetings").await.code(), "");
    server.wait(Duration::from_secs(60));
    assert_eq!(vault(&owner).await["requests"], json!([]));
    server.stop().await;
}

#[tokio::test]
async fn no_more_than_three_ask_at_one_time() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    for _ in 0..3 {
        let answer = ask(&Caller::sign_in(&server).await, "AAAA").await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }

    assert_eq!(ask(&owner, "AAAA").await.code(), "too_many_device_requests");

    server.wait(Duration::from_secs(10 * 60));
    assert_eq!(owner.get("/meetings").await.code(), "");
    server.wait(Duration::from_secs(5 * 60));
    assert_eq!(ask(&owner, "AAAA").await.code(), "");
    server.stop().await;
}

#[tokio::test]
async fn waiting_for_approval_keeps_no_session_open() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;

    for _ in 0..14 {
        server.wait(Duration::from_secs(60));
        assert_eq!(owner.get("/account/vault").await.code(), "");
    }
    server.wait(Duration::from_secs(60));

    assert_eq!(owner.get("/account/vault").await.code(), "not_signed_in");
    server.stop().await;
}

#[tokio::test]
async fn who_is_in_a_meeting_sees_the_list_of_its_hosts_devices_and_not_the_vault() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let account = account(&owner).await;
    let list = [entry(account, 0, ADDED)];
    put(&owner, 0, "AAAA", &list).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let nobody = Caller::nobody(&server);
    let guest = nobody.come(&meeting, "Bo").await;
    let of = |participant: &str| {
        format!(
            "/meetings/{}/participants/{participant}/devices",
            meeting.id
        )
    };

    let seen = guest.get(&of(&host.participant)).await;

    assert_eq!(seen.body, json!({"account": account, "entries": list}));
    for nobody_with_devices in [&guest.participant, &Uuid::from_u128(5).to_string()] {
        let answer = guest.get(&of(nobody_with_devices)).await;
        assert_eq!(answer.code(), "participant_not_found");
    }
    server.stop().await;
}

/// An entry as far as the server reads it.
fn entry(account: Uuid, index: u16, kind: u8) -> String {
    let head = [&[1], &index.to_be_bytes()[..], account.as_bytes()].concat();
    URL_SAFE_NO_PAD.encode([&head[..], &[kind, 7, 7, 7]].concat())
}

async fn account(caller: &Caller) -> Uuid {
    caller
        .get("/session")
        .await
        .text("account")
        .parse()
        .unwrap()
}

async fn vault(caller: &Caller) -> Value {
    let answer = caller.get("/account/vault").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

async fn put(caller: &Caller, previous: u64, sealed: &str, entries: &[String]) -> Answer {
    let body = json!({"previous_version": previous, "sealed": sealed, "entries": entries});
    caller.send(Method::PUT, "/account/vault", Some(body)).await
}

async fn ask(caller: &Caller, request: &str) -> Answer {
    let body = json!({"request": request});
    let path = "/account/device-requests";
    caller.send(Method::POST, path, Some(body)).await
}

async fn end(caller: &Caller, asked: &Answer) -> Answer {
    let path = format!("/account/device-requests/{}", asked.text("id"));
    caller.send(Method::DELETE, &path, None).await
}
