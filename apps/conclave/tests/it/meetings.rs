//! Meetings from the invitation to the end, through the API.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, verifier};
use crate::server_in_a_box::Server;

#[tokio::test]
async fn an_invited_guest_waits_for_the_host_and_comes_in_with_them() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;

    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let early = guest
        .post(&format!("/meetings/{}/ticket", meeting.id))
        .await;
    assert_eq!(
        (early.status, early.code()),
        (StatusCode::FORBIDDEN, "not_admitted".to_owned())
    );
    let host = owner.come(&meeting, "Amy").await;

    for caller in [&guest, &host] {
        let ticket = caller
            .post(&format!("/meetings/{}/ticket", meeting.id))
            .await;
        assert_eq!(ticket.status, StatusCode::CREATED, "{}", ticket.body);
    }
    let live = owner.get(&format!("/meetings/{}", meeting.id)).await;
    assert_eq!(live.body["state"], "live");
    server.stop().await;
}

#[tokio::test]
async fn whoever_typed_the_code_waits_for_the_hosts_decision() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).knock(&meeting, "Bo").await;
    let ticket = format!("/meetings/{}/ticket", meeting.id);
    assert_eq!(guest.post(&ticket).await.code(), "not_admitted");

    let admit = format!("/meetings/{}/lobby/{}/admit", meeting.id, guest.participant);
    let admitted = host.post(&admit).await;

    assert_eq!(admitted.status, StatusCode::OK, "{}", admitted.body);
    assert_eq!(guest.post(&ticket).await.status, StatusCode::CREATED);
    let again = host.post(&admit).await;
    assert_eq!(
        (again.status, again.code()),
        (StatusCode::CONFLICT, "participant_not_waiting".to_owned())
    );
    server.stop().await;
}

#[tokio::test]
async fn a_denied_guest_stays_out() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).knock(&meeting, "Bo").await;

    let deny = format!("/meetings/{}/lobby/{}/deny", meeting.id, guest.participant);
    assert_eq!(host.post(&deny).await.status, StatusCode::OK);

    let ticket = guest
        .post(&format!("/meetings/{}/ticket", meeting.id))
        .await;
    assert_eq!(ticket.code(), "not_admitted");
    server.stop().await;
}

#[tokio::test]
async fn a_command_sent_twice_is_done_once() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).knock(&meeting, "Bo").await;
    let admit = format!("/meetings/{}/lobby/{}/admit", meeting.id, guest.participant);
    let key = "7b3c1f0e-0c53-4a1b-9a66-2f2f3f4f5f6f";
    let send = async |path: &str| {
        let request = host.request(Method::POST, path);
        let (client, request) = request.build_split();
        let mut request = request.unwrap();
        request
            .headers_mut()
            .insert("idempotency-key", key.parse().unwrap());
        Answer::read(client.execute(request).await.unwrap()).await
    };

    let (first, second) = (send(&admit).await, send(&admit).await);

    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.body, second.body);
    let other = send(&format!("/meetings/{}/end", meeting.id)).await;
    assert_eq!(other.code(), "idempotency_key_reused");
    server.stop().await;
}

#[tokio::test]
async fn creating_and_joining_sent_twice_are_done_once() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let nobody = Caller::nobody(&server);
    let key = "7b3c1f0e-0c53-4a1b-9a66-2f2f3f4f5f6f";
    let send = async |caller: &Caller, path: &str, body: &Value| {
        let request = caller.request(Method::POST, path).json(body);
        let (client, request) = request.build_split();
        let mut request = request.unwrap();
        let key = key.parse().unwrap();
        request.headers_mut().insert("idempotency-key", key);
        Answer::read(client.execute(request).await.unwrap()).await
    };

    let meeting = json!({"title": "T", "invitation_verifier": verifier(b"proof")});
    let first = send(&owner, "/meetings", &meeting).await;
    let second = send(&owner, "/meetings", &meeting).await;
    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!(first.body, second.body);
    let other = json!({"title": "U", "invitation_verifier": verifier(b"proof")});
    let reused = send(&owner, "/meetings", &other).await;
    assert_eq!(reused.code(), "idempotency_key_reused");
    let list = owner.get("/meetings").await;
    assert_eq!(list.body["meetings"].as_array().unwrap().len(), 1);

    let join = format!("/meetings/{}/join", first.text("code"));
    let before = server.entries().await.len();
    let knock = json!({"display_name": "Bo"});
    let first = send(&nobody, &join, &knock).await;
    let second = send(&nobody, &join, &knock).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(first.body, second.body);
    assert_eq!(server.entries().await.len(), before + 1);
    let different = send(&nobody, &join, &json!({"display_name": "Cy"})).await;
    assert_eq!(different.code(), "idempotency_key_reused");
    server.stop().await;
}

