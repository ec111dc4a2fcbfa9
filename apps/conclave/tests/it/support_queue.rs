//! The queue for support: who asks for help waits, is taken by one technician or turned away, and leaves nothing of themselves behind.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use conclave_audit::{Actor, Entry, Outcome};
use conclave_protocol::support_queue::REQUEST_KEY_BYTES;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller};
use crate::policy::set;
use crate::server_in_a_box::Server;
use crate::support::{open, wait_for};

const REQUESTS: &str = "/support/requests";
const A_MINUTE: Duration = Duration::from_secs(60);
const HALF_A_MINUTE: Duration = Duration::from_secs(30);
const BO: &str = "bo.hadley@riverside.example";
/// As whoever waits, beside them.
const FORTY_NINE_MORE: &str = "WITH RECURSIVE more (number) AS (
       SELECT 1 UNION ALL SELECT number + 1 FROM more WHERE number < 49
     )
     INSERT INTO support_request (id, organisation, token, public_key, name, asked_at, seen_at)
     SELECT randomblob(16), organisation, token, public_key, name, asked_at, seen_at
     FROM support_request, more";
/// Where Zoe is.
const ELSEWHERE: &str = "INSERT INTO organisation (id, name, created_at)
     VALUES (x'00000000000070008000000000000009', 'Elsewhere', 9000000000000000);
     UPDATE account SET organisation = x'00000000000070008000000000000009'
     WHERE email = 'zoe@elsewhere.example';
     UPDATE web_session SET assurance = 'totp' WHERE assurance = 'password'";
const NOBODYS: &str = "/support/requests/00000000-0000-7000-8000-000000000000";

#[tokio::test]
async fn who_asks_waits_in_line_and_gets_the_link_that_a_technician_sealed() {
    let (server, owner) = with_queue().await;
    let (first, second) = (asker(&server).await, asker(&server).await);

    let waits = second.get(&path(&second)).await;
    assert_eq!(waits.body["state"], "waiting", "{}", waits.body);
    assert_eq!(waits.body["place"], 2);
    let listed = owner.get(REQUESTS).await.body;
    let listed = listed["requests"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["id"], first.participant);
    assert_eq!(listed[0]["name"], "Cyrus Vane");
    assert_eq!(listed[0]["matter"], "My mail");
    assert_eq!(listed[0]["key"], key());
    assert_eq!(listed[0]["is_claimed"], false);

    let (session, meeting) = open(&owner).await;
    let taken = take_up(&owner, &first, &session).await;

    assert_eq!(taken.status, StatusCode::NO_CONTENT, "{}", taken.body);
    let given = first.get(&path(&first)).await.body;
    assert_eq!(given["state"], "taken", "{given}");
    assert_eq!(given["session"], session);
    assert_eq!(given["meeting"], meeting.id);
    assert_eq!(given["code"], meeting.code);
    assert_eq!(given["sealed"], "c2VhbGVk");
    // The session is as any: the code is looked up, and the customer comes.
    let offer = format!("/support/codes/{}", meeting.code);
    let offer = Caller::nobody(&server).get(&offer).await;
    assert_eq!(offer.text("technician"), "Amy Weatherwax");
    let moved_up = second.get(&path(&second)).await;
    assert_eq!(moved_up.body["place"], 1);
    let names = named(&server).await;
    let expected = [
        "support.requested",
        "support.requested",
        "support.request_claimed",
        "support.request_taken",
    ];
    assert_eq!(names, expected);
    server.stop().await;
}

// Shows: ABUSE-64.
#[tokio::test]
async fn of_who_asked_no_name_and_no_matter_is_on_record_and_none_is_kept_once_they_are_taken() {
    let (server, owner) = with_queue().await;
    let asked = asker(&server).await;
    let (session, _) = open(&owner).await;

    let taken = take_up(&owner, &asked, &session).await;

    assert_eq!(taken.status, StatusCode::NO_CONTENT, "{}", taken.body);
    for entry in server.entries().await {
        let text = String::from_utf8(entry.to_canonical().unwrap()).unwrap();
        for word in ["Cyrus", "My mail"] {
            assert!(!text.contains(word), "{text}");
        }
    }
    assert_eq!(owner.get(REQUESTS).await.body["requests"], json!([]));
    server.stop().await;
}

