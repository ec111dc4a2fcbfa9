//! What is done by mail takes the letterbox of whom it is about.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{BO, CY, DI, sign_in};
use crate::caller::{Answer, Caller, EMAIL, PASSWORD, accept};
use crate::letterbox::{self, Letterbox};
use crate::server_in_a_box::Server;

// Shows: ABUSE-11.
#[tokio::test]
async fn a_forgotten_password_is_chosen_anew_by_mail_once() {
    let mut letters = Letterbox::open().await;
    let server = Server::executable_with(|config| letters.configure(config)).await;
    let owner = Caller::owner(&server).await;
    let nobody = Caller::nobody(&server);
    let ask = async |email: &str, host: &str| {
        let request = nobody.request(Method::POST, "/password-resets");
        let request = request.header("host", host).json(&json!({"email": email}));
        let answer = Answer::read(request.send().await.unwrap()).await;
        (answer.status, answer.body)
    };
    let finish = async |token: &str, password: &str| {
        let body = json!({"token": token, "password": password});
        nobody
            .send(Method::POST, "/password-resets/finish", Some(body))
            .await
    };

    let unknown = ask("nobody@riverside.example", &address(&server)).await;
    let known = ask(EMAIL, &address(&server)).await;

    assert_eq!(unknown, known);
    assert_eq!(known.0, StatusCode::ACCEPTED);
    let letter = letters.next().await;
    assert!(letter.to.contains(EMAIL));
    assert!(letter.text.contains(&format!("{}/reset#", server.origin())));
    // Whoever asks for another, and it may be a stranger, makes none void.
    let token = letter.secret("reset");
    assert_eq!(ask(EMAIL, &address(&server)).await, known);
    let second = letters.next().await.secret("reset");
    assert_eq!(finish("AAAA", OTHER_PASSWORD).await.code(), "link_invalid");
    assert_eq!(finish(&token, "short").await.code(), "password_too_short");
    assert_eq!(finish(&token, OTHER_PASSWORD).await.code(), "");
    for spent in [&token, &second] {
        assert_eq!(finish(spent, OTHER_PASSWORD).await.code(), "link_invalid");
    }
    assert_eq!(owner.get("/session").await.code(), "not_signed_in");
    assert_eq!(sign_in(&nobody, EMAIL).await.code(), "sign_in_failed");
    // Whoever has the letterbox alone is not in by that: the second factor is asked for as before.
    let body = Some(json!({"email": EMAIL, "password": OTHER_PASSWORD}));
    let mut thief = Caller::nobody(&server);
    let half = thief.send(Method::POST, "/session", body).await;
    assert_eq!(half.status, StatusCode::ACCEPTED);
    thief.keep_cookies(&half);
    assert!(thief.cookie.is_none());
    assert_eq!(thief.get("/session").await.code(), "not_signed_in");
    // A host that the request names is nobody's: a page's request is refused, and of one that no page made the link is as
    // configured.
    let poisoned = ask(EMAIL, "evil.example").await;
    assert_eq!(poisoned.0, StatusCode::FORBIDDEN);
    let request = reqwest::Client::new().post(format!("{}/api/v1/password-resets", server.url()));
    let request = request
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example");
    let asked = request.json(&json!({"email": EMAIL})).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::ACCEPTED);
    let letter = letters.next().await;
    assert!(letter.text.contains(&format!("{}/reset#", server.origin())));
    assert!(!letter.text.contains("evil.example"));
    let late = letter.secret("reset");
    server.wait(Duration::from_secs(30 * 60));
    assert_eq!(finish(&late, PASSWORD).await.code(), "link_invalid");
    assert!(letters.is_empty());
    server.stop().await;
}

