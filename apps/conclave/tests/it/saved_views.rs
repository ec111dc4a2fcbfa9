//! Views that people save: whose they are, who opens them, and what they leave on record.

use conclave_audit::Outcome;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller};
use crate::server_in_a_box::Server;

pub(crate) fn saved_view() -> Value {
    let filter = json!({"kind": "report", "report": "usage", "span": {"last_days": 30}});
    json!({"name": "Usage", "is_shared": false, "filter": filter})
}

async fn save(caller: &Caller, name: &str, is_shared: bool, filter: Value) -> Answer {
    let body = json!({"name": name, "is_shared": is_shared, "filter": filter});
    caller.send(Method::POST, "/admin/views", Some(body)).await
}

async fn names(caller: &Caller) -> Vec<String> {
    let list = caller.get("/admin/views").await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.body);
    let views = list.body["views"].as_array().unwrap().iter();
    views
        .map(|view| view["name"].as_str().unwrap().to_owned())
        .collect()
}

fn of_the_log() -> Value {
    json!({"kind": "audit", "span": {}, "event": "auth.fail"})
}

/// Somebody of a role, whose session counts as one of two factors.
async fn colleague(server: &Server, owner: &Caller, role: &str) -> Caller {
    let email = format!("{role}@riverside.example");
    let caller = owner.invited(&email, role).await;
    server
        .tamper("UPDATE web_session SET assurance = 'totp'")
        .await;
    caller
}

// Shows: REQ-AU-08.
#[tokio::test]
async fn a_view_is_kept_shared_and_opened_by_who_may_read_what_it_shows() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let manager = colleague(&server, &owner, "account_manager").await;
    let auditor = colleague(&server, &owner, "auditor").await;

    let own = save(&owner, "Mine", false, of_the_log()).await;
    assert_eq!(own.status, StatusCode::CREATED, "{}", own.body);
    let shared = save(&owner, "Guesses", true, of_the_log()).await;
    let report = saved_view()["filter"].clone();
    save(&auditor, "Usage", true, report).await;

    assert_eq!(names(&owner).await, ["Guesses", "Mine", "Usage"]);
    assert_eq!(names(&auditor).await, ["Guesses", "Usage"]);
    assert_eq!(names(&manager).await, ["Usage"]);
    let path = format!("/admin/views/{}", shared.text("id"));
    let opened = auditor.get(&path).await;
    assert_eq!(opened.body["filter"], of_the_log(), "{}", opened.body);
    assert_eq!(opened.body["by_name"], "Amy Weatherwax");
    assert_eq!(manager.get(&path).await.code(), "not_allowed");
    let refused = save(&manager, "Guesses", false, of_the_log()).await;
    assert_eq!(refused.code(), "not_allowed");
    let private = format!("/admin/views/{}", own.text("id"));
    assert_eq!(auditor.get(&private).await.code(), "saved_view_not_found");

    // A name is its maker's; owners and admins tidy what is shared.
    let renamed = json!({"name": "Wrong passwords", "is_shared": true});
    let by_other = auditor
        .send(Method::PUT, &path, Some(renamed.clone()))
        .await;
    assert_eq!(by_other.code(), "not_allowed");
    let by_maker = owner.send(Method::PUT, &path, Some(renamed)).await;
    assert_eq!(by_maker.status, StatusCode::NO_CONTENT);
    assert_eq!(names(&auditor).await, ["Usage", "Wrong passwords"]);
    let removed = auditor.send(Method::DELETE, &path, None).await;
    assert_eq!(removed.code(), "not_allowed");
    let list = owner.get("/admin/views").await.body;
    let views = list["views"].as_array().unwrap();
    let usage = views.iter().find(|view| view["name"] == "Usage").unwrap();
    let path = format!("/admin/views/{}", usage["id"].as_str().unwrap());
    let removed = owner.send(Method::DELETE, &path, None).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get(&path).await.code(), "saved_view_not_found");
    let entries = server.entries().await;
    let done = entries
        .iter()
        .filter(|entry| entry.outcome == Outcome::Done);
    let names = done.map(|entry| entry.event.name());
    let kept: Vec<_> = names.filter(|name| name.starts_with("view.")).collect();
    assert_eq!(
        kept,
        [
            "view.save",
            "view.save",
            "view.save",
            "view.change",
            "view.remove"
        ]
    );
    server.stop().await;
}

// Shows: REQ-AU-08.
#[tokio::test]
async fn a_filter_is_checked_when_it_is_saved_and_when_it_is_opened() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let group = json!({"name": "Ward 3"});
    let group = owner.send(Method::POST, "/groups", Some(group)).await;
    let group = group.text("id");
    let nobody = "00000000-0000-7000-8000-000000000000";

    for wrong in [
        json!({"kind": "report", "report": "usage", "span": {"last_days": 0}}),
        json!({"kind": "audit", "span": {}, "event": "Who was it?"}),
        json!({"kind": "sessions", "span": {}, "group": nobody}),
        json!({"kind": "sessions", "span": {}, "host": nobody}),
    ] {
        let refused = save(&owner, "Wrong", false, wrong).await;
        assert_eq!(refused.code(), "saved_view_invalid", "{}", refused.body);
    }
    let unknown = json!({"kind": "diary", "span": {}});
    let refused = save(&owner, "Wrong", false, unknown).await;
    assert_eq!(refused.code(), "malformed_request");

    let filter = json!({"kind": "sessions", "span": {"last_days": 7}, "group": group});
    let saved = save(&owner, "Ward 3", false, filter).await;
    let path = format!("/admin/views/{}", saved.text("id"));
    assert_eq!(owner.get(&path).await.status, StatusCode::OK);
    let before = server.entries().await.len();
    let looked = format!("/admin/sessions?group={group}");
    owner.get(&looked).await;
    let entries = server.entries().await.split_off(before);
    let events: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
    assert_eq!(events, ["session.search"]);
    let gone = format!("/groups/{group}");
    owner.send(Method::DELETE, &gone, None).await;
    assert_eq!(owner.get(&path).await.code(), "saved_view_broken");
    server.stop().await;
}

#[tokio::test]
async fn an_account_keeps_no_more_than_fifty_views() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;

    for number in 0..50 {
        let saved = save(&owner, &format!("{number}"), false, of_the_log()).await;
        assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.body);
    }

    let refused = save(&owner, "More", false, of_the_log()).await;
    assert_eq!(refused.code(), "too_many_saved_views");
    server.stop().await;
}
