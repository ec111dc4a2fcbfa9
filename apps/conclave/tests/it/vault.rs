//! An account's vault: kept as it was sent, moved on by one browser at a time, seen by nobody else.

use std::time::Duration;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use conclave_audit::{Event, Outcome};
use conclave_policy::device_list::DeviceList;
use conclave_policy::vault;
use conclave_protocol::AccountId;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::browser::{ADDED, Browser, REMOVED};
use crate::caller::{Answer, Caller};
use crate::server_in_a_box::Server;

#[tokio::test]
async fn a_vault_is_kept_and_each_version_follows_one() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let mut browser = Browser::of(owner.account().await);
    assert_eq!(vault(&owner).await["vault"], Value::Null);

    let mut list = vec![browser.own_entry()];
    let first = browser.version(b"one", &list);
    assert_eq!(put(&owner, &first).await.code(), "");
    let other = browser.another();
    list.extend([browser.entry(ADDED, &other), browser.entry(REMOVED, &other)]);
    let second = browser.version(b"two", &list[1..]);
    assert_eq!(put(&owner, &second).await.code(), "");
    let third = browser.version(b"three", &[]);
    assert_eq!(put(&owner, &third).await.code(), "");

    let kept = vault(&owner).await;
    assert_eq!(
        kept["vault"],
        json!({"version": 3, "sealed": third["sealed"]})
    );
    assert_eq!(kept["devices"], json!(list));
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
    let mut browser = founded(&owner).await;
    let versions = [b"B", b"C"].map(|content| browser.clone().version(content, &[]));

    let (one, two) = tokio::join!(put(&owner, &versions[0]), put(&owner, &versions[1]));

    let mut codes = [one.code(), two.code()];
    codes.sort();
    assert_eq!(codes, ["", "vault_moved_on"]);
    for previous in [0, 1, 3] {
        let mut late = browser.version(b"D", &[]);
        late["previous_version"] = json!(previous);
        assert_eq!(put(&owner, &late).await.status, StatusCode::CONFLICT);
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
    let browser = founded(&owner).await;
    let other = browser.another();

    let again = Browser::of(owner.account().await).own_entry();
    let mut ahead = browser.clone();
    let (second, third) = (ahead.entry(ADDED, &other), ahead.entry(REMOVED, &other));
    let fourth = ahead.entry(ADDED, &other);
    for wrong in [&again, &third] {
        let wrong = browser.clone().version(b"B", std::slice::from_ref(wrong));
        assert_eq!(put(&owner, &wrong).await.code(), "vault_moved_on");
    }
    let of_another = Browser::of(Uuid::from_u128(1)).own_entry();
    let by_another = browser.thief().entry(ADDED, &other);
    for wrong in [
        vec![second, fourth],
        vec![of_another],
        vec![by_another],
        vec!["AAAA".to_owned()],
    ] {
        let wrong = browser.clone().version(b"B", &wrong);
        assert_eq!(put(&owner, &wrong).await.code(), "device_list_invalid");
    }
    assert_eq!(vault(&owner).await["vault"]["version"], 1);
    server.stop().await;
}

/// Whoever has taken over a session, or was removed from the list, has not the keys.
#[tokio::test]
async fn only_a_browser_of_the_list_changes_the_vault() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let mut browser = founded(&owner).await;
    let other = browser.another();
    let entries = [browser.entry(ADDED, &other), browser.entry(REMOVED, &other)];
    let second = browser.version(b"two", &entries);
    assert_eq!(put(&owner, &second).await.code(), "");

    let junk = json!({"previous_version": 2, "sealed": "AAAA", "entries": []});
    let by_thief = browser.thief().version(b"three", &[]);
    let by_removed = browser.another().version(b"three", &[]);
    let from_another = browser.instead(b"lost").version(b"three", &[]);
    for wrong in [junk, by_thief, by_removed, from_another] {
        assert_eq!(put(&owner, &wrong).await.code(), "vault_invalid");
        let refused = server.entries().await.pop().unwrap();
        assert_eq!(refused.outcome, Outcome::Refused);
        assert_eq!(refused.event.name(), "account.vault_change");
    }

    let kept = vault(&owner).await;
    assert_eq!(
        kept["vault"],
        json!({"version": 2, "sealed": second["sealed"]})
    );
    assert_eq!(
        put(&owner, &browser.version(b"three", &[])).await.code(),
        ""
    );
    server.stop().await;
}

/// Bytes that `core/e2ee` has written, which the server does not link.
#[test]
fn what_browsers_write_is_what_the_server_reads() {
    let account = AccountId(Uuid::from_bytes([3; 16]));
    let entry = include_bytes!("../../../../core/e2ee/testdata/ours/device_entry");
    let sealed = include_bytes!("../../../../core/e2ee/testdata/ours/vault");
    let verify = |key: &[u8; 32], content: &[u8], signature: &[u8; 64]| {
        let key = UnparsedPublicKey::new(&ED25519, key);
        key.verify(content, signature).is_ok()
    };

    let mut list = DeviceList::kept(account, []).unwrap();
    list.append(entry, verify).unwrap();

    assert!(vault::check(&list, 1, (sealed, None), verify).is_ok());
    assert!(vault::check(&list, 2, (sealed, None), verify).is_err());
}

#[tokio::test]
async fn a_vault_has_a_size() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let mut browser = Browser::of(owner.account().await);
    let entries = [browser.own_entry()];
    let mut of = |bytes: usize, entries: &[String]| {
        // Format, device, the version before, two signatures.
        browser.version(&vec![7; bytes - 193], entries)
    };

    let largest = of(256 * 1_024, &entries);
    assert_eq!(put(&owner, &largest).await.code(), "");
    let larger = put(&owner, &of(256 * 1_024 + 1, &[])).await;
    assert_eq!(larger.code(), "malformed_request");
    let huge = put(&owner, &of(512 * 1_024, &[])).await;
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
    let account = owner.account().await;
    let mut browser = Browser::of(account);
    let list = [browser.own_entry()];
    let first = browser.version(b"one", &list);
    assert_eq!(put(&owner, &first).await.code(), "");
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

/// The account's first browser, with its vault.
async fn founded(owner: &Caller) -> Browser {
    let mut browser = Browser::of(owner.account().await);
    let entries = [browser.own_entry()];
    let first = browser.version(b"one", &entries);
    assert_eq!(put(owner, &first).await.code(), "");
    browser
}

async fn vault(caller: &Caller) -> Value {
    let answer = caller.get("/account/vault").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

async fn put(caller: &Caller, body: &Value) -> Answer {
    let body = Some(body.clone());
    caller.send(Method::PUT, "/account/vault", body).await
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
