//! Second factors, step-up, lock-outs and sessions, through the API.

use std::time::Duration;

use conclave_audit::Event;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, EMAIL, PASSWORD, set_up};
use crate::guarded::from;
use crate::passkeys::{add, use_it};
use crate::server_in_a_box::Server;

// Shows: REQ-AC-20.
#[tokio::test]
async fn an_owner_does_nothing_before_a_second_factor_is_set_up() {
    let server = Server::start().await;
    let mut owner = Caller::nobody(&server);
    let body = Some(set_up(&server));
    let made = owner.send(Method::POST, "/setup", body).await;
    owner.keep_cookies(&made);
    assert_eq!(made.body["second_factor_due"], true);
    assert_eq!(owner.get("/session").await.body["second_factor_due"], true);
    does_nothing(&owner).await;
    let before = owner.clone();

    let answer = owner.set_up_program(&server).await;

    let codes = answer.body["recovery_codes"].as_array().unwrap().len();
    assert_eq!(codes, 10);
    assert_eq!(before.get("/session").await.code(), "not_signed_in");
    assert_eq!(owner.get("/session").await.body["second_factor_due"], false);
    assert_eq!(owner.get("/meetings").await.status, StatusCode::OK);
    let again = owner.set_up_program(&server).await;
    assert_eq!(again.body["recovery_codes"], json!([]));
    assert_eq!(
        owner
            .send(Method::DELETE, "/account/totp", None)
            .await
            .code(),
        "last_factor"
    );
    server.stop().await;
}

// Shows: REQ-AC-20.
#[tokio::test]
async fn nor_does_an_admin_or_a_representative() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    for role in ["admin", "representative"] {
        let email = format!("{role}@riverside.example");
        let mut invited = owner.invited(&email, role).await;
        does_nothing(&invited).await;
        // Nor by signing in once more, with the password alone.
        let again = Caller::sign_in_as(&server, &email).await;
        does_nothing(&again).await;

        invited.set_up_program(&server).await;

        assert_eq!(invited.get("/session").await.text("role"), role);
        assert_eq!(invited.get("/meetings").await.status, StatusCode::OK);
        let body = json!({"email": email, "password": PASSWORD});
        let next = again.send(Method::POST, "/session", Some(body)).await;
        assert_eq!(next.status, StatusCode::ACCEPTED, "{role}: {}", next.body);
    }
    server.stop().await;
}

/// But set up a second factor.
async fn does_nothing(caller: &Caller) {
    let session = caller.get("/session").await;
    assert_eq!(session.body["second_factor_due"], true, "{}", session.body);
    for (method, path) in [
        (Method::GET, "/meetings"),
        (Method::GET, "/people"),
        (Method::GET, "/support/sessions"),
        (Method::GET, "/account/vault"),
        (Method::GET, "/account/sessions"),
        (Method::POST, "/account/recovery-codes"),
        (Method::DELETE, "/account/totp"),
    ] {
        let refused = caller.send(method, path, None).await;
        assert_eq!(refused.code(), "second_factor_required", "{path}");
    }
}

// Shows: ABUSE-08.
#[tokio::test]
async fn a_code_signs_in_once_however_many_try_it_at_once() {
    let server = Server::executable().await;
    Caller::owner(&server).await;
    let (first, second) = (
        Caller::with_password(&server).await,
        Caller::with_password(&server).await,
    );
    assert_eq!(first.get("/session").await.code(), "not_signed_in");
    let code = server.code().await;

    let (one, other) = tokio::join!(show(&first, "totp", &code), show(&second, "totp", &code));

    let mut codes = [one.code(), other.code()];
    codes.sort();
    assert_eq!(codes, ["", "second_factor_wrong"]);
    let late = Caller::with_password(&server).await;
    assert_eq!(
        show(&late, "totp", &code).await.code(),
        "second_factor_wrong"
    );
    server.wait(Duration::from_secs(5 * 60));
    let code = server.code().await;
    assert_eq!(show(&late, "totp", &code).await.code(), "sign_in_expired");
    server.stop().await;
}