#[tokio::test]
async fn two_technicians_do_not_take_one_person() {
    let (server, owner) = with_queue().await;
    let bo = representative(&server, &owner).await;
    let asked = asker(&server).await;
    let claim = format!("{}/claim", path(&asked));

    let (one, other) = tokio::join!(owner.post(&claim), bo.post(&claim));

    let mut codes = [one.code(), other.code()];
    codes.sort();
    assert_eq!(codes, ["", "already_taken"]);
    let (quick, slow) = match one.status.is_success() {
        true => (&owner, &bo),
        false => (&bo, &owner),
    };
    let seen = slow.get(REQUESTS).await.body;
    assert_eq!(seen["requests"][0]["is_claimed"], true);
    let own = quick.get(REQUESTS).await.body;
    assert_eq!(own["requests"][0]["is_claimed"], false);
    // A claim that came to nothing lapses.
    server.wait(HALF_A_MINUTE);
    assert_eq!(slow.post(&claim).await.code(), "");
    let (session, _) = open(quick).await;
    let late = take(quick, &asked, &session).await;
    assert_eq!(late.code(), "already_taken");
    is_refused(&server, "support.request_taken", "already_taken").await;
    server.stop().await;
}

#[tokio::test]
async fn whoever_is_turned_away_is_told_so_leaves_nothing_and_may_ask_again() {
    let (server, owner) = with_queue().await;
    let bo = representative(&server, &owner).await;
    let (asked, other) = (asker(&server).await, asker(&server).await);

    let declined = decline(&bo, &asked).await;

    assert_eq!(declined.status, StatusCode::NO_CONTENT, "{}", declined.body);
    let told = asked.get(&path(&asked)).await;
    assert_eq!(told.body, json!({"state": "declined"}));
    assert_eq!(other.get(&path(&other)).await.body["place"], 1);
    let listed = owner.get(REQUESTS).await.body;
    assert_eq!(listed["requests"].as_array().unwrap().len(), 1);
    let entry = wait_for(&server, "support.request_declined").await;
    let account = bo.account().await;
    assert!(matches!(entry.actor, Actor::Account { id, .. } if id == account));
    let text = String::from_utf8(entry.to_canonical().unwrap()).unwrap();
    assert!(text.contains(&asked.participant), "{text}");
    // Nobody takes them any more, they have nothing to withdraw, and others' tokens learn nothing.
    let claimed = owner.post(&format!("{}/claim", path(&asked))).await;
    let withdrawn = asked.send(Method::DELETE, &path(&asked), None).await;
    let stranger = other.get(&path(&asked)).await;
    for gone in [claimed, withdrawn, stranger] {
        assert_eq!(gone.code(), "support_request_not_found");
    }
    assert_eq!(ask(&asked).await.status, StatusCode::CREATED);
    // For as long as a page may come back, and no longer.
    server.wait(10 * A_MINUTE);
    let over = asked.get(&path(&asked)).await;
    assert_eq!(over.code(), "support_request_not_found");
    server.stop().await;
}

#[tokio::test]
async fn of_two_technicians_one_takes_whoever_asked_or_turns_them_away() {
    let (server, owner) = with_queue().await;
    let bo = representative(&server, &owner).await;
    let (first, second) = (asker(&server).await, asker(&server).await);
    let claim = format!("{}/claim", path(&first));

    let (claimed, declined) = tokio::join!(owner.post(&claim), decline(&bo, &first));
    let (one, other) = tokio::join!(decline(&owner, &second), decline(&bo, &second));

    let now = first.get(&path(&first)).await.body;
    match claimed.status.is_success() {
        true => {
            assert_eq!(declined.code(), "already_taken");
            assert_eq!(now["state"], "waiting");
        }
        false => {
            assert_eq!(claimed.code(), "support_request_not_found");
            assert_eq!(declined.status, StatusCode::NO_CONTENT);
            assert_eq!(now["state"], "declined");
        }
    }
    let mut codes = [one.code(), other.code()];
    codes.sort();
    assert_eq!(codes, ["", "support_request_not_found"]);
    let taken = asker(&server).await;
    let (session, _) = open(&owner).await;
    assert_eq!(take_up(&owner, &taken, &session).await.code(), "");
    for technician in [&owner, &bo] {
        let late = decline(technician, &taken).await;
        assert_eq!(late.code(), "already_taken");
        is_refused(&server, "support.request_declined", "already_taken").await;
    }
    assert_eq!(taken.get(&path(&taken)).await.body["state"], "taken");
    server.stop().await;
}

