//! Somebody's timeline: what they did, in meetings too, and what was done to their account.

use std::time::Duration;

use conclave_audit::{Actor, Code, Entry, EntryTime, Event, Stamp};
use conclave_store::Record;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::{Builder, Uuid};

use crate::caller::Caller;
use crate::server_in_a_box::Server;

// Shows: REQ-AU-07.
#[tokio::test]
async fn a_timeline_tells_what_somebody_did_and_what_was_done_to_them() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let bo = owner.invited("bo@riverside.example", "member").await;
    let account = bo.account().await;
    let meeting = bo.make_meeting().await;
    let host = bo.come(&meeting, "Bo").await;
    host.post(&format!("/meetings/{}/lock", meeting.id)).await;
    bo.get("/people").await;
    let role = json!({"role": "auditor"});
    let path = format!("/people/{account}/role");
    owner.send(Method::POST, &path, Some(role)).await;
    let path = format!("/admin/people/{account}/timeline");
    let before = server.entries().await.len();

    let timeline = owner.get(&path).await;

    assert_eq!(timeline.status, StatusCode::OK, "{}", timeline.body);
    assert_eq!(timeline.body["display_name"], "Bo Hadley");
    let deeds = timeline.body["deeds"].as_array().unwrap();
    let told = |event: &str| -> Value {
        let deed = deeds.iter().find(|deed| deed["event"] == event);
        deed.unwrap_or_else(|| panic!("{event}")).clone()
    };
    assert_eq!(deeds[0]["event"], "user.change_role", "the latest first");
    assert_eq!(deeds[0]["is_theirs"], false);
    assert_eq!(deeds[0]["by"], "Amy Weatherwax");
    assert_eq!(told("meeting.lock")["is_theirs"], true);
    assert_eq!(told("meeting.lock")["about"]["id"], meeting.id);
    assert_eq!(told("meeting.create")["is_theirs"], true);
    assert_eq!(told("access.refused")["outcome"], "refused");
    assert!(
        deeds
            .iter()
            .all(|deed| deed["event"] != "user.create_owner")
    );
    let entries = server.entries().await.split_off(before);
    let events: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
    assert_eq!(events, ["audit.read_timeline"]);
    let long = format!("{path}?from=2020-01-01T00:00:00Z");
    assert_eq!(owner.get(&long).await.code(), "report_span_invalid");
    server.stop().await;
}

// Shows: REQ-AD-02.
#[tokio::test]
async fn a_timeline_tells_what_somebody_lost_when_they_left() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let bo = owner.invited("bo@riverside.example", "member").await;
    let account = bo.account().await;
    let (theirs, others) = (bo.make_meeting().await, owner.make_meeting().await);
    bo.come(&theirs, "Bo").await;
    owner.come(&others, "Amy").await;
    bo.come(&others, "Bo").await;
    let path = format!("/admin/people/{account}/timeline");
    let before = owner.get(&path).await.body;
    assert_eq!(before["leaving"], Value::Null, "{before}");

    let left = owner.change(account, "suspend").await;

    assert_eq!(left.status, StatusCode::NO_CONTENT, "{}", left.body);
    let leaving = owner.get(&path).await.body["leaving"].clone();
    assert_eq!(leaving["event"], "user.suspend", "{leaving}");
    assert_eq!(leaving["by"], "Amy Weatherwax");
    assert_eq!(leaving["put_out"], 2);
    assert_eq!(leaving["meetings_ended"], 1);
    assert_eq!(leaving["programs_ended"], 0);
    assert_eq!(bo.get("/session").await.code(), "not_signed_in");
    server.stop().await;
}

// Shows: REQ-AU-07.
#[tokio::test]
async fn the_newest_deeds_are_told_first_however_many_there_are() {
    const TIMES: usize = 1_050;
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let bo = owner.invited("bo@riverside.example", "member").await;
    let account = bo.account().await;
    lock_often(&server, account, TIMES).await;
    bo.get("/people").await;
    let path = format!("/admin/people/{account}/timeline");

    let newest = owner.get(&path).await.body;

    assert_eq!(newest["deeds"].as_array().unwrap().len(), 1_000);
    assert_eq!(newest["deeds"][0]["event"], "access.refused");
    assert_eq!(newest["is_cut"], true);
    let next = newest["next"].as_str().unwrap();
    let rest = owner.get(&format!("{path}?before={next}")).await.body;
    assert_eq!(rest["is_cut"], false, "{rest}");
    let locks = [&newest, &rest].map(|page| {
        let deeds = page["deeds"].as_array().unwrap().iter();
        deeds.filter(|deed| deed["event"] == "meeting.lock").count()
    });
    assert_eq!(locks.iter().sum::<usize>(), TIMES);
    server.stop().await;
}

/// As if somebody had locked a meeting so often, a moment ago.
async fn lock_often(server: &Server, account: Uuid, times: usize) {
    let organisation = server.store().first_organisation().await.unwrap().unwrap();
    let begun = server.now().minus(Duration::from_secs(10));
    let entries = (0..times).map(|number| {
        let at = begun.plus(Duration::from_millis(number as u64));
        let millis = u64::try_from(at.as_micros() / 1_000).unwrap();
        let stamp = Stamp {
            id: Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid(),
            time: EntryTime::from_unix_micros(at.as_micros()),
            salt: rand::random(),
        };
        let actor = Actor::Account {
            id: account,
            role: Code::new("member"),
            auth: None,
        };
        let event = Event::MeetingLock {
            meeting: Uuid::nil(),
        };
        Entry::new(stamp, actor, event).in_organisation(organisation.id.0)
    });
    let entries: Vec<_> = entries.collect();
    let record = Record::after(move |()| entries);
    server.store().record(record).await.unwrap();
}
