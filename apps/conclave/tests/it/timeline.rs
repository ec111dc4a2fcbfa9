//! Somebody's timeline: what they did, in meetings too, and what was done to their account.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

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
