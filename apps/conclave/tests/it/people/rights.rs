//! Accounts are changed by those who may.

use std::time::Duration;

use conclave_audit::Outcome;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{BO, CY, DI, ELSEWHERE, ZOE, person, sign_in};
use crate::caller::{Answer, Caller};
use crate::server_in_a_box::Server;

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

async fn change_role(who: &Caller, account: uuid::Uuid, role: &str) -> Answer {
    let path = format!("/people/{account}/role");
    who.send(Method::POST, &path, Some(json!({"role": role})))
        .await
}
