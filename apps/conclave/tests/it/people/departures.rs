//! Whoever loses their rights is gone within a moment.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{BO, sign_in};
use crate::access::make_co_host;
use crate::caller::Caller;
use crate::channel::{Channel, open_meeting, open_meeting_at};
use crate::encryption::enter;
use crate::server_in_a_box::Server;

// Shows: REQ-AC-10, ABUSE-06.
#[tokio::test]
async fn whoever_is_suspended_is_out_of_everything_at_once_and_not_back_by_themselves() {
    let (server, meeting, _host) = open_meeting_at(Server::executable().await).await;
    let owner = Caller::sign_in(&server).await;
    let bo = owner.invited(BO, "member").await;
    let account = bo.account().await;
    let own = bo.make_meeting().await;
    let lead = bo.come(&own, "Bo").await;
    let guest = Caller::nobody(&server).come(&own, "Guest").await;
    let inside = bo.come(&meeting, "Bo").await;
    let left = owner.make_meeting().await;
    owner.come(&left, "Amy").await;
    let gone = bo.come(&left, "Bo").await;
    assert_eq!(
        gone.post(&format!("/meetings/{}/leave", left.id))
            .await
            .code(),
        ""
    );
    let mut media = enter(&server, &meeting, &inside).await;
    let theirs = Channel::open(&server, &meeting, &inside, None).await;
    let guests = Channel::open(&server, &own, &guest, None).await;

    let suspended = owner.change(account, "suspend").await;

    assert_eq!(
        suspended.status,
        StatusCode::NO_CONTENT,
        "{}",
        suspended.body
    );
    let answered = Instant::now();
    assert_eq!(theirs.said_goodbye().await, "expelled");
    assert_eq!(guests.said_goodbye().await, "meeting_ended");
    let ends = async { while let Some(Ok(_)) = media.next().await {} };
    tokio::time::timeout(PATIENCE, ends).await.unwrap();
    assert!(answered.elapsed() < Duration::from_secs(1));
    assert_eq!(bo.get("/session").await.code(), "not_signed_in");
    let ticket = |id: &str| format!("/meetings/{id}/ticket");
    assert_eq!(
        inside.post(&ticket(&meeting.id)).await.code(),
        "not_admitted"
    );
    assert_eq!(lead.post(&ticket(&own.id)).await.code(), "meeting_ended");
    let nobody = Caller::nobody(&server);
    assert_eq!(sign_in(&nobody, BO).await.code(), "account_not_active");
    // They know the links, of the meeting that they had left too: these let nobody straight in any more.
    for known in [&meeting, &left] {
        let body = json!({"display_name": "B", "invitation_proof": known.proof});
        let path = format!("/meetings/{}/join", known.code);
        let back = nobody.send(Method::POST, &path, Some(body)).await;
        assert_eq!(back.text("admission"), "waiting");
    }

    assert_eq!(owner.change(account, "restore").await.code(), "");

    assert_eq!(bo.get("/session").await.code(), "not_signed_in");
    Caller::sign_in_as(&server, BO).await;
    server.stop().await;
}

// Shows: REQ-ID-01.
#[tokio::test]
async fn a_meeting_goes_on_with_its_co_host_and_a_removed_account_leaves_its_address_free() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let bo = owner.invited(BO, "member").await;
    let account = bo.account().await;
    let deserted = bo.make_meeting().await;
    let lead = bo.come(&deserted, "Bo").await;
    let absent = Caller::nobody(&server).come(&deserted, "Cy").await;
    make_co_host(&deserted, &lead, &absent).await;
    server.wait(Duration::from_secs(3 * 60));
    let meeting = bo.make_meeting().await;
    let host = bo.come(&meeting, "Bo").await;
    let co_host = Caller::nobody(&server).come(&meeting, "Cy").await;
    make_co_host(&meeting, &host, &co_host).await;
    let later = bo.make_meeting().await;
    let ticket = format!("/meetings/{}/ticket", deserted.id);
    assert_eq!(absent.post(&ticket).await.code(), "");

    assert_eq!(owner.change(account, "remove").await.code(), "");

    // A co-host who has closed the page leads nothing.
    assert_eq!(absent.post(&ticket).await.code(), "meeting_ended");

    let lock = format!("/meetings/{}/lock", meeting.id);
    assert_eq!(co_host.post(&lock).await.code(), "");
    assert_eq!(host.post(&lock).await.code(), "not_admitted");
    let body = json!({"display_name": "Di", "invitation_proof": later.proof});
    let path = format!("/meetings/{}/join", later.code);
    let gone = Caller::nobody(&server)
        .send(Method::POST, &path, Some(body))
        .await;
    assert_eq!(gone.code(), "meeting_not_found");
    let people = owner.get("/people").await;
    assert_eq!(people.body["people"].as_array().map(Vec::len), Some(1));
    for again in ["suspend", "remove", "restore"] {
        assert_eq!(
            owner.change(account, again).await.code(),
            "account_not_found"
        );
    }
    let kept = server
        .store()
        .account(conclave_protocol::AccountId(account))
        .await;
    let kept = kept.unwrap().unwrap();
    assert!(!kept.email.as_str().contains("bo.hadley"));
    assert_eq!(kept.display_name.as_str(), "Removed");
    let anew = owner.invited(BO, "member").await;
    assert_ne!(anew.account().await, account);
    server.stop().await;
}

// Shows: REQ-AC-10.
#[tokio::test]
async fn a_suspension_that_waits_in_the_spool_reaches_meetings_all_the_same() {
    let (server, meeting, _host) = open_meeting().await;
    let owner = Caller::sign_in(&server).await;
    let bo = owner.invited(BO, "member").await;
    let account = bo.account().await;
    let inside = bo.come(&meeting, "Bo").await;
    let mut media = enter(&server, &meeting, &inside).await;
    let channel = Channel::open(&server, &meeting, &inside, None).await;
    let blockade = server.block_writes().await;

    assert_eq!(owner.change(account, "suspend").await.code(), "");

    assert_eq!(channel.said_goodbye().await, "expelled");
    let ends = async { while let Some(Ok(_)) = media.next().await {} };
    tokio::time::timeout(PATIENCE, ends).await.unwrap();
    drop(blockade);
    server.stop().await;
}

const PATIENCE: Duration = Duration::from_secs(20);