#[tokio::test]
async fn a_join_whose_key_could_be_guessed_is_refused() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let path = format!("/meetings/{}/join", meeting.code);
    let request = Caller::nobody(&server).request(Method::POST, &path);
    let request = request.json(&json!({"display_name": "Bo"}));
    let (client, request) = request.build_split();
    let mut request = request.unwrap();
    let of_a_time = "0190b5c8-7f6e-7000-8000-000000000001".parse().unwrap();
    request.headers_mut().insert("idempotency-key", of_a_time);

    let answer = Answer::read(client.execute(request).await.unwrap()).await;

    assert_eq!(answer.code(), "idempotency_key_not_random");
    server.stop().await;
}

#[tokio::test]
async fn a_command_without_a_key_is_refused() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let request = host.request(Method::POST, &format!("/meetings/{}/end", meeting.id));
    let (client, request) = request.build_split();
    let mut request = request.unwrap();
    request.headers_mut().remove("idempotency-key");

    let answer = Answer::read(client.execute(request).await.unwrap()).await;

    assert_eq!(answer.code(), "idempotency_key_missing");
    server.stop().await;
}

// Shows: REQ-AC-01, REQ-AC-08.
#[tokio::test]
async fn the_end_is_the_end_for_everybody_and_the_code_leads_nowhere() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;

    let ended = host.post(&format!("/meetings/{}/end", meeting.id)).await;

    assert_eq!(ended.status, StatusCode::OK, "{}", ended.body);
    let ticket = guest
        .post(&format!("/meetings/{}/ticket", meeting.id))
        .await;
    assert_eq!(
        (ticket.status, ticket.code()),
        (StatusCode::GONE, "meeting_ended".to_owned())
    );
    let late = Caller::nobody(&server);
    let path = format!("/meetings/{}/join", meeting.code);
    let body = json!({"display_name": "Cy", "invitation_proof": meeting.proof});
    let answer = late.send(Method::POST, &path, Some(body)).await;
    assert_eq!(answer.code(), "meeting_not_found");
    server.stop().await;
}

#[tokio::test]
async fn the_account_that_made_a_meeting_ends_it_from_anywhere() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;

    let ended = owner.post(&format!("/meetings/{}/end", meeting.id)).await;

    assert_eq!(ended.status, StatusCode::OK, "{}", ended.body);
    server.stop().await;
}

#[tokio::test]
async fn whoever_has_left_is_gone_for_good() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    owner.come(&meeting, "Amy").await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;

    let left = guest.post(&format!("/meetings/{}/leave", meeting.id)).await;

    assert_eq!(left.status, StatusCode::OK, "{}", left.body);
    let ticket = guest
        .post(&format!("/meetings/{}/ticket", meeting.id))
        .await;
    assert_eq!(ticket.code(), "not_admitted");
    server.stop().await;
}

// Shows: REQ-AC-01, REQ-AC-05, ABUSE-03.
#[tokio::test]
async fn what_is_no_way_in_has_one_answer() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let other = owner.make_meeting().await;
    let over = owner.make_meeting().await;
    owner.post(&format!("/meetings/{}/end", over.id)).await;
    let nobody = Caller::nobody(&server);
    let name = json!({"display_name": "Bo"});
    let with = |proof: &str| json!({"display_name": "Bo", "invitation_proof": proof});

    let mut answers = Vec::new();
    for (code, body) in [
        ("000-000-000", name.clone()),
        ("not-a-code", name.clone()),
        (&over.code, with(&over.proof)),
        (&meeting.code, with(&other.proof)),
        (&meeting.code, with("nonsense")),
    ] {
        let path = format!("/meetings/{code}/join");
        let before = server.entries().await.len();
        answers.push(nobody.send(Method::POST, &path, Some(body)).await);
        // Writing takes the longest of all that is done: it is done once for each.
        let entries = server.entries().await.split_off(before);
        let names: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
        assert_eq!(names, ["meeting.join_refused"], "{path}");
    }

    for answer in &answers {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.body, answers[0].body);
        let names = |answer: &Answer| answer.headers.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(answer), names(&answers[0]));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_code_that_is_no_text_names_no_meeting() {
    let server = Server::start().await;
    Caller::owner(&server).await;

    let body = json!({"display_name": "Bo"});
    let answer = Caller::nobody(&server)
        .send(Method::POST, "/meetings/%FF/join", Some(body))
        .await;

    assert_eq!(answer.code(), "meeting_not_found");
    server.stop().await;
}

// Shows: REQ-AC-04, ABUSE-01.
#[tokio::test]
async fn guessing_codes_is_slowed_down() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    owner.come(&meeting, "Amy").await;
    let nobody = Caller::nobody(&server);
    let guess = async |code: &str| {
        let path = format!("/meetings/{code}/join");
        let body = json!({"display_name": "Bo"});
        nobody.send(Method::POST, &path, Some(body)).await
    };

    let mut answers = Vec::new();
    for number in 0..500 {
        answers.push(guess(&format!("{number:09}")).await);
    }

    // Of so many a few are looked up, and hit nothing; each answer is one of two.
    let (wrong, late): (Vec<_>, Vec<_>) = answers
        .iter()
        .partition(|answer| answer.code() == "meeting_not_found");
    assert!((20..30).contains(&wrong.len()), "{}", wrong.len());
    assert!(wrong.iter().all(|answer| answer.body == wrong[0].body));
    assert!(late.iter().all(|late| late.code() == "too_many_attempts"));
    assert!(late[0].headers.contains_key("retry-after"));
    // Also a right one is not looked up: who is locked out is told nothing by it.
    assert_eq!(guess(&meeting.code).await.code(), "too_many_attempts");
    server.stop().await;
}

