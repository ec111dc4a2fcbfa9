//! Signing in by an identity provider, which may be down, mistaken or hostile.

use std::io::ErrorKind;
use std::time::Duration;

use conclave_audit::{Actor, Outcome};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::caller::{Answer, Caller, EMAIL, PASSWORD};
use crate::identity_provider::{CLIENT, IdentityProvider, Lie, Signed, now};
use crate::letterbox::Letterbox;
use crate::scim::Directory;
use crate::server_in_a_box::Server;

const BO: &str = "bo.hadley@riverside.example";

async fn scene() -> (IdentityProvider, Server) {
    let provider = IdentityProvider::open().await;
    let server = Server::start_with(|config| provider.configure(config)).await;
    (provider, server)
}

async fn scene_of_executable() -> (IdentityProvider, Server) {
    let provider = IdentityProvider::open().await;
    let server = Server::executable_with(|config| provider.configure(config)).await;
    (provider, server)
}

/// Sends a browser on its way.
async fn leave(caller: &mut Caller, to: Value) -> String {
    let body = Some(to);
    let begun = caller
        .send(Method::POST, "/session/single-sign-on", body)
        .await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
    caller.keep_cookies(&begun);
    begun.text("address")
}

async fn come_back(caller: &mut Caller, back: Value) -> Answer {
    let path = "/session/single-sign-on/finish";
    let answer = caller.send(Method::POST, path, Some(back)).await;
    if answer.status.is_success() {
        caller.keep_cookies(&answer);
    }
    answer
}

/// There and back.
async fn travel(
    provider: &IdentityProvider,
    caller: &mut Caller,
    to: Value,
    subject: &str,
) -> Answer {
    let address = leave(caller, to).await;
    come_back(caller, provider.grant(&address, subject)).await
}

fn sign_in() -> Value {
    json!({"to": "sign_in"})
}

/// Whoever the owner invites, and who needs no password from then on.
async fn invited(
    provider: &IdentityProvider,
    owner: &Caller,
    (email, role): (&str, &str),
    subject: &str,
) -> Caller {
    let link = owner.invite(email, role).await;
    let (_, token) = link.split_once('#').unwrap();
    let to = json!({"to": "accept_invitation", "token": token, "display_name": "Bo Hadley"});
    let mut somebody = Caller {
        url: owner.url.clone(),
        ..Caller::default()
    };
    let accepted = travel(provider, &mut somebody, to, subject).await;
    assert_eq!(accepted.status, StatusCode::CREATED, "{}", accepted.body);
    somebody
}

async fn connect(provider: &IdentityProvider, caller: &mut Caller, subject: &str) -> Answer {
    let begun = caller.post("/account/single-sign-on").await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
    caller.keep_cookies(&begun);
    let back = provider.grant(&begun.text("address"), subject);
    come_back(caller, back).await
}

