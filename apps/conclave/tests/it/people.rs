//! Accounts: by invitation or on request, changed by those who may, and gone within a moment when they lose their rights.

use std::time::{Duration, Instant};

use conclave_audit::{Event, Outcome};
use futures_util::StreamExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::make_co_host;
use crate::caller::{Answer, Caller, EMAIL, PASSWORD, accept};
use crate::channel::{Channel, open_meeting, open_meeting_at};
use crate::encryption::enter;
use crate::letterbox::{self, Letterbox};
use crate::server_in_a_box::Server;

const BO: &str = "bo.hadley@riverside.example";
const CY: &str = "cy.tanaka@riverside.example";
const DI: &str = "di.moreau@riverside.example";

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

// Shows: REQ-AC-11, ABUSE-06, ABUSE-27.
#[tokio::test]
async fn nobody_changes_whom_they_may_not() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let mut admin = owner.invited(BO, "admin").await;
    admin.set_up_program(&server).await;
    let manager = owner.invited(CY, "account_manager").await;
    let member = owner.invited(DI, "member").await;
    let (owners, admins, members) = (
        owner.account().await,
        admin.account().await,
        member.account().await,
    );

    server.tamper(ELSEWHERE).await;
    let withdraw = format!("/invitations/{ZOE}");
    let of_zoe = owner.send(Method::DELETE, &withdraw, None).await;
    assert_eq!(of_zoe.code(), "invitation_not_found");
    for (who, whom, what, code) in [
        (&owner, owners, "suspend", "own_account"),
        (&owner, owners, "remove", "own_account"),
        (&admin, owners, "suspend", "not_allowed"),
        (&admin, admins, "remove", "own_account"),
        (&manager, members, "suspend", "not_allowed"),
        (&member, members, "restore", "not_allowed"),
        (&admin, uuid::Uuid::nil(), "suspend", "account_not_found"),
        (&admin, members, "approve", "account_state"),
        (&owner, ZOE, "suspend", "account_not_found"),
        (&owner, ZOE, "reset-factors", "account_not_found"),
        (&owner, ZOE, "unlock", "account_not_found"),
    ] {
        let before = server.entries().await.len();
        assert_eq!(who.change(whom, what).await.code(), code, "{what}");
        let entries = server.entries().await.split_off(before);
        assert!(
            entries
                .iter()
                .any(|entry| entry.outcome == Outcome::Refused)
        );
    }
    for (who, email, role, code) in [
        (&admin, "new@riverside.example", "owner", "not_allowed"),
        (&admin, "new@riverside.example", "admin", "not_allowed"),
        (&manager, "new@riverside.example", "member", "not_allowed"),
        (&admin, "new@riverside.example", "member", ""),
    ] {
        let body = json!({"email": email, "role": role});
        let answer = who.send(Method::POST, "/invitations", Some(body)).await;
        assert_eq!(answer.code(), code, "{role}");
    }
    owner.invite("chief@riverside.example", "owner").await;
    let body = json!({"email": "chief@riverside.example", "role": "member"});
    let answer = admin.send(Method::POST, "/invitations", Some(body)).await;
    assert_eq!(answer.code(), "not_allowed");
    let people = owner.get("/people").await;
    let invitations = people.body["invitations"].as_array().unwrap();
    assert!(
        invitations
            .iter()
            .any(|invitation| invitation["role"] == "owner")
    );
    assert_eq!(manager.get("/people").await.code(), "");
    assert_eq!(member.get("/people").await.code(), "not_allowed");
    let (own, later) = (member.make_meeting().await, member.make_meeting().await);
    let lead = member.come(&own, "Di").await;
    assert_eq!(
        change_role(&admin, members, "admin").await.code(),
        "not_allowed"
    );
    assert_eq!(change_role(&admin, members, "auditor").await.code(), "");
    assert_eq!(member.get("/session").await.code(), "not_signed_in");
    let auditor = Caller::sign_in_as(&server, DI).await;
    assert_eq!(auditor.get("/session").await.text("role"), "auditor");
    assert_eq!(auditor.get("/meetings").await.code(), "not_allowed");
    let ticket = format!("/meetings/{}/ticket", own.id);
    assert_eq!(lead.post(&ticket).await.code(), "meeting_ended");
    let join = format!("/meetings/{}/join", later.code);
    let host = auditor.send(Method::POST, &join, Some(json!({"display_name": "Di"})));
    assert_eq!(host.await.code(), "meeting_not_found");
    server.stop().await;
}

// Shows: ABUSE-27.
#[tokio::test]
async fn of_two_owners_who_shut_each_other_out_one_stays() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let other = owner.invited(BO, "owner").await;
    let (first, second) = (owner.account().await, other.account().await);

    let (one, two) = tokio::join!(
        owner.change(second, "suspend"),
        other.change(first, "remove")
    );

    let done = [&one, &two].map(|answer| answer.status.is_success());
    assert!(done[0] != done[1], "{} {}", one.body, two.body);
    let stays = if done[0] { &owner } else { &other };
    assert_eq!(stays.get("/session").await.status, StatusCode::OK);
    server.stop().await;
}

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