#[tokio::test]
async fn a_recovery_code_is_good_once() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let made = owner.post("/account/recovery-codes").await;
    let code = made.body["recovery_codes"][0]
        .as_str()
        .unwrap()
        .to_uppercase();

    let caller = Caller::with_password(&server).await;
    assert_eq!(show(&caller, "recovery_code", &code).await.code(), "");
    let caller = Caller::with_password(&server).await;
    let again = show(&caller, "recovery_code", &code).await;

    assert_eq!(again.code(), "second_factor_wrong");
    let ways = owner.get("/account/sign-in").await.body;
    assert_eq!(ways["recovery_codes"], 9);
    server.stop().await;
}

// Shows: REQ-AC-03, ABUSE-04, ABUSE-09.
#[tokio::test]
async fn guessed_codes_lock_the_codes_and_not_the_passkey() {
    let server = Server::executable().await;
    let mut owner = Caller::owner(&server).await;
    let mut device = add(&mut owner).await;
    let caller = Caller::with_password(&server).await;
    for _ in 0..5 {
        let wrong = show(&caller, "totp", "00000x").await;
        assert_eq!(wrong.code(), "second_factor_wrong");
    }
    for hundred in 0..10 {
        let more = (0..100).map(|one| format!("{:06}", 100 * hundred + one));
        let more = more.map(async |code| show(&caller, "totp", &code).await.code());
        let told = join_all(more).await;
        assert!(told.iter().all(|code| code == "too_many_attempts"));
    }

    let code = server.code().await;
    let locked = show(&caller, "totp", &code).await;

    assert_eq!(locked.code(), "too_many_attempts");
    assert!(locked.headers.contains_key(header::RETRY_AFTER));
    let entry = server.entries().await.pop().unwrap();
    assert_eq!(entry.event.name(), "auth.lockout");
    let opened = use_it(&mut Caller::nobody(&server), &mut device).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    server.wait(Duration::from_secs(5 * 60));
    Caller::sign_in(&server).await;
    server.stop().await;
}

// Shows: ABUSE-12.
#[tokio::test]
async fn changing_how_one_signs_in_needs_proof_of_who_sits_there() {
    let server = Server::executable().await;
    let mut owner = Caller::owner(&server).await;
    let other = Caller::sign_in(&server).await;
    server.wait(Duration::from_secs(10 * 60));
    assert_eq!(
        owner.get("/account/sign-in").await.body["step_up_due"],
        true
    );
    let password = "nine slow barges under the bridge";
    let changes: [(Method, &str, Option<Value>); 7] = [
        (
            Method::POST,
            "/account/email",
            Some(json!({"email": "amy@elsewhere.example"})),
        ),
        (Method::POST, "/account/totp", None),
        (Method::DELETE, "/account/totp", None),
        (Method::POST, "/account/passkeys/options", None),
        (Method::POST, "/account/recovery-codes", None),
        (
            Method::PUT,
            "/account/totp",
            Some(json!({"code": "000000"})),
        ),
        (
            Method::PUT,
            "/account/password",
            Some(json!({"password": password})),
        ),
    ];
    for (method, path, body) in changes {
        let refused = owner.send(method, path, body).await;
        assert_eq!(refused.code(), "step_up_required", "{path}");
    }
    let before = owner.clone();
    for (body, code) in [
        (
            json!({"password": "a wrong but long password"}),
            "sign_in_failed",
        ),
        (json!({"password": PASSWORD}), "second_factor_wrong"),
    ] {
        let refused = owner
            .send(Method::POST, "/session/step-up", Some(body))
            .await;
        assert_eq!(refused.code(), code);
    }

    let second = json!({"totp": server.code().await});
    let body = json!({"password": PASSWORD, "second_factor": second});
    let proved = owner
        .send(Method::POST, "/session/step-up", Some(body))
        .await;

    assert_eq!(proved.status, StatusCode::OK, "{}", proved.body);
    owner.keep_cookies(&proved);
    assert_eq!(before.get("/session").await.code(), "not_signed_in");
    assert_eq!(other.get("/meetings").await.status, StatusCode::OK);
    server.wait(Duration::from_secs(9 * 60));
    assert_eq!(other.get("/session").await.status, StatusCode::OK);
    let body = Some(json!({"password": password}));
    let changed = owner.send(Method::PUT, "/account/password", body).await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT, "{}", changed.body);
    owner.keep_cookies(&changed);
    // The change itself proves nothing anew.
    server.wait(Duration::from_secs(2 * 60));
    let codes = owner.post("/account/recovery-codes").await;
    assert_eq!(codes.code(), "step_up_required");
    assert_eq!(other.get("/session").await.code(), "not_signed_in");
    let body = Some(json!({"email": EMAIL, "password": PASSWORD}));
    let old = other.send(Method::POST, "/session", body).await;
    assert_eq!(old.code(), "sign_in_failed");
    server.stop().await;
}

