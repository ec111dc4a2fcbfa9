//! Passkeys, from an authenticator that can be made to lie.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::authenticator::Authenticator;
use crate::caller::{Answer, Caller};
use crate::server_in_a_box::Server;

#[tokio::test]
async fn a_passkey_signs_in_alone_and_proves_again_who_sits_there() {
    let server = Server::start().await;
    let mut owner = Caller::owner(&server).await;
    let mut device = add(&mut owner).await;

    for (domain, of_others) in [("localhost", 0), ("elsewhere.example", 1), ("", 1)] {
        let found = server.store().passkeys_of_other_domains(domain).await;
        assert_eq!(found.unwrap(), of_others, "{domain}");
    }
    let mut other = Caller::nobody(&server);
    let answer = use_it(&mut other, &mut device).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(other.get("/meetings").await.status, StatusCode::OK);

    let before = other.clone();
    let answer = use_it(&mut other, &mut device).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(before.get("/session").await.code(), "not_signed_in");
    assert_eq!(other.get("/session").await.status, StatusCode::OK);
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    // At a shared machine the wrong one may be chosen: what was to be proved is not.
    let bo = owner.invited("bo.hadley@riverside.example", "member").await;
    device.counter += 1;
    let begun = bo.post("/session/passkey/options").await.body;
    let mut body = device.sign(&begun);
    body["account"] = json!(bo.account().await);
    let wrong = bo.send(Method::POST, "/session/passkey", Some(body)).await;
    assert_eq!(wrong.code(), "passkey_refused");
    assert_eq!(bo.get("/session").await.status, StatusCode::OK);
    let ways = owner.get("/account/sign-in").await.body;
    assert!(ways["passkeys"][0]["last_used_at"].is_string(), "{ways}");
    server.stop().await;
}

// Shows: ABUSE-10.
#[tokio::test]
async fn a_passkey_that_lies_is_refused_and_on_record() {
    let server = Server::executable().await;
    let mut owner = Caller::owner(&server).await;
    let mut device = add(&mut owner).await;
    let nobody = Caller::nobody(&server);
    let mut lies: Vec<(&str, Authenticator)> = Vec::new();
    let with = |change: fn(&mut Authenticator), device: &Authenticator| {
        let mut lying = Authenticator {
            counter: 10,
            ..device.clone()
        };
        change(&mut lying);
        lying
    };
    lies.push((
        "origin",
        with(
            |lying| lying.origin = "http://evil.example".to_owned(),
            &device,
        ),
    ));
    lies.push((
        "domain",
        with(|lying| lying.domain = "evil.example".to_owned(), &device),
    ));
    lies.push(("unverified", with(|lying| lying.verifies = false, &device)));
    lies.push(("holder", with(|lying| lying.user = vec![7; 16], &device)));
    lies.push(("counter", with(|lying| lying.counter = 1, &device)));
    lies.push(("unknown", Authenticator::of("")));
    for (lie, lying) in lies {
        let before = server.entries().await.len();
        let begun = nobody.post("/session/passkey/options").await.body;
        let body = lying.sign(&begun);

        let answer = nobody
            .send(Method::POST, "/session/passkey", Some(body))
            .await;

        assert_eq!(answer.code(), "passkey_refused", "{lie}");
        let entries = server.entries().await.split_off(before);
        let names: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
        assert_eq!(names, ["auth.fail"], "{lie}");
    }
    // What was right once is worth nothing a second time, nor for another challenge.
    device.counter += 1;
    let begun = nobody.post("/session/passkey/options").await.body;
    let body = device.sign(&begun);
    let send = async |body| {
        nobody
            .send(Method::POST, "/session/passkey", Some(body))
            .await
    };
    assert_eq!(send(body.clone()).await.status, StatusCode::OK);
    assert_eq!(send(body.clone()).await.code(), "ceremony_expired");
    let mut again = body;
    again["ceremony"] = nobody.post("/session/passkey/options").await.body["ceremony"].clone();
    assert_eq!(send(again).await.code(), "passkey_refused");
    server.stop().await;
}

#[tokio::test]
async fn a_passkey_is_added_by_who_began_once_and_verified() {
    let server = Server::start().await;
    let mut owner = Caller::owner(&server).await;
    let other = Caller::sign_in(&server).await;
    let device = Authenticator::of(&owner.account().await.to_string());
    let begun = owner.post("/account/passkeys/options").await.body;

    let stolen = other.send(
        Method::POST,
        "/account/passkeys",
        Some(device.create(&begun)),
    );
    assert_eq!(stolen.await.code(), "ceremony_expired");
    let begun = owner.post("/account/passkeys/options").await.body;
    let unverified = Authenticator {
        verifies: false,
        ..device.clone()
    };
    let body = Some(unverified.create(&begun));
    let refused = owner.send(Method::POST, "/account/passkeys", body).await;
    assert_eq!(refused.code(), "passkey_refused");
    add(&mut owner).await;
    assert_eq!(other.get("/session").await.code(), "not_signed_in");

    let ways = owner.get("/account/sign-in").await.body;
    let id = ways["passkeys"][0]["id"].as_str().unwrap();
    let path = format!("/account/passkeys/{id}");
    let named = owner
        .send(Method::PUT, &path, Some(json!({"label": "Ward 3"})))
        .await;
    assert_eq!(named.status, StatusCode::NO_CONTENT, "{}", named.body);
    let removed = owner.send(Method::DELETE, "/account/totp", None).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    owner.keep_cookies(&removed);
    let last = owner.send(Method::DELETE, &path, None).await;
    assert_eq!(last.code(), "last_factor");
    server.stop().await;
}

/// A passkey of the owner's.
pub(crate) async fn add(owner: &mut Caller) -> Authenticator {
    let device = Authenticator::of(&owner.account().await.to_string());
    let begun = owner.post("/account/passkeys/options").await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
    let body = Some(device.create(&begun.body));
    let added = owner.send(Method::POST, "/account/passkeys", body).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    owner.keep_cookies(&added);
    device
}

pub(crate) async fn use_it(caller: &mut Caller, device: &mut Authenticator) -> Answer {
    device.counter += 1;
    let begun = caller.post("/session/passkey/options").await.body;
    let body = Some(device.sign(&begun));
    let answer = caller.send(Method::POST, "/session/passkey", body).await;
    if answer.status.is_success() {
        caller.keep_cookies(&answer);
    }
    answer
}