#[tokio::test]
async fn an_invitation_is_accepted_without_a_password_and_no_mailbox_is_a_way_around() {
    let mut letters = Letterbox::open().await;
    let provider = IdentityProvider::open_with_tls().await;
    let server = Server::start_with(|config| {
        provider.configure(config);
        letters.configure(config);
    })
    .await;
    let owner = Caller::owner(&server).await;
    let body = Some(json!({"email": BO, "role": "member"}));
    owner.send(Method::POST, "/invitations", body).await;
    let token = letters.next().await.secret("invited");
    let to = json!({"to": "accept_invitation", "token": token, "display_name": "Bo Hadley"});
    let mut bo = Caller::nobody(&server);
    assert_eq!(
        bo.get("/server").await.body["single_sign_on"],
        "Riverside login"
    );

    let accepted = travel(&provider, &mut bo, to.clone(), "bo").await;

    assert_eq!(accepted.status, StatusCode::CREATED, "{}", accepted.body);
    assert_eq!(accepted.body["second_factor_due"], false);
    let entry = server.entries().await.pop().unwrap();
    assert_eq!(entry.event.name(), "auth.login");
    let Actor::Account { auth, .. } = &entry.actor else {
        panic!("an account signs in");
    };
    let methods = &auth.as_ref().unwrap().methods;
    assert_eq!(methods[0].as_str(), "single_sign_on");
    let ways = bo.get("/account/sign-in").await.body;
    assert_eq!(ways["has_password"], false);
    assert!(ways["single_sign_on"]["connected_at"].is_string(), "{ways}");
    assert_eq!(bo.get("/meetings").await.status, StatusCode::OK);

    let mut again = Caller::nobody(&server);
    let spent = again
        .send(Method::POST, "/session/single-sign-on", Some(to))
        .await;
    assert_eq!(spent.code(), "link_invalid");
    let opened = travel(&provider, &mut again, sign_in(), "bo").await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    let body = Some(json!({"email": BO, "password": PASSWORD}));
    let by_password = again.send(Method::POST, "/session", body).await;
    assert_eq!(by_password.code(), "sign_in_failed");
    let body = Some(json!({"email": BO}));
    let asked = again.send(Method::POST, "/password-resets", body).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
    let last = Caller::with_password(&server).await;
    let body = Some(json!({"email": EMAIL}));
    last.send(Method::POST, "/password-resets", body).await;
    assert!(letters.next().await.to.contains(EMAIL));
    let mut amy = Caller::sign_in(&server).await;
    let connected = connect(&provider, &mut amy, "amy").await;
    assert_eq!(connected.status, StatusCode::OK, "{}", connected.body);
    let letter = letters.next().await;
    assert!(letter.to.contains(EMAIL) && letter.text.contains("connected"));
    server.stop().await;
    assert!(letters.is_empty());
}

// Shows: ABUSE-13.
#[tokio::test]
async fn a_false_token_signs_nobody_in_and_is_on_record() {
    let (provider, server) = scene_of_executable().await;
    let owner = Caller::owner(&server).await;
    invited(&provider, &owner, (BO, "member"), "bo").await;
    let claims = |claims: Value| Lie {
        claims,
        ..Lie::default()
    };
    let signed = |signature, header: Value| Lie {
        signature,
        header,
        ..Lie::default()
    };
    let long_ago = now() - 3_700;
    for (lie, reason) in [
        (
            signed(Signed::Not, json!({"alg": "none"})),
            "wrong_algorithm",
        ),
        (signed(Signed::WithPublicKey, json!({})), "wrong_algorithm"),
        (signed(Signed::Stranger, json!({})), "wrong_signature"),
        (
            signed(Signed::Right, json!({"alg": "RS256", "kid": "rsa"})),
            "wrong_signature",
        ),
        (
            signed(Signed::Right, json!({"kid": "nobody's"})),
            "unknown_key",
        ),
        (claims(json!({"aud": "another"})), "wrong_audience"),
        (
            claims(json!({"aud": [CLIENT, "another"]})),
            "wrong_audience",
        ),
        (claims(json!({"azp": "another"})), "wrong_audience"),
        (
            claims(json!({"iss": "https://another.example"})),
            "wrong_issuer",
        ),
        (claims(json!({"nonce": "another"})), "wrong_nonce"),
        (claims(json!({"nonce": null})), "wrong_nonce"),
        (claims(json!({"exp": long_ago})), "wrong_time"),
        (claims(json!({"iat": long_ago})), "wrong_time"),
        (
            claims(json!({"auth_time": long_ago})),
            "stale_authentication",
        ),
        (claims(json!({"auth_time": null})), "stale_authentication"),
        (claims(json!({"sub": ""})), "no_subject"),
    ] {
        provider.say(lie);
        let mut caller = Caller::nobody(&server);
        let address = leave(&mut caller, sign_in()).await;
        let before = server.entries().await.len();

        let answer = come_back(&mut caller, provider.grant(&address, "bo")).await;

        assert_eq!(answer.code(), "single_sign_on_refused", "{reason}");
        assert!(!answer.headers.contains_key("set-cookie"), "{reason}");
        see_failure(&server, before, reason).await;
    }
    server.stop().await;
}