#[tokio::test]
async fn a_request_is_given_a_session_of_the_technicians_own_that_nobody_came_to() {
    let (server, owner) = with_queue().await;
    let bo = representative(&server, &owner).await;
    let asked = asker(&server).await;
    let (anothers, _) = open(&bo).await;
    let (used, meeting) = open(&owner).await;
    owner.come(&meeting, "Amy").await;
    Caller::nobody(&server).come(&meeting, "Di").await;
    let (session, _) = open(&owner).await;

    for wrong in [&anothers, &used] {
        let taken = take_up(&owner, &asked, wrong).await;
        assert_eq!(taken.code(), "support_not_found");
        is_refused(&server, "support.request_taken", "no_such_session").await;
    }

    assert_eq!(asked.get(&path(&asked)).await.body["state"], "waiting");
    let taken = take_up(&owner, &asked, &session).await;
    assert_eq!(taken.code(), "");
    // Nobody came to it so far, and still it is not offered to two.
    let other = asker(&server).await;
    let twice = take_up(&owner, &other, &session).await;
    assert_eq!(twice.code(), "support_not_found");
    is_refused(&server, "support.request_taken", "conflict").await;
    assert_eq!(other.get(&path(&other)).await.body["state"], "waiting");
    server.stop().await;
}

#[tokio::test]
async fn a_taking_that_was_done_is_told_again_also_where_policy_has_no_queue_any_more() {
    let (server, owner) = with_queue().await;
    let asked = asker(&server).await;
    let (session, _) = open(&owner).await;
    let claimed = owner.post(&format!("{}/claim", path(&asked))).await;
    assert_eq!(claimed.status, StatusCode::NO_CONTENT, "{}", claimed.body);
    let body = json!({"session": session, "sealed": "c2VhbGVk"});
    let taking = owner
        .request(Method::POST, &format!("{}/take", path(&asked)))
        .json(&body);
    let again = taking.try_clone().unwrap();
    let taken = Answer::read(taking.send().await.unwrap()).await;
    assert_eq!(taken.code(), "", "{}", taken.body);
    let off = json!({"support_queue": {"value": false}});
    set(&owner, "organisation", off).await;

    let repeated = Answer::read(again.send().await.unwrap()).await;

    assert_eq!(repeated.status, StatusCode::NO_CONTENT, "{}", repeated.body);
    let anew = take(&owner, &asked, &session).await;
    assert_eq!(anew.code(), "switched_off");
    server.stop().await;
}

#[tokio::test]
async fn a_request_that_is_withdrawn_is_gone_and_is_nobody_elses_to_withdraw() {
    let (server, owner) = with_queue().await;
    let (asked, other) = (asker(&server).await, asker(&server).await);
    let withdraw = async |who: &Caller| who.send(Method::DELETE, &path(&asked), None).await;

    assert_eq!(withdraw(&other).await.code(), "support_request_not_found");
    assert_eq!(withdraw(&owner).await.code(), "support_request_not_found");
    let withdrawn = withdraw(&asked).await;

    assert_eq!(withdrawn.status, StatusCode::NO_CONTENT);
    let gone = asked.get(&path(&asked)).await;
    assert_eq!(gone.code(), "support_request_not_found");
    // What is gone is as what never was.
    let never = asked.get(NOBODYS).await;
    assert_eq!((gone.status, gone.body), (never.status, never.body));
    let claimed = owner.post(&format!("{}/claim", path(&asked))).await;
    assert_eq!(claimed.code(), "support_request_not_found");
    let listed = owner.get(REQUESTS).await.body;
    assert_eq!(listed["requests"].as_array().unwrap().len(), 1);
    let last = server.entries().await;
    let withdrawn = last
        .iter()
        .find(|entry| entry.event.name() == "support.request_withdrawn");
    assert!(withdrawn.is_some_and(|entry| matches!(entry.actor, Actor::Anonymous)));
    server.stop().await;
}

#[tokio::test]
async fn whose_page_is_gone_waits_no_longer_and_whose_page_asks_does_also_after_a_restart() {
    let (server, owner) = with_queue().await;
    let (gone, there) = (asker(&server).await, asker(&server).await);
    server.wait(A_MINUTE);
    assert_eq!(there.get(&path(&there)).await.body["place"], 2);
    server.wait(A_MINUTE);

    let over = gone.get(&path(&gone)).await;
    assert_eq!(over.code(), "support_request_not_found");
    assert_eq!(there.get(&path(&there)).await.body["place"], 1);
    let listed = owner.get(REQUESTS).await.body;
    assert_eq!(listed["requests"].as_array().unwrap().len(), 1);

    let server = server.restart().await;

    let expired = wait_for(&server, "support.request_expired").await;
    assert!(expired.outcome == Outcome::Done && matches!(expired.actor, Actor::System));
    let there = Caller {
        url: server.url(),
        ..there
    };
    assert_eq!(there.get(&path(&there)).await.body["place"], 1);
    server.wait(2 * A_MINUTE);
    let late = there.get(&path(&there)).await;
    assert_eq!(late.code(), "support_request_not_found");
    server.stop().await;
}