// Shows: ABUSE-12.
#[tokio::test]
async fn an_address_is_changed_by_its_holder_who_has_the_other_letterbox_too() {
    const ELSEWHERE: &str = "amy@elsewhere.example";
    let mut letters = Letterbox::open().await;
    let server = Server::executable_with(|config| letters.configure(config)).await;
    let mut owner = Caller::owner(&server).await;
    owner.invite(BO, "member").await;
    let token = letters.next().await.secret("invited");
    let bo = owner.accept(&token).await;
    let ask = async |who: &Caller, email: &str| {
        let body = Some(json!({"email": email}));
        let answer = who.send(Method::POST, "/account/email", body).await;
        (answer.status, answer.body)
    };
    let confirm = async |who: &Caller, token: &str| {
        let body = Some(json!({"token": token}));
        who.send(Method::POST, "/account/email/confirm", body).await
    };
    let other = Caller::sign_in(&server).await;

    let taken = ask(&owner, BO).await;
    assert!(!letters.next().await.text.contains("/email#"));
    let free = ask(&owner, ELSEWHERE).await;

    assert_eq!((taken.0, &taken), (StatusCode::ACCEPTED, &free));
    let void = letters.next().await.secret("email");
    ask(&owner, ELSEWHERE).await;
    let letter = letters.next().await;
    assert!(letter.to.contains(ELSEWHERE));
    let token = letter.secret("email");
    // Whoever merely has the letterbox gets nothing by it.
    for (who, token, code) in [
        (&Caller::nobody(&server), &token, "not_signed_in"),
        (&bo, &token, "link_invalid"),
        (&owner, &void, "link_invalid"),
    ] {
        assert_eq!(confirm(who, token).await.code(), code);
    }
    let ways = owner.get("/account/sign-in").await;
    assert_eq!(ways.text("asked_email"), ELSEWHERE);
    let changed = confirm(&owner, &token).await;
    assert_eq!(changed.code(), "");
    owner.keep_cookies(&changed);
    assert_eq!(confirm(&owner, &token).await.code(), "link_invalid");
    assert_eq!(owner.get("/session").await.text("email"), ELSEWHERE);
    assert_eq!(other.get("/session").await.code(), "not_signed_in");
    let notice = letters.next().await;
    assert!(notice.to.contains(EMAIL) && !notice.text.contains("elsewhere"));
    assert_eq!(sign_in(&other, EMAIL).await.code(), "sign_in_failed");
    assert_eq!(
        sign_in(&other, ELSEWHERE).await.status,
        StatusCode::ACCEPTED
    );
    // What was free when it was asked for may be somebody's when the link is opened.
    ask(&bo, CY).await;
    let late = letters.next().await.secret("email");
    owner.invite(CY, "member").await;
    let token = letters.next().await.secret("invited");
    owner.accept(&token).await;
    assert_eq!(confirm(&bo, &late).await.code(), "link_invalid");
    server.wait(Duration::from_secs(10 * 60));
    assert_eq!(ask(&bo, DI).await.1["code"], "step_up_required");
    assert!(letters.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn mail_is_said_to_the_server_of_the_certificate_alone_and_by_its_user() {
    let mut letters = Letterbox::open_with_tls().await;
    for (authority, password, arrives) in [
        (false, letterbox::PASSWORD, false),
        (true, "not the password", false),
        (true, letterbox::PASSWORD, true),
    ] {
        let server = Server::start_with(|config| {
            letters.configure_tls(config, authority, password);
        })
        .await;
        let owner = Caller::owner(&server).await;

        assert_eq!(owner.invite(BO, "member").await, "");

        match arrives {
            true => assert!(letters.next().await.to.contains(BO)),
            false => letters.turned_away().await,
        }
        assert!(letters.is_empty());
        server.stop().await;
    }
}

#[tokio::test]
async fn asking_for_mail_again_and_again_is_refused_for_every_address_alike() {
    let letters = Letterbox::open().await;
    let server = Server::start_with(|config| letters.configure(config)).await;
    Caller::owner(&server).await;
    let nobody = Caller::nobody(&server);

    for email in [EMAIL, "nobody@riverside.example"] {
        let mut codes = Vec::new();
        for _ in 0..5 {
            let body = json!({"email": email});
            let answer = nobody
                .send(Method::POST, "/password-resets", Some(body))
                .await;
            codes.push(answer.code());
        }
        assert_eq!(codes, ["", "", "", "", "too_many_requests"], "{email}");
    }
    server.stop().await;
}

#[tokio::test]
async fn without_a_mail_server_links_are_handed_over_and_nobody_resets() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let nobody = Caller::nobody(&server);

    let link = owner.invite(BO, "member").await;

    assert!(link.starts_with(&format!("{}/invited#", server.origin())));
    let body = json!({"email": EMAIL});
    for (path, code) in [
        ("/password-resets", "mail_unavailable"),
        ("/account-requests", "account_requests_closed"),
    ] {
        let answer = nobody.send(Method::POST, path, Some(body.clone())).await;
        assert_eq!(answer.code(), code);
    }
    let people = owner.get("/people").await;
    assert_eq!(people.body["invitations"][0]["email"], BO);
    let last = people.body["people"][0]["account"].as_str().unwrap();
    let next = owner.get(&format!("/people?after={last}")).await;
    assert_eq!(next.body["people"], json!([]), "{}", next.body);
    for wrong in ["/people?after=x", "/people?page=2"] {
        assert_eq!(owner.get(wrong).await.code(), "malformed_request");
    }
    let id = people.body["invitations"][0]["id"].as_str().unwrap();
    let withdraw = format!("/invitations/{id}");
    assert_eq!(owner.send(Method::DELETE, &withdraw, None).await.code(), "");
    let (_, token) = link.split_once('#').unwrap();
    let spent = nobody
        .send(Method::POST, "/invitations/accept", Some(accept(token)))
        .await;
    assert_eq!(spent.code(), "link_invalid");
    let again = owner.send(Method::DELETE, &withdraw, None).await;
    assert_eq!(again.code(), "invitation_not_found");
    server.stop().await;
}

fn address(server: &Server) -> String {
    server.address().to_string()
}

const OTHER_PASSWORD: &str = "nine slow barges under a paper moon";