/// One entry since, which says why nobody was signed in.
async fn see_failure(server: &Server, before: usize, reason: &str) {
    let entries = server.entries().await.split_off(before);
    let [entry] = entries.as_slice() else {
        panic!("{reason} left {} entries", entries.len());
    };
    assert_eq!(entry.event.name(), "auth.fail", "{reason}");
    assert_eq!(entry.outcome, Outcome::Failed, "{reason}");
    assert_eq!(entry.reason.as_ref().unwrap().as_str(), reason);
    assert!(entry.src.is_some() && entry.req_id.is_some(), "{reason}");
}

// Shows: ABUSE-13.
#[tokio::test]
async fn an_answer_is_good_once_in_its_own_browser_and_from_its_own_provider() {
    let (provider, server) = scene_of_executable().await;
    let owner = Caller::owner(&server).await;
    invited(&provider, &owner, (BO, "member"), "bo").await;
    let mut caller = Caller::nobody(&server);
    let address = leave(&mut caller, sign_in()).await;
    let back = provider.grant(&address, "bo");
    let with = |name: &str, value: Value| {
        let mut back = back.clone();
        back[name] = value;
        back
    };
    let mut other = Caller::nobody(&server);
    leave(&mut other, sign_in()).await;
    let before = server.entries().await.len();

    let stolen = come_back(&mut other, back.clone()).await;

    assert_eq!(stolen.code(), "single_sign_on_expired");
    see_failure(&server, before, "unknown_state").await;
    // Whoever had it to show has used it up.
    let late = come_back(&mut caller, back.clone()).await;
    assert_eq!(late.code(), "single_sign_on_expired");
    for (name, value, reason) in [
        ("iss", json!("https://another.example"), "another_provider"),
        ("iss", Value::Null, "another_provider"),
        ("code", json!("made up"), "unknown_code"),
        ("code", Value::Null, "provider_refused"),
    ] {
        let address = leave(&mut caller, sign_in()).await;
        let fresh = provider.grant(&address, "bo");
        let mut wrong = with(name, value);
        wrong["state"] = fresh["state"].clone();
        let before = server.entries().await.len();
        let answer = come_back(&mut caller, wrong).await;
        assert_eq!(answer.code(), "single_sign_on_refused", "{reason}");
        see_failure(&server, before, reason).await;
    }
    let address = leave(&mut caller, sign_in()).await;
    let back = provider.grant(&address, "bo");
    server.wait(Duration::from_secs(10 * 60));
    let late = come_back(&mut caller, back).await;
    assert_eq!(late.code(), "single_sign_on_expired");
    server.stop().await;
}

// Shows: ABUSE-13.
#[tokio::test]
async fn an_address_opens_no_account_of_the_same_address() {
    let (provider, server) = scene_of_executable().await;
    Caller::owner(&server).await;
    provider.say(Lie {
        claims: json!({"email": EMAIL, "email_verified": true, "amr": ["mfa"]}),
        ..Lie::default()
    });
    let mut caller = Caller::nobody(&server);
    let address = leave(&mut caller, sign_in()).await;
    let before = server.entries().await.len();

    let answer = come_back(&mut caller, provider.grant(&address, "mallory")).await;

    assert_eq!(answer.code(), "single_sign_on_unknown");
    see_failure(&server, before, "unknown_identity").await;
    assert_eq!(caller.get("/session").await.code(), "not_signed_in");
    server.stop().await;
}

