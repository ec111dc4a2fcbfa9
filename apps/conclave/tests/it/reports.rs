//! The management centre: who sees which meetings took place and what is reported, and what that leaves on record.

use std::time::Duration;

use conclave_audit::Outcome;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::caller::{Caller, EMAIL, PASSWORD};
use crate::channel::open_meeting;
use crate::server_in_a_box::Server;
use crate::support::open;

async fn names(server: &Server, after: usize) -> Vec<&'static str> {
    let entries = server.entries().await.split_off(after);
    entries.iter().map(|entry| entry.event.name()).collect()
}

/// The log's page finds the entry by its id, as soon as it has its place.
async fn until(admin: &Caller, entry: &str, event: &str) {
    let path = format!("/audit/entries?entry={entry}");
    for _ in 0..600 {
        let found = admin.get(&path).await.body;
        let entries = found["entries"].as_array().unwrap();
        if let Some(found) = entries.first() {
            let said = found["entry"].as_str().unwrap();
            assert!(said.contains(entry) && said.contains(event), "{said}");
            assert_eq!(entries.len(), 1);
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{event} has no place in the log");
}

// Shows: REQ-AU-05, REQ-RS-09.
#[tokio::test]
async fn a_support_session_is_told_from_a_meeting_with_what_its_agent_let_be_known() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let (_, meeting) = open(&owner).await;
    owner.come(&meeting, "Amy").await;
    let customer = Caller::nobody(&server).come(&meeting, "Bo").await;
    let facts = json!({"facts": [{"fact": "permitted", "capability": "view"}]});
    let path = format!("/meetings/{}/support/facts", meeting.id);
    customer.send(Method::POST, &path, Some(facts)).await;

    let listed = owner.get("/admin/sessions").await.body;
    let live = owner.get("/admin/meetings").await.body;
    let path = format!("/admin/sessions/{}", meeting.id);
    let detail = owner.get(&path).await.body;

    assert_eq!(listed["sessions"][0]["is_support"], true, "{listed}");
    assert_eq!(live["meetings"][0]["is_support"], true, "{live}");
    let timeline = detail["timeline"].as_array().unwrap().iter();
    let events: Vec<_> = timeline.map(|one| one["event"].clone()).collect();
    for told in ["support.joined", "support.permitted"] {
        assert!(events.contains(&json!(told)), "{told} of {events:?}");
    }
    server.stop().await;
}

async fn file(caller: &Caller, path: &str) -> (header::HeaderMap, Vec<u8>) {
    let response = caller.request(Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let headers = response.headers().clone();
    (headers, response.bytes().await.unwrap().to_vec())
}

// Shows: REQ-AU-02, REQ-AU-05.
#[tokio::test]
async fn a_meeting_is_found_at_once_with_who_was_in_and_how_it_ended_and_each_look_is_on_record() {
    let (server, meeting, host) = open_meeting().await;
    let admin = Caller::sign_in(&server).await;
    let guest = Caller::nobody(&server).come(&meeting, "Patient Bo").await;
    let path = format!("/admin/sessions/{}", meeting.id);

    let live = admin.get("/admin/sessions?outcome=live").await;

    assert_eq!(live.body["sessions"][0]["id"], meeting.id, "{}", live.body);
    assert_eq!(live.body["sessions"][0]["people"], 2);
    host.post(&format!("/meetings/{}/end", meeting.id)).await;
    let before = server.entries().await.len();
    let none = admin.get("/admin/sessions?outcome=live").await;
    assert_eq!(none.body["sessions"], json!([]));
    let found = admin
        .get("/admin/sessions?outcome=host&device=program")
        .await;
    assert_eq!(
        found.body["sessions"][0]["outcome"], "host",
        "{}",
        found.body
    );
    let narrow = [
        "device=firefox",
        "outcome=empty",
        "to=2020-01-01T00:00:00Z",
        "host=00000000-0000-7000-8000-000000000000",
        "group=00000000-0000-7000-8000-000000000000",
    ];
    for narrow in narrow {
        let none = admin.get(&format!("/admin/sessions?{narrow}")).await;
        assert_eq!(none.body["sessions"], json!([]), "{narrow}");
    }
    let detail = admin.get(&path).await;
    assert_eq!(detail.status, StatusCode::OK, "{}", detail.body);
    let people = detail.body["people"].as_array().unwrap();
    let name = |participant: &str| {
        let one = people.iter().find(|one| one["participant"] == participant);
        one.unwrap()["name"].clone()
    };
    assert_eq!(name(&host.participant), "Amy Weatherwax");
    assert_eq!(name(&guest.participant), Value::Null);
    let timeline = detail.body["timeline"].as_array().unwrap();
    let events: Vec<_> = timeline
        .iter()
        .map(|one| one["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        events,
        [
            "meeting.start",
            "meeting.join",
            "meeting.join",
            "meeting.end"
        ]
    );
    assert_eq!(timeline[3]["by_participant"], host.participant);
    let quality = format!("{path}/participants/{}/quality", guest.participant);
    assert_eq!(admin.get(&quality).await.body["intervals"], json!([]));
    assert!(!format!("{}{}", found.body, detail.body).contains("Patient"));
    let expected = [
        ["session.search"; 7].as_slice(),
        &["session.read", "session.read_quality"],
    ];
    assert_eq!(names(&server, before).await, expected.concat());
    let ended = timeline[3]["entry"].as_str().unwrap();
    until(&admin, ended, "meeting.end").await;
    for wrong in [
        "sessions?outcome=gone",
        "sessions?who=me",
        "reports/usage?format=doc",
    ] {
        assert_eq!(
            admin.get(&format!("/admin/{wrong}")).await.code(),
            "malformed_request"
        );
    }
    server.stop().await;
}

// Shows: REQ-AU-02.
#[tokio::test]
async fn a_page_that_watches_live_meetings_is_one_look() {
    let (server, meeting, _host) = open_meeting().await;
    let admin = Caller::sign_in(&server).await;
    let before = server.entries().await.len();
    let people = format!("/admin/meetings/{}/participants", meeting.id);

    for _ in 0..3 {
        admin.get("/admin/meetings").await;
        admin.get(&people).await;
    }

    assert_eq!(
        names(&server, before).await,
        ["session.watch", "session.watch"]
    );
    server.wait(Duration::from_secs(601));
    admin.get("/admin/meetings").await;
    let looks = names(&server, before).await.into_iter();
    assert_eq!(looks.filter(|name| *name == "session.watch").count(), 3);
    server.stop().await;
}

// Shows: REQ-AU-03, REQ-AU-07, REQ-AU-09, REQ-AD-03.
#[tokio::test]
async fn reports_need_a_role_and_a_second_factor_and_each_file_is_on_record() {
    let (server, _meeting, _host) = open_meeting().await;
    let owner = Caller::sign_in(&server).await;
    let manager = owner
        .invited("max@riverside.example", "account_manager")
        .await;
    let nobody = Caller::nobody(&server);
    let wrong = |email: &str, password: &str| json!({"email": email, "password": password});
    for (email, password) in [(EMAIL, "a wrong password"), ("nobody@x.example", PASSWORD)] {
        nobody
            .send(Method::POST, "/session", Some(wrong(email, password)))
            .await;
    }
    let group = json!({"name": "=Ward"});
    owner.send(Method::POST, "/groups", Some(group)).await;

    let refused = manager.get("/admin/reports/usage").await;

    assert_eq!(refused.code(), "second_factor_required");
    let last = server.entries().await.pop().unwrap();
    assert_eq!(last.outcome, Outcome::Refused);
    server
        .tamper("UPDATE web_session SET assurance = 'passkey'")
        .await;
    server
        .tamper("UPDATE account SET display_name = '=1+1' WHERE role = 'account_manager'")
        .await;
    let before = server.entries().await.len();
    let report = async |name: &str| {
        let answer = manager.get(&format!("/admin/reports/{name}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.body);
        answer.body
    };
    assert_eq!(report("usage").await["figures"][0]["value"], 1);
    assert_eq!(
        report("usage").await["charts"][0]["points"]
            .as_array()
            .unwrap()
            .len(),
        31
    );
    assert_eq!(report("quality").await["rows"], json!([]));
    let access = report("access").await;
    let rows = access["rows"].as_array().unwrap();
    let amy = rows.iter().find(|row| row[2] == EMAIL).unwrap();
    assert_eq!(
        (&amy[3], &amy[5]),
        (&json!("owner"), &json!("password, authenticator"))
    );
    assert!(amy[7].is_string(), "no last sign-in: {amy}");
    let failed = report("failed-sign-ins").await;
    assert_eq!(failed["figures"][0]["value"], 2, "{failed}");
    assert_eq!(failed["rows"][1][1], "Amy Weatherwax");
    let changes = report("policy-changes").await;
    assert_eq!(changes["rows"][0][2], "group.create");
    assert_eq!(changes["rows"][0][3], "=Ward");
    assert_eq!(report("representatives").await["rows"][0][4], 1);
    let devices = report("devices").await;
    let of_amy = |kind: &str| {
        let rows = devices["rows"].as_array().unwrap().iter();
        rows.filter(|row| row[0] == kind && row[1] == "Amy Weatherwax")
            .count()
    };
    assert_eq!(of_amy("authenticator"), 1, "{devices}");
    assert!(of_amy("session") > 0, "{devices}");
    assert_eq!(devices["figures"][5]["name"], "unused");
    assert_eq!(devices["figures"][5]["value"], 0, "{devices}");
    let (headers, csv) = file(&manager, "/admin/reports/access?format=csv").await;
    assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let name = headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(
        name.starts_with("attachment; filename=\"conclave-access-"),
        "{name}"
    );
    assert!(String::from_utf8(csv).unwrap().contains("\"'=1+1\""));
    let (headers, pdf) = file(&manager, "/admin/reports/access?format=pdf").await;
    assert_eq!(headers[header::CONTENT_TYPE], "application/pdf");
    let pdf = String::from_utf8(pdf).unwrap();
    assert!(pdf.contains("(Access review)") && pdf.contains("Riverside"));
    let expected = [
        ["report.read"; 8].as_slice(),
        &["report.export", "report.export"],
    ];
    assert_eq!(names(&server, before).await, expected.concat());
    let year = "/admin/reports/usage?from=2020-01-01T00:00:00Z";
    assert_eq!(manager.get(year).await.code(), "report_span_invalid");
    assert_eq!(
        manager.get("/admin/reports/gossip").await.code(),
        "not_found"
    );
    // They read, and change no setting.
    let settings = json!({"revision": 0, "settings": {}});
    let change = manager
        .send(Method::PUT, "/policies/organisation", Some(settings))
        .await;
    assert_eq!(change.code(), "not_allowed");
    server.stop().await;
}
