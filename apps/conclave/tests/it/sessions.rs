//! Signing in and out: stories, refusals, time.

use std::net::IpAddr;
use std::time::Duration;

use conclave_audit::Actor;
use reqwest::{Client, Method, StatusCode, header};
use serde_json::json;

use crate::caller::{Answer, Caller, EMAIL, PASSWORD, set_up};
use crate::server_in_a_box::Server;

#[tokio::test]
async fn the_one_time_link_makes_the_owner_once() {
    let server = Server::start().await;
    let first = set_up(&server);
    let nobody = Caller::nobody(&server);
    assert_eq!(nobody.get("/server").await.body["needs_owner"], true);

    let owner = Caller::owner(&server).await;

    let me = owner.get("/session").await;
    assert_eq!(
        (me.text("email"), me.text("role")),
        (EMAIL.to_owned(), "owner".to_owned())
    );
    assert_eq!(nobody.get("/server").await.body["needs_owner"], false);
    let again = nobody.send(Method::POST, "/setup", Some(first)).await;
    assert_eq!(
        (again.status, again.code()),
        (StatusCode::CONFLICT, "owner_exists".to_owned())
    );
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_or_old_link_makes_nobody() {
    let server = Server::start().await;
    let nobody = Caller::nobody(&server);
    let mut wrong = set_up(&server);
    wrong["token"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

    let refused = nobody.send(Method::POST, "/setup", Some(wrong)).await;
    assert_eq!(refused.code(), "setup_link_invalid");

    server.wait(Duration::from_secs(30 * 60));
    let refused = nobody
        .send(Method::POST, "/setup", Some(set_up(&server)))
        .await;
    assert_eq!(refused.code(), "setup_link_invalid");
    server.stop().await;
}

#[tokio::test]
async fn a_guessable_password_is_refused_and_the_link_stays_good() {
    let server = Server::start().await;
    let nobody = Caller::nobody(&server);
    for (password, code) in [
        ("short", "password_too_short"),
        ("passwordpassword", "password_common"),
        (&"x y".repeat(100), "password_too_long"),
    ] {
        let mut body = set_up(&server);
        body["password"] = json!(password);

        let refused = nobody.send(Method::POST, "/setup", Some(body)).await;

        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, code.to_owned())
        );
    }
    Caller::owner(&server).await;
    server.stop().await;
}

// Shows: ABUSE-06.
#[tokio::test]
async fn each_sign_in_is_a_session_of_its_own_and_ends_on_its_own() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;

    let second = Caller::sign_in(&server).await;
    assert_ne!(owner.cookie, second.cookie);
    let answer = second.send(Method::DELETE, "/session", None).await;

    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(
        answer.headers[header::SET_COOKIE]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(second.get("/session").await.code(), "not_signed_in");
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    server.stop().await;
}

// Shows: REQ-LO-02, ABUSE-06.
#[tokio::test]
async fn a_session_ends_when_its_holder_does_nothing() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;

    server.wait(Duration::from_secs(10 * 60));
    assert_eq!(owner.get("/meetings").await.status, StatusCode::OK);
    server.wait(Duration::from_secs(10 * 60));
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    server.wait(Duration::from_secs(6 * 60));

    assert_eq!(owner.get("/session").await.code(), "not_signed_in");
    let entries = server.entries().await;
    assert_eq!(
        entries.last().map(|entry| entry.event.name()),
        Some("auth.session.timeout")
    );
    server.stop().await;
}

// Shows: ABUSE-06.
#[tokio::test]
async fn a_session_ends_after_a_long_shift_whatever_its_holder_does() {
    const TEN_MINUTES: Duration = Duration::from_secs(10 * 60);
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    for _ in 1..12 * 6 {
        server.wait(TEN_MINUTES);
        let acts = owner.get("/meetings").await;
        assert_eq!(acts.status, StatusCode::OK, "{}", acts.body);
    }

    server.wait(TEN_MINUTES);

    let late = owner.get("/meetings").await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert_eq!(late.code(), "not_signed_in");
    let entries = server.entries().await;
    assert_eq!(
        entries.last().map(|entry| entry.event.name()),
        Some("auth.session.timeout")
    );
    server.stop().await;
}

#[tokio::test]
async fn a_session_survives_a_restart_and_its_cookie_is_not_in_the_database() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;

    let server = server.restart().await;

    let owner = Caller {
        cookie: owner.cookie,
        ..Caller::nobody(&server)
    };
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    server.stop().await;
}