// Shows: REQ-AC-10, ABUSE-13.
#[tokio::test]
async fn whom_the_directory_brought_is_known_by_its_name_only_where_the_operator_says_so() {
    for says_so in [false, true] {
        let provider = IdentityProvider::open().await;
        let server = Server::executable_with(|config| {
            provider.configure(config);
            let single_sign_on = config.single_sign_on.as_mut().unwrap();
            single_sign_on.subject_is_external_id = says_so;
        })
        .await;
        let owner = Caller::owner(&server).await;
        let directory = Directory::of(&owner).await;
        let bo = directory.bring(BO, "bo").await;
        directory.bring("cy@riverside.example", "cy").await;
        let path = format!("/Users/{}", owner.account().await);
        assert_eq!(directory.get(&path).await.status, StatusCode::NOT_FOUND);
        let come = async |subject: &str| {
            let mut caller = Caller::nobody(&server);
            let answer = travel(&provider, &mut caller, sign_in(), subject).await;
            (answer.code(), caller)
        };
        let unknown = "single_sign_on_unknown";
        let waits = if says_so {
            "account_not_active"
        } else {
            unknown
        };
        assert_eq!(come("bo").await.0, waits, "{says_so}");
        owner.change(bo.parse().unwrap(), "approve").await;

        let (code, caller) = come("bo").await;

        assert_eq!(code, if says_so { "" } else { unknown });
        if says_so {
            assert_eq!(caller.get("/session").await.text("account"), bo);
            // From then on by issuer and subject: the directory's word moves nobody to another account.
            let patch = json!([{"op": "replace", "path": "externalId", "value": "other"}]);
            directory.patch(&format!("/Users/{bo}"), patch).await;
            assert_eq!(come("bo").await.1.get("/session").await.text("account"), bo);
            assert_eq!(come("other").await.0, unknown);
        }
        assert_eq!(come(EMAIL).await.0, unknown);
        assert_eq!(come(BO).await.0, unknown);
        server.stop().await;
    }
}

// Shows: REQ-AC-20, REQ-AU-01.
#[tokio::test]
async fn a_providers_second_factor_counts_by_the_operators_words_alone() {
    let (provider, server) = scene().await;
    let mut owner = Caller::owner(&server).await;
    let connected = connect(&provider, &mut owner, "amy").await;
    assert_eq!(connected.status, StatusCode::OK, "{}", connected.body);
    let words = |amr: Value| Lie {
        claims: json!({"amr": amr}),
        ..Lie::default()
    };
    provider.say(words(json!(["pwd", "otp"])));
    let mut caller = Caller::nobody(&server);

    let asked = travel(&provider, &mut caller, sign_in(), "amy").await;

    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let entries = server.entries().await.into_iter();
    let told = entries.filter(|entry| entry.event.name() == "auth.single_sign_on");
    let told: Vec<_> = told.map(|entry| entry.outcome).collect();
    assert_eq!(told, [Outcome::Done]);
    assert_eq!(caller.get("/session").await.code(), "not_signed_in");
    let body = Some(json!({"totp": server.code().await}));
    let shown = caller
        .send(Method::POST, "/session/second-factor", body)
        .await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    provider.say(words(json!(["pwd", "mfa"])));
    let mut caller = Caller::nobody(&server);
    let opened = travel(&provider, &mut caller, sign_in(), "amy").await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    assert_eq!(caller.get("/people").await.status, StatusCode::OK);

    provider.say(Lie::default());
    let email = "cy@riverside.example";
    let mut admin = invited(&provider, &owner, (email, "admin"), "cy").await;
    assert_eq!(admin.get("/people").await.code(), "second_factor_required");
    let refused = admin.post("/account/single-sign-on").await;
    assert_eq!(refused.code(), "second_factor_required");
    let account = admin.account().await;
    let suspended = owner.change(account, "suspend").await;
    assert!(suspended.status.is_success(), "{}", suspended.body);
    let refused = travel(&provider, &mut admin, sign_in(), "cy").await;
    assert_eq!(refused.code(), "account_not_active");
    server.stop().await;
}