// Shows: REQ-AC-04.
#[tokio::test]
async fn how_many_wrong_codes_are_borne_is_the_operators() {
    let server = Server::start_with(|config| config.lockout.codes = 3).await;
    let nobody = Caller::nobody(&server);

    let mut codes = Vec::new();
    for number in 0..6 {
        let path = format!("/meetings/{number:09}/join");
        let body = json!({"display_name": "Bo"});
        codes.push(nobody.send(Method::POST, &path, Some(body)).await.code());
    }

    assert!(codes[..4].iter().all(|code| code == "meeting_not_found"));
    assert!(codes[4..].iter().all(|code| code == "too_many_attempts"));
    server.stop().await;
}

// Shows: REQ-AC-04.
#[tokio::test]
async fn whoever_holds_the_invitation_comes_in_where_others_guess() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let (meeting, other) = (owner.make_meeting().await, owner.make_meeting().await);
    let nobody = Caller::nobody(&server);
    for number in 0..30 {
        let path = format!("/meetings/{number:09}/join");
        let body = json!({"display_name": "Bo"});
        nobody.send(Method::POST, &path, Some(body)).await;
    }
    let path = format!("/meetings/{}/join", meeting.code);
    let refused = async |body| nobody.send(Method::POST, &path, Some(body)).await.code();

    owner.come(&meeting, "Amy").await;
    nobody.come(&meeting, "Bo").await;

    // The lock is the guesser's still.
    let wrong = json!({"display_name": "Cy", "invitation_proof": other.proof});
    assert_eq!(refused(wrong).await, "too_many_attempts");
    let code = json!({"display_name": "Cy"});
    assert_eq!(refused(code).await, "too_many_attempts");
    server.stop().await;
}

#[tokio::test]
async fn a_lobby_full_of_people_who_went_lets_the_next_one_knock() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Amy").await;
    let nobody = Caller::nobody(&server);
    let first = nobody.knock(&meeting, "Bo").await;
    for _ in 1..100 {
        nobody.knock(&meeting, "Bo").await;
    }
    let path = format!("/meetings/{}/join", meeting.code);
    let knock = async || {
        let body = json!({"display_name": "Cy"});
        nobody.send(Method::POST, &path, Some(body)).await.code()
    };

    assert_eq!(knock().await, "meeting_full");
    // Who has the link waits beside them, where it lets nobody straight in.
    let deny = format!("/meetings/{}/lobby/{}/deny", meeting.id, first.participant);
    assert_eq!(host.post(&deny).await.code(), "");
    assert_eq!(knock().await, "");
    assert_eq!(knock().await, "meeting_full");
    let body = json!({"display_name": "Di", "invitation_proof": meeting.proof});
    let waits = nobody.send(Method::POST, &path, Some(body)).await;
    assert_eq!(waits.text("admission"), "waiting", "{}", waits.body);
    server.wait(Duration::from_secs(21));
    assert_eq!(knock().await, "");

    let entries = server.entries().await;
    let last: Vec<_> = entries[entries.len() - 2..]
        .iter()
        .map(|entry| {
            (
                entry.event.name(),
                entry.reason.as_ref().map(|reason| reason.as_str()),
            )
        })
        .collect();
    assert_eq!(
        last,
        [("meeting.knock", None), ("meeting.leave", Some("absent"))]
    );
    server.stop().await;
}

// Shows: REQ-IN-04.
#[tokio::test]
async fn bodies_that_are_not_understood_change_nothing() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let verifier = verifier(b"proof");
    for (body, code) in [
        (
            json!({"title": "T", "invitation_verifier": verifier, "more": 1}),
            "malformed_request",
        ),
        (
            json!({"invitation_verifier": verifier}),
            "malformed_request",
        ),
        (
            json!({"title": "", "invitation_verifier": verifier}),
            "malformed_request",
        ),
        // Its passcode follows from the secret that this is the verifier of.
        (json!({"title": "T"}), "malformed_request"),
        (
            json!({"title": "T", "invitation_verifier": "short"}),
            "invitation_verifier_invalid",
        ),
        (
            json!({"title": "x".repeat(100_000), "invitation_verifier": verifier}),
            "body_too_large",
        ),
    ] {
        let answer = owner.send(Method::POST, "/meetings", Some(body)).await;

        assert_eq!(answer.code(), code, "{}", answer.body);
    }
    let text = owner
        .request(Method::POST, "/meetings")
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(text.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(owner.get("/meetings").await.body["meetings"], json!([]));
    server.stop().await;
}
