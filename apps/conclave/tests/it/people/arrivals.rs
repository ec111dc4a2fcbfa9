//! An account is made by invitation, or on request.

use std::time::Duration;

use conclave_audit::{Event, Outcome};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{BO, CY, person, sign_in};
use crate::caller::{Caller, EMAIL, accept};
use crate::letterbox::Letterbox;
use crate::server_in_a_box::Server;

// Shows: REQ-ID-01, REQ-ID-03, REQ-AC-10.
#[tokio::test]
async fn an_invitation_makes_one_account_that_acts_at_once() {
    let mut box_of_bo = Letterbox::open().await;
    let server = Server::start_with(|config| box_of_bo.configure(config)).await;
    let owner = Caller::owner(&server).await;
    let nobody = Caller::nobody(&server);

    assert_eq!(owner.invite(BO, "member").await, "", "the link is mailed");
    let first = box_of_bo.next().await;
    assert!(first.to.contains(BO));
    assert!(!first.text.contains("Amy"));
    assert_eq!(owner.invite(BO, "member").await, "");
    let letter = box_of_bo.next().await;
    let entries = server.entries().await;
    let names: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
    assert!(
        names.ends_with(&["user.withdraw_invitation", "user.invite"]),
        "{names:?}"
    );
    let token = letter.secret("invited");
    for (body, code) in [
        (accept(&first.secret("invited")), "link_invalid"),
        (accept("AAAA"), "link_invalid"),
    ] {
        let answer = nobody.send(Method::POST, "/invitations/accept", Some(body));
        assert_eq!(answer.await.code(), code);
    }

    let bo = nobody.accept(&token).await;

    let me = bo.get("/session").await;
    assert_eq!(
        (me.text("email"), me.text("role")),
        (BO.to_owned(), "member".to_owned())
    );
    bo.make_meeting().await;
    // Its approver is found by the invitation.
    let entries = server.entries().await;
    let invited = entries.iter().rev().find_map(|entry| match entry.event {
        Event::UserInvite { invitation, .. } => Some(invitation),
        _ => None,
    });
    let by = entries.iter().rev().find_map(|entry| match entry.event {
        Event::UserAcceptInvitation { invitation, .. } => Some(invitation),
        _ => None,
    });
    assert_eq!(by, Some(invited));
    let again = nobody
        .send(Method::POST, "/invitations/accept", Some(accept(&token)))
        .await;
    assert_eq!(again.code(), "link_invalid");
    let body = json!({"email": BO.to_uppercase(), "role": "member"});
    let taken = owner.send(Method::POST, "/invitations", Some(body)).await;
    assert_eq!(taken.code(), "account_exists");
    owner.invite(CY, "member").await;
    let stale = box_of_bo.next().await.secret("invited");
    server.wait(Duration::from_secs(7 * 24 * 60 * 60));
    let late = nobody
        .send(Method::POST, "/invitations/accept", Some(accept(&stale)))
        .await;
    assert_eq!(late.code(), "link_invalid");
    server.stop().await;
}

// Shows: REQ-ID-03, REQ-AC-10, REQ-AC-24.
#[tokio::test]
async fn a_request_is_worth_nothing_until_it_is_approved() {
    let mut letters = Letterbox::open().await;
    let server = Server::start_with(|config| {
        letters.configure(config);
        config.accounts.requests = true;
    })
    .await;
    let owner = Caller::owner(&server).await;
    let nobody = Caller::nobody(&server);
    let ask = async |email: &str| {
        let body = json!({"email": email});
        let answer = nobody
            .send(Method::POST, "/account-requests", Some(body))
            .await;
        (answer.status, answer.body)
    };

    let answers = [ask(BO).await, ask(EMAIL).await, ask("no address").await];

    assert!(
        answers
            .iter()
            .all(|answer| *answer == (StatusCode::ACCEPTED, Value::Null))
    );
    let (one, other) = (letters.next().await, letters.next().await);
    let (bos, owners) = match one.to.contains(BO) {
        true => (one, other),
        false => (other, one),
    };
    assert!(owners.text.contains("has one already"));
    let confirm = accept(&bos.secret("requested"));
    let confirmed = nobody
        .send(
            Method::POST,
            "/account-requests/confirm",
            Some(confirm.clone()),
        )
        .await;
    assert_eq!(
        confirmed.status,
        StatusCode::NO_CONTENT,
        "{}",
        confirmed.body
    );
    let again = nobody
        .send(Method::POST, "/account-requests/confirm", Some(confirm))
        .await;
    assert_eq!(again.code(), "link_invalid");
    assert_eq!(sign_in(&nobody, BO).await.code(), "account_not_active");
    let people = owner.get("/people").await;
    let bo = person(&people, BO);
    assert_eq!(bo["state"], "pending");
    let account = bo["account"].as_str().unwrap().parse().unwrap();
    assert_eq!(
        owner.change(account, "restore").await.code(),
        "account_state"
    );

    assert_eq!(owner.change(account, "approve").await.code(), "");

    Caller::sign_in_as(&server, BO).await.make_meeting().await;
    let approval = server.entries().await;
    let approval = approval
        .iter()
        .rfind(|entry| entry.event.name() == "user.approve");
    assert!(approval.is_some_and(|entry| entry.outcome == Outcome::Done));
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn a_request_that_nobody_decides_on_is_forgotten_on_record_once() {
    const LONGER_THAN_KEPT: Duration = Duration::from_secs(31 * 24 * 60 * 60);
    let mut letters = Letterbox::open().await;
    let server = Server::start_with(|config| {
        letters.configure(config);
        config.accounts.requests = true;
    })
    .await;
    Caller::owner(&server).await;
    let nobody = Caller::nobody(&server);
    let body = Some(json!({"email": BO}));
    nobody.send(Method::POST, "/account-requests", body).await;
    let confirm = accept(&letters.next().await.secret("requested"));
    let path = "/account-requests/confirm";
    let confirmed = nobody.send(Method::POST, path, Some(confirm)).await;
    assert_eq!(
        confirmed.status,
        StatusCode::NO_CONTENT,
        "{}",
        confirmed.body
    );
    server.wait(LONGER_THAN_KEPT);

    let server = server.restart().await;

    let forgotten = async {
        loop {
            let entries = server.entries().await.into_iter();
            let forgotten = entries.filter(|entry| entry.event.name() == "user.forget_request");
            let forgotten: Vec<_> = forgotten.map(|entry| entry.outcome).collect();
            if !forgotten.is_empty() {
                return forgotten;
            }
            tokio::task::yield_now().await;
        }
    };
    let forgotten = tokio::time::timeout(Duration::from_secs(30), forgotten).await;
    assert_eq!(forgotten.unwrap(), [Outcome::Done]);
    server.stop().await;
}