// Shows: ABUSE-12, ABUSE-13.
#[tokio::test]
async fn who_sits_there_is_proved_again_by_a_fresh_word_of_the_provider() {
    let (provider, server) = scene_of_executable().await;
    let owner = Caller::owner(&server).await;
    let mut bo = invited(&provider, &owner, (BO, "member"), "bo").await;
    invited(&provider, &owner, ("cy@riverside.example", "member"), "cy").await;
    server.wait(Duration::from_secs(10 * 60));
    let stale = bo.send(Method::DELETE, "/account/single-sign-on", None);
    assert_eq!(stale.await.code(), "step_up_required");
    let step_up = || json!({"to": "step_up"});
    let address = leave(&mut bo, step_up()).await;
    assert!(address.contains("prompt=login") && address.contains("max_age=0"));
    assert!(address.contains("/authorise?tenant=7&"), "{address}");
    provider.say(Lie {
        claims: json!({"iat": now() + 600, "exp": now() + 900}),
        ..Lie::default()
    });
    let stale = come_back(&mut bo, provider.grant(&address, "bo")).await;
    assert_eq!(stale.code(), "single_sign_on_refused");
    provider.say(Lie {
        claims: json!({"iat": now() + 600, "exp": now() + 900, "auth_time": now() + 600}),
        ..Lie::default()
    });
    let other = travel(&provider, &mut bo, step_up(), "cy").await;
    assert_eq!(other.code(), "single_sign_on_refused");
    let before = bo.clone();

    let proved = travel(&provider, &mut bo, step_up(), "bo").await;

    assert_eq!(proved.status, StatusCode::OK, "{}", proved.body);
    let entry = server.entries().await.pop().unwrap();
    assert_eq!(entry.event.name(), "auth.step_up");
    assert_eq!(before.get("/session").await.code(), "not_signed_in");
    let disconnect = async |caller: &Caller| {
        let path = "/account/single-sign-on";
        caller.send(Method::DELETE, path, None).await
    };
    assert_eq!(disconnect(&bo).await.code(), "last_way");
    // Who went away at the provider's page connects nobody else's identity when the proof is old.
    let begun = bo.post("/account/single-sign-on").await;
    let mut late = bo.clone();
    late.keep_cookies(&begun);
    let old = provider.grant(&begun.text("address"), "di");
    let taken = connect(&provider, &mut bo, "cy").await;
    assert_eq!(taken.code(), "identity_taken");
    let body = Some(json!({"password": PASSWORD}));
    let set = bo.send(Method::PUT, "/account/password", body).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", set.body);
    bo.keep_cookies(&set);
    let gone = disconnect(&bo).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.body);
    bo.keep_cookies(&gone);
    late.cookie = bo.cookie.clone();
    let other_session = come_back(&mut late, old).await;
    assert_eq!(other_session.code(), "single_sign_on_expired");
    let mut nobody = Caller::nobody(&server);
    let unknown = travel(&provider, &mut nobody, sign_in(), "bo").await;
    assert_eq!(unknown.code(), "single_sign_on_unknown");
    server.stop().await;
}

#[tokio::test]
async fn a_provider_that_is_down_costs_nobody_else_their_sign_in() {
    let (provider, server) = scene().await;
    let owner = Caller::owner(&server).await;
    provider.go_down(true);
    let mut caller = Caller::nobody(&server);
    let begin = async |caller: &Caller| {
        let body = Some(sign_in());
        let path = "/session/single-sign-on";
        caller.send(Method::POST, path, body).await
    };

    let down = begin(&caller).await;

    assert_eq!(down.code(), "single_sign_on_unavailable");
    assert_eq!(down.status, StatusCode::SERVICE_UNAVAILABLE);
    Caller::sign_in(&server).await;
    provider.go_down(false);
    // It is not asked at every request of a stranger's.
    assert_eq!(begin(&caller).await.code(), "single_sign_on_unavailable");
    server.wait(Duration::from_secs(5));
    invited(&provider, &owner, (BO, "member"), "bo").await;
    provider.change_key();
    let early = travel(&provider, &mut caller, sign_in(), "bo").await;
    assert_eq!(early.code(), "single_sign_on_refused");
    server.wait(Duration::from_secs(30));
    let opened = travel(&provider, &mut caller, sign_in(), "bo").await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    server.stop().await;
}

