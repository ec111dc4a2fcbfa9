//! Programs: by a key of their own, for what their scopes say, until they end.

use std::time::Duration;

use conclave_audit::{Actor, Event, Outcome};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller};
use crate::server_in_a_box::Server;

const BO: &str = "bo.hadley@riverside.example";
const CY: &str = "cy.tanaka@riverside.example";
const LIVE: &str = "/admin/meetings";

/// A program that `owner` makes: its identity, and a caller with its key.
pub(crate) async fn make(owner: &Caller, scopes: &[&str], days: Option<u16>) -> (String, Caller) {
    let body = json!({"name": "Directory", "scopes": scopes, "days": days});
    let made = owner.send(Method::POST, "/programs", Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let key = made.text("key");
    assert!(key.starts_with("ccl_") && key.len() == 47);
    let program = Caller {
        url: owner.url.clone(),
        credential: Some(key),
        ..Caller::default()
    };
    let id = made.body["program"]["id"].as_str().unwrap().to_owned();
    (id, program)
}

// Shows: REQ-AC-29.
#[tokio::test]
async fn a_program_does_what_its_scopes_say_under_its_own_name_until_it_ends() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    owner.come(&meeting, "Amy").await;
    let (id, reader) = make(&owner, &["meetings:read"], None).await;
    let (_, directory) = make(&owner, &["scim"], Some(1)).await;

    let live = reader.get(LIVE).await;

    assert_eq!(live.body["meetings"][0]["id"], meeting.id, "{}", live.body);
    let listed = owner.get("/programs").await.body;
    let programs = listed["programs"].as_array().unwrap();
    assert_eq!(programs.len(), 2);
    assert!(!listed.to_string().contains("ccl_"));
    let read = programs
        .iter()
        .find(|program| program["id"] == *id)
        .unwrap();
    assert_eq!(read["state"], "active");
    assert!(
        read["last_used_on"]
            .as_str()
            .unwrap()
            .ends_with("T00:00:00Z")
    );
    // Nothing of what whoever made it may.
    for path in ["/session", "/people", "/meetings", "/programs"] {
        assert_eq!(reader.get(path).await.code(), "not_signed_in", "{path}");
    }
    let end = format!("/meetings/{}/end", meeting.id);
    assert_eq!(reader.post(&end).await.code(), "not_authenticated");

    // A wrong key, one without the scope, one that is over and a revoked one get one answer.
    let wrong = Caller {
        credential: Some(format!("ccl_{}", "A".repeat(43))),
        ..reader.clone()
    };
    server.wait(Duration::from_secs(24 * 60 * 60));
    let owner = Caller::sign_in(&server).await;
    let (_, other) = make(&owner, &["scim"], None).await;
    let revoke = format!("/programs/{id}");
    let revoked = owner.send(Method::DELETE, &revoke, None).await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT, "{}", revoked.body);
    let before = server.entries().await.len();
    let mut answers = Vec::new();
    for caller in [&wrong, &other, &directory, &reader] {
        let refused = caller.get(LIVE).await;
        answers.push((refused.status, refused.body));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    let entries = server.entries().await.split_off(before);
    let records: Vec<_> = entries
        .iter()
        .map(|entry| {
            let program = matches!(entry.actor, Actor::Program { .. });
            (entry.reason.as_ref().unwrap().as_str(), program)
        })
        .collect();
    assert_eq!(
        records,
        [
            ("unknown_key", false),
            ("scope", true),
            ("expired", true),
            ("revoked", true)
        ]
    );
    assert!(
        entries
            .iter()
            .all(|entry| entry.outcome == Outcome::Refused)
    );
    let again = owner.send(Method::DELETE, &revoke, None).await;
    assert_eq!(again.code(), "program_not_found");

    // Whoever goes on is slowed down, and nobody else at the same address.
    let mut last = Answer::read(wrong.request(Method::GET, LIVE).send().await.unwrap()).await;
    for _ in 0..20 {
        last = wrong.get(LIVE).await;
    }
    assert_eq!(last.code(), "too_many_attempts");
    let (_, reader) = make(&owner, &["meetings:read"], None).await;
    assert_eq!(reader.get(LIVE).await.code(), "");
    server.stop().await;
}

// Shows: REQ-AC-29.
#[tokio::test]
async fn a_program_ends_with_its_makers_right_and_only_owners_make_one() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let mut bo = owner.invited(BO, "owner").await;
    bo.set_up_program(&server).await;
    let mut admin = owner.invited(CY, "admin").await;
    admin.set_up_program(&server).await;
    let body = json!({"name": "Directory", "scopes": ["scim"]});
    let refused = admin.send(Method::POST, "/programs", Some(body)).await;
    assert_eq!(refused.code(), "not_allowed");
    for body in [
        json!({"name": "D", "scopes": []}),
        json!({"name": "D", "scopes": ["scim", "scim"]}),
        json!({"name": "D", "scopes": ["scim"], "days": 366}),
    ] {
        let refused = bo.send(Method::POST, "/programs", Some(body)).await;
        assert_eq!(refused.code(), "program_invalid");
    }
    let unknown = json!({"name": "D", "scopes": ["everything"]});
    let refused = bo.send(Method::POST, "/programs", Some(unknown)).await;
    assert_eq!(refused.code(), "malformed_request");
    let (id, program) = make(&bo, &["meetings:read"], None).await;
    assert_eq!(program.get(LIVE).await.code(), "");
    let account = bo.account().await;

    let demoted = json!({"role": "admin"});
    let path = format!("/people/{account}/role");
    let demoted = owner.send(Method::POST, &path, Some(demoted)).await;

    assert_eq!(demoted.status, StatusCode::NO_CONTENT, "{}", demoted.body);
    assert_eq!(program.get(LIVE).await.code(), "key_refused");
    let revoked = server.entries().await.into_iter().find(|entry| {
        matches!(entry.event, Event::ProgramRevoke { program } if program.to_string() == id)
    });
    assert!(revoked.is_some_and(|entry| entry.reason.is_some()));
    // For good: a right that comes back brings no program with it.
    let promoted = json!({"role": "owner"});
    owner.send(Method::POST, &path, Some(promoted)).await;
    assert_eq!(program.get(LIVE).await.code(), "key_refused");
    let seen = admin.get("/programs").await.body;
    assert_eq!(state(&seen, &id), "revoked");

    // While nothing can be written a key is still taken away.
    let (id, program) = make(&owner, &["meetings:read"], None).await;
    assert_eq!(program.get(LIVE).await.code(), "");
    let blocked = server.block_writes().await;
    let revoke = format!("/programs/{id}");
    let revoked = owner.send(Method::DELETE, &revoke, None).await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT, "{}", revoked.body);
    drop(blocked);
    assert_eq!(program.get(LIVE).await.code(), "key_refused");
    server.stop().await;
}

fn state(listed: &Value, id: &str) -> String {
    let programs = listed["programs"].as_array().unwrap();
    let found = programs.iter().find(|program| program["id"] == *id);
    found.unwrap()["state"].as_str().unwrap().to_owned()
}