#[tokio::test]
async fn where_policy_has_no_queue_nobody_asks_is_seen_or_is_taken() {
    let (server, owner) = with_queue().await;
    let nobody = Caller::nobody(&server);
    let before = nobody.get("/server").await.body;
    assert_eq!(before["takes_support_requests"], true, "{before}");
    let asked = asker(&server).await;

    let off = json!({"support_queue": {"value": false}});
    set(&owner, "organisation", off).await;

    let after = nobody.get("/server").await.body;
    assert_eq!(after["takes_support_requests"], false);
    let refused = ask(&nobody).await;
    assert_eq!(refused.code(), "queue_off");
    is_refused(&server, "support.requested", "switched_off").await;
    assert_eq!(asked.get(&path(&asked)).await.code(), "queue_off");
    assert_eq!(owner.get(REQUESTS).await.body["requests"], json!([]));
    let claimed = owner.post(&format!("{}/claim", path(&asked))).await;
    assert_eq!(claimed.code(), "switched_off");
    is_refused(&server, "support.request_claimed", "switched_off").await;
    assert_eq!(decline(&owner, &asked).await.code(), "switched_off");
    is_refused(&server, "support.request_declined", "switched_off").await;
    server.stop().await;
}

#[tokio::test]
async fn who_may_not_help_sees_and_takes_nobody() {
    let (server, owner) = with_queue().await;
    let member = owner.invited("cy@riverside.example", "member").await;
    let bo = representative(&server, &owner).await;
    let asked = asker(&server).await;
    let claim = format!("{}/claim", path(&asked));

    assert_eq!(member.get(REQUESTS).await.code(), "not_allowed");
    assert_eq!(member.post(&claim).await.code(), "not_allowed");
    is_refused(&server, "support.request_claimed", "role").await;
    assert_eq!(decline(&member, &asked).await.code(), "not_allowed");
    is_refused(&server, "support.request_declined", "role").await;
    let (session, _) = open(&bo).await;
    assert_eq!(bo.post(&claim).await.code(), "");
    let suspended = owner.change(bo.account().await, "suspend").await;
    assert_eq!(suspended.status, StatusCode::NO_CONTENT);

    let taken = take(&bo, &asked, &session).await;

    assert_eq!(taken.code(), "not_signed_in");
    assert_eq!(bo.get(REQUESTS).await.code(), "not_signed_in");
    assert_eq!(asked.get(&path(&asked)).await.body["state"], "waiting");
    server.stop().await;
}