// Shows: ABUSE-30.
#[tokio::test]
async fn a_provider_that_sends_on_is_followed_nowhere() {
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/inside", inside.local_addr().unwrap());
    let (provider, server) = scene_of_executable().await;
    Caller::owner(&server).await;
    for path in ["/.well-known/openid-configuration", "/keys"] {
        provider.send_on(Some((path, address.clone())));
        let nobody = Caller::nobody(&server);
        let body = Some(sign_in());
        let begun = nobody.send(Method::POST, "/session/single-sign-on", body);
        assert_eq!(begun.await.code(), "single_sign_on_unavailable", "{path}");
        server.wait(Duration::from_secs(5));
    }
    provider.send_on(None);
    let mut caller = Caller::nobody(&server);
    let left = leave(&mut caller, sign_in()).await;
    let back = provider.grant(&left, "bo");
    provider.send_on(Some(("/token", address)));

    let answer = come_back(&mut caller, back).await;

    assert_eq!(answer.code(), "single_sign_on_unavailable");
    server.stop().await;
    let waits = inside.into_std().unwrap().accept();
    assert_eq!(waits.unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[tokio::test]
async fn the_provider_ends_the_sessions_that_it_opened_and_no_others() {
    let (provider, server) = scene().await;
    let mut owner = Caller::owner(&server).await;
    connect(&provider, &mut owner, "amy").await;
    let bo = invited(&provider, &owner, (BO, "member"), "bo").await;
    let cy = invited(&provider, &owner, ("cy@riverside.example", "member"), "cy").await;
    let send = async |token: &str| {
        let url = format!("{}/api/v1/session/single-sign-on/logout", server.url());
        let request = reqwest::Client::new().post(url);
        let sent = request.form(&[("logout_token", token)]).send().await;
        Answer::read(sent.unwrap()).await.status
    };
    let token = provider.logout_token("bo", "j-1");
    provider.say(Lie {
        signature: Signed::Stranger,
        ..Lie::default()
    });
    let forged = provider.logout_token("cy", "j-2");
    provider.say(Lie {
        claims: json!({"events": null, "nonce": "n"}),
        ..Lie::default()
    });
    let no_logout = provider.logout_token("cy", "j-3");

    assert_eq!(send(&token).await, StatusCode::OK);

    assert_eq!(bo.get("/session").await.code(), "not_signed_in");
    for worthless in [&token, &forged, &no_logout] {
        assert_eq!(send(worthless).await, StatusCode::BAD_REQUEST);
        let entry = server.entries().await.pop().unwrap();
        assert_eq!(entry.event.name(), "access.refused");
    }
    assert_eq!(cy.get("/session").await.status, StatusCode::OK);
    provider.say(Lie::default());
    let of_owner = provider.logout_token("amy", "j-4");
    assert_eq!(send(&of_owner).await, StatusCode::OK);
    assert_eq!(owner.get("/session").await.status, StatusCode::OK);
    // A provider may name its session as it ends it, and not have named it as it opened it; another session of the
    // subject's that it did name goes on.
    let of_session = |session: Value| Lie {
        claims: json!({"sid": session}),
        ..Lie::default()
    };
    provider.say(of_session(json!("another")));
    let mut elsewhere = Caller::nobody(&server);
    travel(&provider, &mut elsewhere, sign_in(), "cy").await;
    provider.say(of_session(Value::Null));
    let mut nameless = Caller::nobody(&server);
    travel(&provider, &mut nameless, sign_in(), "cy").await;
    provider.say(of_session(json!("session of cy")));
    let named = provider.logout_token("cy", "j-5");
    assert_eq!(send(&named).await, StatusCode::OK);
    for ended in [&cy, &nameless] {
        assert_eq!(ended.get("/session").await.code(), "not_signed_in");
    }
    assert_eq!(elsewhere.get("/session").await.status, StatusCode::OK);
    server.stop().await;
}
