//! Meetings for the invited: who is on the list comes in, and nobody else by link or code.

use std::time::{Duration, Instant};

use conclave_audit::Outcome;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, Made, verifier};
use crate::channel::Channel;
use crate::server_in_a_box::Server;

const BEA: &str = "bea@riverside.example";

// Shows: REQ-AC-06.
#[tokio::test]
async fn who_is_on_the_list_comes_in_and_is_put_out_as_they_come_off_it() {
    let (server, owner, bea) = start().await;
    let meeting = meeting_for_the_invited(&owner, "wait", &[BEA]).await;
    owner.come(&meeting, "Amy").await;

    let inside = join(&bea, &meeting, None).await;
    let by_link = join(&Caller::nobody(&server), &meeting, Some(&meeting.proof)).await;

    assert_eq!(inside.body["admission"], "admitted", "{}", inside.body);
    assert_eq!(by_link.body["admission"], "waiting", "{}", by_link.body);
    let waiting = seated(&Caller::nobody(&server), &by_link);
    let ticket = format!("/meetings/{}/ticket", meeting.id);
    assert_eq!(waiting.post(&ticket).await.code(), "not_admitted");
    let bea = seated(&bea, &inside);
    let mut theirs = Channel::open(&server, &meeting, &bea, None).await;
    theirs.next().await;
    let list = format!("/meetings/{}/invited", meeting.id);
    assert_eq!(owner.get(&list).await.body, json!({"invited": [BEA]}));

    let started = Instant::now();
    let remove = format!("{list}/remove");
    let body = json!({"email": "BEA@Riverside.example"});
    let removed = owner.send(Method::POST, &remove, Some(body)).await;

    assert_eq!(removed.status, StatusCode::OK, "{}", removed.body);
    assert_eq!(theirs.bye().await, "expelled");
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(bea.post(&ticket).await.code(), "not_admitted");
    let again = join(&bea, &meeting, Some(&meeting.proof)).await;
    assert_eq!(again.body["admission"], "waiting");
    server.stop().await;
}

// Shows: REQ-AC-07, ABUSE-19.
#[tokio::test]
async fn whom_a_host_puts_out_is_off_the_list_until_they_are_put_back_on_it() {
    let (server, owner, bea) = start_at(Server::executable().await).await;
    for (uninvited, code, stands) in [("wait", "", "waiting"), ("refuse", "meeting_not_found", "")]
    {
        let meeting = meeting_for_the_invited(&owner, uninvited, &[BEA]).await;
        let host = owner.come(&meeting, "Amy").await;
        let inside = join(&bea, &meeting, None).await;
        assert_eq!(inside.body["admission"], "admitted", "{}", inside.body);
        let whom = inside.text("participant");
        let expel = format!("/meetings/{}/participants/{whom}/expel", meeting.id);

        assert_eq!(host.post(&expel).await.code(), "");

        let again = join(&bea, &meeting, Some(&meeting.proof)).await;
        assert_eq!(
            (again.code(), again.text("admission")),
            (code.to_owned(), stands.to_owned())
        );
        let list = format!("/meetings/{}/invited", meeting.id);
        assert_eq!(owner.get(&list).await.body, json!({"invited": []}));
        let add = format!("{list}/add");
        let added = owner
            .send(Method::POST, &add, Some(json!({"email": BEA})))
            .await;
        assert_eq!(added.code(), "", "{}", added.body);
        let back = join(&bea, &meeting, None).await;
        assert_eq!(back.body["admission"], "admitted", "{}", back.body);
    }
    server.stop().await;
}

// Shows: REQ-AC-06.
#[tokio::test]
async fn a_meeting_that_hides_from_the_uninvited_is_not_there() {
    let (server, owner, bea) = start().await;
    let meeting = meeting_for_the_invited(&owner, "refuse", &[]).await;
    owner.come(&meeting, "Amy").await;
    let unknown = Made {
        code: "999-999-999".to_owned(),
        ..meeting.clone()
    };
    let nobody = Caller::nobody(&server);

    for caller in [&bea, &nobody] {
        for proof in [None, Some(meeting.proof.as_str())] {
            let refused = join(caller, &meeting, proof).await;
            let unknown = join(caller, &unknown, proof).await;
            assert_eq!(refused.code(), "meeting_not_found");
            assert_eq!(
                (refused.status, refused.body),
                (unknown.status, unknown.body)
            );
        }
    }
    let entries = server.entries().await;
    let reasons = entries
        .iter()
        .filter(|entry| entry.outcome == Outcome::Refused);
    let hidden = reasons.filter_map(|entry| entry.reason.as_ref().map(|reason| reason.as_str()));
    assert_eq!(hidden.filter(|reason| *reason == "not_invited").count(), 4);
    server.stop().await;
}

/// A server with two accounts of one organisation.
async fn start() -> (Server, Caller, Caller) {
    start_at(Server::start().await).await
}

async fn start_at(server: Server) -> (Server, Caller, Caller) {
    let owner = Caller::owner(&server).await;
    server
        .tamper(
            "INSERT INTO account
               (id, organisation, email, email_normalised, display_name, role, password, created_at)
             SELECT zeroblob(16), organisation, 'bea@riverside.example', 'bea@riverside.example', 'Bea',
               'member', password, created_at FROM account",
        )
        .await;
    let bea = Caller::sign_in_as(&server, BEA).await;
    (server, owner, bea)
}

async fn meeting_for_the_invited(owner: &Caller, uninvited: &str, invited: &[&str]) -> Made {
    let proof = "cHJvb2Y";
    let body = json!({
        "title": "Case conference",
        "invitation_verifier": verifier(b"proof"),
        "entry": "invited",
        "uninvited": uninvited,
        "invited": invited,
    });
    let answer = owner.send(Method::POST, "/meetings", Some(body)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    Made {
        id: answer.text("id"),
        code: answer.text("code"),
        proof: proof.to_owned(),
    }
}

async fn join(caller: &Caller, meeting: &Made, proof: Option<&str>) -> Answer {
    let body: Value = json!({"display_name": "Somebody", "invitation_proof": proof});
    let path = format!("/meetings/{}/join", meeting.code);
    let without_seat = Caller {
        credential: None,
        ..caller.clone()
    };
    without_seat.send(Method::POST, &path, Some(body)).await
}

fn seated(caller: &Caller, joined: &Answer) -> Caller {
    Caller {
        credential: Some(joined.text("credential")),
        participant: joined.text("participant"),
        ..caller.clone()
    }
}