// Shows: ABUSE-03.
#[tokio::test]
async fn an_unknown_address_is_answered_as_a_wrong_password_is() {
    let server = Server::executable().await;
    Caller::owner(&server).await;
    let nobody = Caller::nobody(&server);

    let mut answers = Vec::new();
    for email in [EMAIL, "nobody@riverside.example", "not an address"] {
        let body = json!({"email": email, "password": "a wrong but long password"});
        let (runs, entries) = (runs(&server).await, server.entries().await.len());
        let answer = nobody.send(Method::POST, "/session", Some(body)).await;
        let hashed = self::runs(&server).await - runs;
        let recorded = server.entries().await.len() - entries;
        answers.push((answer.status, answer.body, hashed, recorded));
    }

    for (status, body, hashed, recorded) in &answers {
        assert_eq!(*status, StatusCode::UNAUTHORIZED);
        assert_eq!(body, &answers[0].1);
        // The work is counted, not timed: one hash is worth a thousand times all the rest. `oracle` times it.
        assert_eq!((*hashed, *recorded), (1, 1));
    }
    server.stop().await;
}

/// How often argon2id ran.
async fn runs(server: &Server) -> u64 {
    let figures = reqwest::get(format!("{}/metrics", server.admin_url())).await;
    let figures = figures.unwrap().text().await.unwrap();
    let mut lines = figures.lines();
    let line = lines.find_map(|line| line.strip_prefix("conclave_password_runs_total "));
    line.unwrap().parse().unwrap()
}

// Shows: ABUSE-05.
#[tokio::test]
async fn one_password_on_many_accounts_locks_its_network_out_and_is_on_record() {
    /// As many as mistype in a ward.
    const FREE: usize = 101;
    let server = Server::executable().await;
    Caller::owner(&server).await;
    let nobody = Caller::nobody(&server);
    let before = server.entries().await.len();

    let mut codes = Vec::new();
    for number in 0..=FREE {
        let email = format!("person{number}@riverside.example");
        let body = json!({"email": email, "password": "spring-2026-riverside"});
        let answer = nobody.send(Method::POST, "/session", Some(body)).await;
        codes.push(answer.code());
    }

    let (tried, slowed) = codes.split_at(FREE);
    assert!(
        tried.iter().all(|code| code == "sign_in_failed"),
        "{tried:?}"
    );
    assert_eq!(slowed, ["too_many_attempts"]);
    let entries = server.entries().await.split_off(before);
    let count = |name: &str| {
        let named = entries.iter().filter(|entry| entry.event.name() == name);
        named.count()
    };
    assert_eq!((count("auth.fail"), count("auth.lockout")), (FREE, 1));
    // Of another network nothing is held against anybody.
    let elsewhere = Client::builder().local_address(IpAddr::from([127, 0, 1, 1]));
    let owner = Caller {
        client: elsewhere.build().unwrap(),
        ..Caller::nobody(&server)
    };
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let answer = owner.send(Method::POST, "/session", Some(body)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    server.stop().await;
}

#[tokio::test]
async fn guessing_locks_the_guesser_out_and_nobody_else() {
    let server = Server::start().await;
    Caller::owner(&server).await;
    let nobody = Caller::nobody(&server);
    let guess = async |password: &str| {
        let body = json!({"email": EMAIL, "password": password});
        nobody.send(Method::POST, "/session", Some(body)).await
    };
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(guess("a wrong but long password").await);
    }

    let locked = answers.pop().unwrap();
    assert_eq!(
        (locked.status, locked.code()),
        (
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_attempts".to_owned()
        )
    );
    let seconds: u64 = locked.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(guess(PASSWORD).await.code(), "too_many_attempts");
    server.wait(Duration::from_secs(seconds));
    assert_eq!(guess(PASSWORD).await.status, StatusCode::ACCEPTED);
    server.stop().await;
}

// Shows: REQ-ID-02.
#[tokio::test]
async fn a_server_that_nobody_has_set_up_has_no_account() {
    let server = Server::start().await;

    let organisation = server.store().first_organisation().await.unwrap();

    assert!(organisation.is_none());
    for (email, password) in [
        ("admin@localhost.example", "admin"),
        ("owner@riverside.example", "password1234567"),
        (EMAIL, PASSWORD),
    ] {
        let body = json!({"email": email, "password": password});
        let nobody = Caller::nobody(&server);
        let answer = nobody.send(Method::POST, "/session", Some(body)).await;
        assert_eq!(answer.code(), "sign_in_failed", "{email}");
    }
    server.stop().await;
}