#[tokio::test]
async fn so_many_wait_and_of_one_address_fewer() {
    let (server, owner) = with_queue().await;
    for _ in 0..20 {
        asker(&server).await;
    }
    // The next one locks the address for a moment.
    asker(&server).await;

    let quick = ask(&Caller::nobody(&server)).await;

    assert_eq!(quick.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(quick.code(), "too_many_requests");
    assert!(quick.body["retry_after"].as_u64().is_some());
    is_refused(&server, "support.requested", "throttled").await;
    let listed = owner.get(REQUESTS).await.body;
    assert_eq!(listed["requests"].as_array().unwrap().len(), 21);
    server.stop().await;
}

#[tokio::test]
async fn where_as_many_wait_as_may_nobody_else_does() {
    let (server, owner) = with_queue().await;
    let asked = asker(&server).await;
    server.tamper(FORTY_NINE_MORE).await;
    let nobody = Caller::nobody(&server);

    let more = ask(&nobody).await;

    assert_eq!(more.status, StatusCode::CONFLICT);
    assert_eq!(more.code(), "queue_full");
    is_refused(&server, "support.requested", "queue_full").await;
    let listed = owner.get(REQUESTS).await.body;
    assert_eq!(listed["requests"].as_array().unwrap().len(), 50);
    // Who goes makes room.
    let withdrawn = asked.send(Method::DELETE, &path(&asked), None).await;
    assert_eq!(withdrawn.status, StatusCode::NO_CONTENT);
    assert_eq!(ask(&nobody).await.status, StatusCode::CREATED);
    server.stop().await;
}

#[tokio::test]
async fn technicians_of_another_organisation_see_and_take_nobody() {
    let (server, owner) = with_queue().await;
    let zoe = owner.invited("zoe@elsewhere.example", "owner").await;
    server.tamper(ELSEWHERE).await;
    let on = json!({"support_queue": {"value": true}});
    set(&zoe, "organisation", on).await;
    let asked = asker(&server).await;
    let (session, _) = open(&zoe).await;
    let claim = format!("{}/claim", path(&asked));

    assert_eq!(zoe.get(REQUESTS).await.body["requests"], json!([]));
    let claimed = zoe.post(&claim).await;
    let taken = take(&zoe, &asked, &session).await;

    let declined = decline(&zoe, &asked).await;
    for refused in [claimed, taken, declined] {
        assert_eq!(refused.code(), "support_request_not_found");
    }
    is_refused(&server, "support.request_declined", "not_found").await;
    is_refused(&server, "support.request_claimed", "not_found").await;
    is_refused(&server, "support.request_taken", "not_found").await;
    assert_eq!(asked.get(&path(&asked)).await.body["state"], "waiting");
    assert_eq!(owner.post(&claim).await.code(), "");
    server.stop().await;
}

#[tokio::test]
async fn what_is_asked_for_is_bounded() {
    let (server, _) = with_queue().await;
    let nobody = Caller::nobody(&server);
    for (field, wrong) in [
        ("name", json!("")),
        ("name", json!("x".repeat(65))),
        ("matter", json!("x".repeat(201))),
        ("matter", json!("one\ntwo")),
        ("key", json!("")),
        ("key", json!("AAAA")),
        ("key", json!("A".repeat(2_732))),
        ("key", json!("not base64url!")),
        ("telephone", json!("12")),
    ] {
        let mut asking = asking_for_help();
        asking[field] = wrong;

        let refused = nobody.send(Method::POST, REQUESTS, Some(asking)).await;

        assert_eq!(refused.code(), "malformed_request", "{field}");
    }
    server.stop().await;
}

/// A server whose organisation has a queue, and its owner.
async fn with_queue() -> (Server, Caller) {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let on = json!({"support_queue": {"value": true}});
    set(&owner, "organisation", on).await;
    (server, owner)
}

async fn representative(server: &Server, owner: &Caller) -> Caller {
    let mut bo = owner.invited(BO, "representative").await;
    bo.set_up_program(server).await;
    bo
}

/// A request that is right.
pub(crate) fn asking_for_help() -> Value {
    json!({"name": "Cyrus Vane", "matter": "My mail", "key": key()})
}

/// As long as what a page draws: nobody but pages looks into it.
fn key() -> String {
    URL_SAFE_NO_PAD.encode([0_u8; REQUEST_KEY_BYTES])
}

async fn ask(who: &Caller) -> Answer {
    who.send(Method::POST, REQUESTS, Some(asking_for_help()))
        .await
}

/// Somebody who asked: with the token for a credential, and the request in a participant's place.
async fn asker(server: &Server) -> Caller {
    let nobody = Caller::nobody(server);
    let asked = ask(&nobody).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.body);
    Caller {
        credential: Some(asked.text("token")),
        participant: asked.text("id"),
        ..nobody
    }
}

fn path(asked: &Caller) -> String {
    format!("{REQUESTS}/{}", asked.participant)
}

async fn take(technician: &Caller, asked: &Caller, session: &str) -> Answer {
    let body = json!({"session": session, "sealed": "c2VhbGVk"});
    let path = format!("{}/take", path(asked));
    technician.send(Method::POST, &path, Some(body)).await
}

async fn decline(technician: &Caller, asked: &Caller) -> Answer {
    technician.post(&format!("{}/decline", path(asked))).await
}

/// As a technician's page does.
async fn take_up(technician: &Caller, asked: &Caller, session: &str) -> Answer {
    let claimed = technician.post(&format!("{}/claim", path(asked))).await;
    assert_eq!(claimed.status, StatusCode::NO_CONTENT, "{}", claimed.body);
    take(technician, asked, session).await
}

/// What is on record of requests, oldest first.
async fn named(server: &Server) -> Vec<&'static str> {
    let entries = server.entries().await;
    let names = entries.iter().map(|entry| entry.event.name());
    names
        .filter(|name| name.starts_with("support.request"))
        .collect()
}

async fn is_refused(server: &Server, name: &str, reason: &str) {
    let mut entries: Vec<Entry> = server.entries().await;
    entries.retain(|entry| entry.event.name() == name);
    let entry = entries.pop().unwrap();
    assert!(entry.outcome == Outcome::Refused, "{name}");
    assert_eq!(entry.reason.unwrap().as_str(), reason);
}