// Shows: REQ-AC-03.
#[tokio::test]
async fn a_stranger_at_the_same_address_locks_no_known_browser_out() {
    let server = Server::start_with(|config| config.lockout.threshold = 3).await;
    let owner = Caller::owner(&server).await;
    let known = Caller::sign_in(&server).await;
    let stranger = Caller::nobody(&server);
    let guess = async |caller: &Caller, password: &str| {
        let body = Some(json!({"email": EMAIL, "password": password}));
        caller.send(Method::POST, "/session", body).await.code()
    };
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(guess(&stranger, "a wrong but long password").await);
    }

    assert_eq!(answers[3..], ["sign_in_failed", "too_many_attempts"]);
    assert_eq!(guess(&stranger, PASSWORD).await, "too_many_attempts");
    assert_eq!(guess(&known, PASSWORD).await, "");
    let unknown = Caller {
        device: Some("made up".to_owned()),
        ..stranger
    };
    assert_eq!(guess(&unknown, PASSWORD).await, "too_many_attempts");
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    server.stop().await;
}

// Shows: REQ-AC-03, ABUSE-04.
#[tokio::test]
async fn wrong_passwords_from_fifty_machines_keep_no_owner_from_their_browser_or_passkey() {
    const MACHINES: u32 = 50;
    let server = Server::executable().await;
    let mut owner = Caller::owner(&server).await;
    let account = owner.account().await;
    let mut device = add(&mut owner).await;
    let known = Caller::sign_in(&server).await;
    let before = server.entries().await.len();
    let sign_in = async |caller: &Caller, password: &str| {
        let body = Some(json!({"email": EMAIL, "password": password}));
        caller.send(Method::POST, "/session", body).await.code()
    };

    for number in 0..MACHINES {
        sign_in(&from(&server, number), "a wrong but long password").await;
    }

    let stranger = from(&server, MACHINES);
    assert_eq!(sign_in(&stranger, PASSWORD).await, "too_many_attempts");
    let entries = server.entries().await.split_off(before);
    let (failed, locked): (Vec<_>, Vec<_>) = entries
        .iter()
        .partition(|entry| entry.event.name() == "auth.fail");
    assert!((20..30).contains(&failed.len()), "{}", failed.len());
    assert_eq!(failed.len() + locked.len(), 51);
    let account = Some(account);
    let told = Event::AuthLockout { account };
    assert!(locked.iter().all(|entry| entry.event == told));
    assert_eq!(sign_in(&known, PASSWORD).await, "");
    let opened = use_it(&mut Caller::nobody(&server), &mut device).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    server.stop().await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended_from_elsewhere_even_while_nothing_can_be_written() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let (lost, left, third) = (
        Caller::sign_in(&server).await,
        Caller::sign_in(&server).await,
        Caller::sign_in(&server).await,
    );
    let listed = owner.get("/account/sessions").await.body;
    let listed = listed.as_array().unwrap().clone();
    assert_eq!(listed.len(), 4);
    let here: Vec<_> = listed.iter().filter(|one| one["this"] == true).collect();
    assert_eq!(here.len(), 1);
    assert_eq!(here[0]["browser"], "other");
    let of_lost = lost.get("/account/sessions").await.body;
    let of_lost = of_lost.as_array().unwrap();
    let id = of_lost.iter().find(|one| one["this"] == true).unwrap()["id"].clone();
    let path = format!("/account/sessions/{}", id.as_str().unwrap());
    // Long enough for the session's activity to be due.
    server.wait(Duration::from_secs(31));
    let blockade = server.block_writes().await;

    let ended = owner.send(Method::DELETE, &path, None).await;

    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    assert_eq!(lost.get("/session").await.code(), "not_signed_in");
    drop(blockade);
    let again = owner.send(Method::DELETE, &path, None).await;
    assert_eq!(again.code(), "session_not_found");
    let ended = owner.send(Method::DELETE, "/account/sessions", None).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    for other in [&left, &third] {
        assert_eq!(other.get("/session").await.code(), "not_signed_in");
    }
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    server.stop().await;
}

