//! What is refused, or has run out, is on record too.

use std::time::Duration;

use conclave_audit::Outcome;
use reqwest::Method;
use serde_json::json;

use super::wait_for;
use crate::caller::{Answer, Caller, EMAIL};
use crate::channel::Channel;
use crate::server_in_a_box::Server;

// Shows: REQ-AU-01.
#[tokio::test]
async fn refusals_are_on_record_too() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    owner.come(&meeting, "Amy").await;
    let nobody = Caller::nobody(&server);
    let guest = nobody.come(&meeting, "Bo").await;
    let before = server.entries().await.len();

    let wrong = json!({"email": EMAIL, "password": "a wrong but long password"});
    nobody.send(Method::POST, "/session", Some(wrong)).await;
    let name = json!({"display_name": "Cy"});
    nobody
        .send(Method::POST, "/meetings/000-000-000/join", Some(name))
        .await;
    guest.post(&format!("/meetings/{}/end", meeting.id)).await;

    let entries = server.entries().await.split_off(before);
    let records: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry.event.name(),
                entry.outcome,
                entry.reason.as_ref().unwrap().as_str(),
            )
        })
        .collect();
    assert_eq!(
        records,
        [
            ("auth.fail", Outcome::Failed, "wrong_credentials"),
            ("meeting.join_refused", Outcome::Refused, "no_such_code"),
            ("meeting.end", Outcome::Refused, "role"),
        ]
    );
    server.stop().await;
}

#[tokio::test]
async fn credentials_and_acts_that_are_worth_nothing_are_on_record() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let (meeting, other) = (owner.make_meeting().await, owner.make_meeting().await);
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let stranger = Caller {
        credential: Some("unknown".to_owned()),
        ..Caller::nobody(&server)
    };
    let before = server.entries().await.len();

    let ticket = format!("/meetings/{}/ticket", meeting.id);
    stranger.post(&ticket).await;
    guest.post(&format!("/meetings/{}/ticket", other.id)).await;
    let nowhere = "/meetings/00000000-0000-7000-8000-000000000000/end";
    owner.post(nowhere).await;
    let admit = format!("/meetings/{}/lobby/{}/admit", meeting.id, guest.participant);
    host.post(&admit).await;
    let gone = Caller::nobody(&server).come(&meeting, "Cy").await;
    gone.post(&format!("/meetings/{}/leave", meeting.id)).await;
    let after = server.entries().await.len();
    let shown = [(&stranger, &meeting), (&guest, &other), (&gone, &meeting)];
    for (number, (caller, at)) in shown.into_iter().enumerate() {
        let channel = Channel::open(&server, at, caller, None).await;
        assert_eq!(channel.said_goodbye().await, "not_authenticated");
        wait_for(&server, after + number + 1).await;
    }
    let unknown = Caller {
        cookie: Some("unknown".to_owned()),
        ..Caller::nobody(&server)
    };
    unknown.get("/session").await;
    let nowhere = "/meetings/00000000-0000-7000-8000-000000000000";
    owner.get(nowhere).await;

    let entries = server.entries().await.split_off(before);
    let records: Vec<_> = entries
        .iter()
        .filter(|entry| entry.outcome != Outcome::Done)
        .map(|entry| {
            assert_eq!(entry.outcome, Outcome::Refused);
            assert!(entry.src.is_some() && entry.req_id.is_some());
            let reason = entry.reason.as_ref().unwrap().as_str();
            (entry.event.name(), reason)
        })
        .collect();
    assert_eq!(
        records,
        [
            ("access.refused", "unknown_credential"),
            ("access.refused", "other_meeting"),
            ("meeting.end", "not_its_host"),
            ("meeting.admit", "not_waiting"),
            ("access.refused", "unknown_credential"),
            ("access.refused", "other_meeting"),
            ("access.refused", "not_admitted"),
            ("access.refused", "unknown_session"),
            ("access.refused", "not_its_host"),
        ]
    );
    server.stop().await;
}

#[tokio::test]
async fn a_key_of_another_request_and_a_session_that_times_out_are_on_record() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).knock(&meeting, "Bo").await;
    let deny = format!("/meetings/{}/lobby/{}/deny", meeting.id, guest.participant);
    let send = async |path: &str| {
        let request = host.request(Method::POST, path);
        let (client, request) = request.build_split();
        let mut request = request.unwrap();
        let key = "7b3c1f0e-0c53-4a1b-9a66-2f2f3f4f5f6f".parse().unwrap();
        request.headers_mut().insert("idempotency-key", key);
        Answer::read(client.execute(request).await.unwrap()).await
    };
    send(&deny).await;

    let end = format!("/meetings/{}/end", meeting.id);
    assert_eq!(send(&end).await.code(), "idempotency_key_reused");

    let last = server.entries().await.pop().unwrap();
    assert_eq!(
        (last.event.name(), last.outcome),
        ("meeting.end", Outcome::Refused)
    );
    assert_eq!(last.reason.unwrap().as_str(), "key_reused");
    server.wait(Duration::from_secs(13 * 60 * 60));
    let server = server.restart().await;
    let timed_out = async {
        let name = "auth.session.timeout";
        while !server
            .entries()
            .await
            .iter()
            .any(|entry| entry.event.name() == name)
        {
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, timed_out).await.unwrap();
    server.stop().await;
}