// Shows: ABUSE-07.
#[tokio::test]
async fn a_planted_cookie_is_not_taken_over_at_sign_in() {
    let server = Server::executable().await;
    Caller::owner(&server).await;
    let planted = Caller {
        cookie: Some("planted".to_owned()),
        ..Caller::nobody(&server)
    };

    let body = json!({"email": EMAIL, "password": PASSWORD});
    let answer = planted.send(Method::POST, "/session", Some(body)).await;

    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(!cookie.contains("planted"));
    assert_eq!(
        planted.get("/session").await.status,
        StatusCode::UNAUTHORIZED
    );
    server.stop().await;
}

// Shows: ABUSE-31.
#[tokio::test]
async fn pages_of_other_sites_can_do_nothing() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let before = server.entries().await.len();
    let foreign = [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ];
    for header in foreign {
        let answer = from_another_site(&owner, Method::DELETE, "/session", header).await;

        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{header:?}");
        assert_eq!(answer.code(), "cross_site_request");
    }
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    let entries = server.entries().await.split_off(before);
    assert_eq!(entries.len(), foreign.len());
    for entry in entries {
        assert_eq!(entry.event.name(), "access.refused");
        assert_eq!(entry.reason.unwrap().as_str(), "cross_site");
        assert!(matches!(entry.actor, Actor::Anonymous));
        assert!(entry.src.is_some() && entry.req_id.is_some());
    }
    server.stop().await;
}

#[tokio::test]
async fn what_other_sites_send_is_on_record_at_a_pace_and_uses_up_nobody_s_own() {
    let server = Server::start_with(|config| {
        config.limits.changes_per_second = std::num::NonZeroU32::MIN;
    })
    .await;
    let nobody = Caller::nobody(&server);
    let before = server.entries().await.len();
    let foreign = ("origin", "https://evil.example");
    let join = "/meetings/000-000-000/join";

    for _ in 0..40 {
        let answer = from_another_site(&nobody, Method::POST, join, foreign).await;
        assert_eq!(answer.code(), "cross_site_request");
    }

    let recorded = server.entries().await.len() - before;
    assert!((1..20).contains(&recorded), "{recorded}");
    let body = json!({"display_name": "Bo"});
    let answer = nobody.send(Method::POST, join, Some(body)).await;
    assert_eq!(answer.code(), "meeting_not_found");
    server.stop().await;
}

/// What the caller's browser sends for a page that is not this server's.
async fn from_another_site(
    caller: &Caller,
    method: Method,
    path: &str,
    (name, value): (&'static str, &str),
) -> Answer {
    let (client, request) = caller.request(method, path).build_split();
    let mut request = request.unwrap();
    request.headers_mut().insert(name, value.parse().unwrap());
    Answer::read(client.execute(request).await.unwrap()).await
}

#[tokio::test]
async fn a_flood_of_requests_is_neither_served_nor_recorded() {
    let server = Server::start_with(|config| {
        config.limits.changes_per_second = std::num::NonZeroU32::MIN;
    })
    .await;
    let nobody = Caller::nobody(&server);
    let before = server.entries().await.len();

    let mut codes = Vec::new();
    for _ in 0..40 {
        let body = json!({"display_name": "Bo"});
        let answer = nobody
            .send(Method::POST, "/meetings/000-000-000/join", Some(body))
            .await;
        codes.push(answer.code());
    }

    assert_eq!(codes[0], "meeting_not_found");
    let refused = codes
        .iter()
        .filter(|code| *code == "too_many_requests")
        .count();
    let recorded = server.entries().await.len() - before;
    assert!(refused > 0);
    assert_eq!(recorded + refused, codes.len());
    assert_eq!(nobody.get("/server").await.status, StatusCode::OK);
    server.stop().await;
}

#[tokio::test]
async fn who_asks_again_and_again_for_what_is_not_theirs_is_not_on_record_each_time() {
    let server = Server::start_with(|config| {
        config.limits.changes_per_second = std::num::NonZeroU32::MIN;
    })
    .await;
    let stranger = Caller {
        credential: Some("of nobody".to_owned()),
        ..Caller::nobody(&server)
    };
    let before = server.entries().await.len();

    let terms = "/meetings/00000000-0000-7000-8000-000000000000/support/terms";
    for _ in 0..40 {
        assert_eq!(stranger.get(terms).await.code(), "not_authenticated");
    }

    let recorded = server.entries().await.len() - before;
    assert!((1..20).contains(&recorded), "{recorded}");
    server.stop().await;
}