/// The operator's command, beside a server that runs.
async fn let_back_in(server: &Server, arguments: &[&str]) -> (bool, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_conclave"));
    command
        .args(["let-back-in", "--data-dir"])
        .arg(server.data_dir())
        .args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.unwrap().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

// Shows: REQ-AC-20.
#[tokio::test]
async fn the_operator_lets_an_owner_back_in_who_has_lost_everything() {
    let server = Server::start().await;
    let mut owner = Caller::owner(&server).await;
    add(&mut owner).await;
    let second = owner.invited("bo.hadley@riverside.example", "owner").await;
    let before = server.entries().await.len();

    let (done, said) = let_back_in(&server, &["nobody@riverside.example"]).await;
    assert!(!done && said.contains("no active account"), "{said}");
    let (done, said) = let_back_in(&server, &[EMAIL, "--password-link"]).await;
    assert!(!done && said.contains("another owner"), "{said}");
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    let gone = owner.change(second.account().await, "remove").await;
    assert_eq!(gone.code(), "");
    let (done, said) = let_back_in(&server, &[EMAIL, "--password-link"]).await;

    assert!(done, "{said}");
    assert_eq!(owner.get("/session").await.code(), "not_signed_in");
    let entries = server.entries().await.split_off(before);
    let by_operator: Vec<_> = entries
        .iter()
        .filter(|entry| entry.actor == conclave_audit::Actor::Operator)
        .map(|entry| (entry.event.name(), entry.outcome))
        .collect();
    use conclave_audit::Outcome::{Done, Refused};
    assert_eq!(
        by_operator,
        [
            ("user.reset_factors", Refused),
            ("auth.ask_for_reset", Refused),
            ("user.reset_factors", Done),
            ("auth.ask_for_reset", Done),
        ]
    );
    let (_, token) = said.split_once("/reset#").unwrap();
    let password = "nine slow barges under the bridge";
    let body = json!({"token": token.trim(), "password": password});
    let nobody = Caller::nobody(&server);
    let finished = nobody.send(Method::POST, "/password-resets/finish", Some(body));
    assert_eq!(finished.await.code(), "");
    let body = json!({"email": EMAIL, "password": password});
    let back = nobody.send(Method::POST, "/session", Some(body)).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.body);
    assert_eq!(back.body["second_factor_due"], true);
    server.stop().await;
}

#[tokio::test]
async fn a_browser_that_several_people_share_is_known_to_each() {
    let server = Server::start_with(|config| config.lockout.threshold = 3).await;
    let owner = Caller::owner(&server).await;
    let bo = "bo.hadley@riverside.example";
    owner.invited(bo, "member").await;
    let mut ward = Caller::sign_in(&server).await;
    let of_amy = ward.device.clone();
    let body = json!({"email": bo, "password": PASSWORD});
    let signed_in = ward.send(Method::POST, "/session", Some(body)).await;
    ward.keep_cookies(&signed_in);
    assert!(ward.device == of_amy && of_amy.is_some());
    let guess = async |caller: &Caller, email: &str, password: &str| {
        let body = Some(json!({"email": email, "password": password}));
        caller.send(Method::POST, "/session", body).await.code()
    };
    let stranger = Caller::nobody(&server);

    for email in [EMAIL, bo] {
        for _ in 0..5 {
            guess(&stranger, email, "a wrong but long password").await;
        }

        assert_eq!(guess(&stranger, email, PASSWORD).await, "too_many_attempts");
        assert_eq!(guess(&ward, email, PASSWORD).await, "");
    }
    server.stop().await;
}

async fn show(caller: &Caller, way: &str, code: &str) -> Answer {
    let body = Some(json!({ way: code }));
    caller
        .send(Method::POST, "/session/second-factor", body)
        .await
}
