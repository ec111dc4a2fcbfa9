//! Meetings ended from outside, and by themselves.

use std::time::Duration;

use conclave_audit::Outcome;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::access::make_co_host;
use crate::caller::{Caller, verifier};
use crate::channel::{Channel, open_meeting};
use crate::server_in_a_box::Server;

// Shows: REQ-AC-08.
#[tokio::test]
async fn an_admin_who_is_not_there_sees_numbers_puts_people_out_and_ends_a_meeting() {
    let (server, meeting, host) = open_meeting().await;
    let account: uuid::Uuid = host.account().await;
    let nobody = Caller::nobody(&server);
    let (bo, cy) = (
        nobody.come(&meeting, "Patient Bo").await,
        nobody.come(&meeting, "Cy").await,
    );
    let mut theirs = Channel::open(&server, &meeting, &bo, None).await;
    theirs.next().await;
    let mut others = Channel::open(&server, &meeting, &cy, None).await;
    others.next().await;
    // Made by somebody else of the organisation.
    let admin = Caller::sign_in(&server).await;
    server
        .tamper(
            "INSERT INTO account
             (id, organisation, email, email_normalised, display_name, role, password, created_at)
             SELECT zeroblob(16), organisation, 'b@x.example', 'b@x.example', 'Bea',
             'member', password, created_at FROM account",
        )
        .await;
    server
        .tamper("UPDATE meeting SET host = zeroblob(16)")
        .await;

    let seen = admin.get("/admin/meetings").await;
    let people = format!("/admin/meetings/{}/participants", meeting.id);
    let people = admin.get(&people).await;

    let [live] = seen.body["meetings"].as_array().unwrap().as_slice() else {
        panic!("not one meeting: {}", seen.body);
    };
    assert_eq!(
        (&live["id"], &live["host"]),
        (&json!(meeting.id), &json!("Bea"))
    );
    assert_eq!((&live["people"], &live["waiting"]), (&json!(2), &json!(0)));
    let text = format!("{}{}", seen.body, people.body);
    assert!(
        !text.contains("Patient") && !text.contains("Morning visit"),
        "{text}"
    );
    assert_eq!(people.body["people"][0]["account"], "Amy Weatherwax");
    let act = |whom: &Caller| {
        format!(
            "/meetings/{}/participants/{}/expel",
            meeting.id, whom.participant
        )
    };
    assert_eq!(admin.post(&act(&host)).await.code(), "not_allowed");
    let blockade = server.block_writes().await;
    let put_out = admin.post(&act(&bo)).await;
    assert_eq!(put_out.status, StatusCode::OK, "{}", put_out.body);
    assert_eq!(theirs.bye().await, "expelled");

    let ended = admin.post(&format!("/meetings/{}/end", meeting.id)).await;

    assert_eq!(ended.status, StatusCode::OK, "{}", ended.body);
    let told = others.event("meeting_ended").await;
    assert_eq!(told["event"]["cause"], "administrator");
    assert_eq!(others.bye().await, "meeting_ended");
    drop(blockade);
    let entries = async {
        loop {
            let entries = server.entries().await;
            let end = entries
                .into_iter()
                .find(|entry| entry.event.name() == "meeting.end");
            if let Some(end) = end {
                return end;
            }
            tokio::task::yield_now().await;
        }
    };
    let end = tokio::time::timeout(Duration::from_secs(20), entries)
        .await
        .unwrap();
    assert_eq!(end.reason.unwrap().as_str(), "administrator");
    let actor = serde_json::to_value(&end.actor).unwrap();
    assert_eq!(actor["id"], json!(account));
    server.stop().await;
}

#[tokio::test]
async fn to_who_may_not_end_it_a_meeting_is_not_there() {
    let (server, meeting, _host) = open_meeting().await;
    let member = Caller::sign_in(&server).await;
    server
        .tamper(
            "INSERT INTO account
             (id, organisation, email, email_normalised, display_name, role, password, created_at)
             SELECT zeroblob(16), organisation, 'b@x.example', 'b@x.example', 'Bea',
             'member', password, created_at FROM account",
        )
        .await;
    server
        .tamper("UPDATE meeting SET host = zeroblob(16)")
        .await;
    let unknown = uuid::Uuid::nil();

    for role in ["member", "representative", "auditor"] {
        let set: &'static str = match role {
            "member" => "UPDATE account SET role = 'member'",
            "auditor" => "UPDATE account SET role = 'auditor'",
            _ => "UPDATE account SET role = 'representative'",
        };
        server.tamper(set).await;
        let refused = member.post(&format!("/meetings/{}/end", meeting.id)).await;
        let unknown = member.post(&format!("/meetings/{unknown}/end")).await;
        assert_eq!(refused.code(), "meeting_not_found", "{role}");
        assert_eq!(
            (refused.status, refused.body),
            (unknown.status, unknown.body)
        );
        assert_eq!(member.get("/admin/meetings").await.code(), "not_allowed");
        let last = server.entries().await.pop().unwrap();
        assert_eq!(last.outcome, Outcome::Refused);
    }
    server.stop().await;
}

// Shows: REQ-LO-03.
#[tokio::test]
async fn a_meeting_whose_time_is_over_ends_on_record_and_says_why() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let made = |time_outs| {
        let body =
            json!({"title": "T", "invitation_verifier": verifier(b"p"), "time_outs": time_outs});
        let owner = owner.clone();
        async move { owner.send(Method::POST, "/meetings", Some(body)).await }
    };
    for wrong in [json!({"longest": 119}), json!({"empty": 3601})] {
        assert_eq!(made(wrong).await.code(), "time_out_invalid");
    }
    let answer = made(json!({"longest": 600})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let path = format!("/meetings/{}/join", answer.text("code"));
    let body = json!({"display_name": "Amy"});
    let joined = owner.send(Method::POST, &path, Some(body)).await;
    let host = Caller {
        credential: Some(joined.text("credential")),
        participant: joined.text("participant"),
        ..owner.clone()
    };
    let meeting = crate::caller::Made {
        id: answer.text("id"),
        code: answer.text("code"),
        proof: String::new(),
    };
    let mut channel = Channel::open(&server, &meeting, &host, None).await;
    channel.next().await;
    let lock = |locked| format!("/meetings/{}/{locked}", meeting.id);

    server.wait(Duration::from_secs(301));
    host.post(&lock("lock")).await;
    let told = channel.event("meeting_changed").await;
    assert_eq!(told["event"]["meeting"]["ending"]["cause"], "too_long");
    server.wait(Duration::from_secs(300));
    host.post(&lock("unlock")).await;

    let told = channel.event("meeting_ended").await;
    assert_eq!(told["event"]["cause"], "too_long");
    let end = server.entries().await.pop().unwrap();
    assert_eq!(end.event.name(), "meeting.end");
    assert_eq!(end.reason.unwrap().as_str(), "too_long");
    server.stop().await;
}

#[tokio::test]
async fn a_co_host_ends_a_meeting_that_its_host_has_left() {
    let (server, meeting, host) = open_meeting().await;
    let co_host = Caller::nobody(&server).come(&meeting, "Bo").await;
    make_co_host(&meeting, &host, &co_host).await;
    let end = format!("/meetings/{}/end", meeting.id);
    assert_eq!(co_host.post(&end).await.code(), "not_allowed");

    let left = host.post(&format!("/meetings/{}/leave", meeting.id)).await;

    assert_eq!(left.status, StatusCode::OK);
    assert_eq!(co_host.post(&end).await.status, StatusCode::OK);
    server.stop().await;
}