#[tokio::test]
async fn giving_rights_needs_proof_of_who_sits_there_and_taking_them_does_not() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let bo = owner.invited(BO, "member").await.account().await;
    owner.invite(CY, "member").await;
    let people = owner.get("/people").await;
    let id = people.body["invitations"][0]["id"].as_str().unwrap();
    server.wait(Duration::from_secs(11 * 60));
    let role = format!("/people/{bo}/role");
    let restore = format!("/people/{bo}/restore");
    let reset = format!("/people/{bo}/reset-factors");
    let unlock = format!("/people/{bo}/unlock");
    let withdraw = format!("/invitations/{id}");
    let policy = json!({"revision": 0, "settings": {}});
    let acts = [
        (
            Method::POST,
            "/invitations",
            Some(json!({"email": DI, "role": "member"})),
        ),
        (Method::DELETE, &withdraw, None),
        (Method::POST, &role, Some(json!({"role": "admin"}))),
        (Method::POST, &restore, None),
        (Method::POST, &reset, None),
        (Method::POST, &unlock, None),
        (Method::PUT, "/policies/organisation", Some(policy)),
        (Method::POST, "/policies/profile/leave", None),
        (Method::POST, "/groups", Some(json!({"name": "Ward 3"}))),
    ];

    assert_eq!(owner.change(bo, "suspend").await.code(), "");

    for (method, path, body) in acts {
        let refused = owner.send(method, path, body).await;
        assert_eq!(refused.code(), "step_up_required", "{path}");
    }
    assert_eq!(
        Caller::sign_in(&server)
            .await
            .change(bo, "restore")
            .await
            .code(),
        ""
    );
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

// Shows: REQ-AC-03.
#[tokio::test]
async fn an_owner_voids_lost_factors_and_an_admin_ends_locks() {
    let server = Server::start_with(|config| config.lockout.threshold = 3).await;
    let owner = Caller::owner(&server).await;
    let mut admin = owner.invited(BO, "admin").await;
    let admins = admin.account().await;
    admin.set_up_program(&server).await;
    let member = owner.invited(CY, "member").await.account().await;
    let nobody = Caller::nobody(&server);
    let shown = async |email: &str| {
        let people = owner.get("/people").await;
        person(&people, email)["is_locked"].as_bool().unwrap()
    };
    for _ in 0..5 {
        let body = json!({"email": CY, "password": "a wrong but long password"});
        nobody.send(Method::POST, "/session", Some(body)).await;
    }
    assert!(shown(CY).await && !shown(BO).await);
    assert_eq!(sign_in(&nobody, CY).await.code(), "too_many_attempts");

    let key = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
    let unlock = async || {
        let path = format!("/people/{member}/unlock");
        let mut request = admin.request(Method::POST, &path).build().unwrap();
        let named = key.to_string().parse().unwrap();
        request.headers_mut().insert("idempotency-key", named);
        Answer::read(admin.client.execute(request).await.unwrap()).await
    };

    assert_eq!(unlock().await.code(), "");

    assert!(!shown(CY).await);
    assert_eq!(sign_in(&nobody, CY).await.status, StatusCode::OK);
    // The same command sent again is answered, and ends no lock that came since.
    for _ in 0..5 {
        let body = json!({"email": CY, "password": "a wrong but long password"});
        nobody.send(Method::POST, "/session", Some(body)).await;
    }
    let before = server.entries().await.len();
    assert_eq!(unlock().await.code(), "");
    assert_eq!(server.entries().await.len(), before);
    assert!(shown(CY).await);
    assert_eq!(sign_in(&nobody, CY).await.code(), "too_many_attempts");
    assert_eq!(admin.change(member, "unlock").await.code(), "");
    assert_eq!(sign_in(&nobody, CY).await.status, StatusCode::OK);
    let refused = admin.change(member, "reset-factors").await;
    assert_eq!(refused.code(), "not_allowed");

    assert_eq!(owner.change(admins, "reset-factors").await.code(), "");

    assert_eq!(admin.get("/session").await.code(), "not_signed_in");
    let back = sign_in(&nobody, BO).await;
    assert_eq!(back.body["second_factor_due"], true, "{}", back.body);
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

/// Somebody of another organisation, as far as an installation can hold one, and whom they invited.
const ZOE: uuid::Uuid = uuid::Uuid::from_u128(0x7000_8000_0000_0000_0000);
const ELSEWHERE: &str = "
    INSERT INTO organisation (id, name, created_at)
    VALUES (x'00000000000070008000000000000009', 'Elsewhere', 9223372036854775807);
    INSERT INTO account (id, organisation, email, email_normalised, display_name, role, password, created_at)
    VALUES (x'00000000000070008000000000000000', x'00000000000070008000000000000009',
            'zoe@elsewhere.example', 'zoe@elsewhere.example', 'Zoe', 'member', '', 0);
    INSERT INTO invitation (id, token_hash, organisation, email, email_normalised, role, invited_by, invited_at, expires_at)
    VALUES (x'00000000000070008000000000000000', zeroblob(32), x'00000000000070008000000000000009',
            'yan@elsewhere.example', 'yan@elsewhere.example', 'member',
            x'00000000000070008000000000000000', 0, 9223372036854775807);";

const OTHER_PASSWORD: &str = "nine slow barges under a paper moon";
const PATIENCE: Duration = Duration::from_secs(20);

fn address(server: &Server) -> String {
    server.address().to_string()
}

async fn sign_in(caller: &Caller, email: &str) -> Answer {
    let body = json!({"email": email, "password": PASSWORD});
    caller.send(Method::POST, "/session", Some(body)).await
}

async fn change_role(who: &Caller, account: uuid::Uuid, role: &str) -> Answer {
    let path = format!("/people/{account}/role");
    who.send(Method::POST, &path, Some(json!({"role": role})))
        .await
}

fn person(people: &Answer, email: &str) -> Value {
    let list = people.body["people"].as_array().unwrap();
    let found = list.iter().find(|person| person["email"] == email);
    found.unwrap().clone()
}
