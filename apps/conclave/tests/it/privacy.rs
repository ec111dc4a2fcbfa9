//! Nothing of a person reaches a log line, whatever the operator asks to be logged, nor an entry of the audit log.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::caller::{Caller, EMAIL, PASSWORD};
use crate::executable::LOG;
use crate::policy::set;
use crate::recordings::{bring, manifest_of, recording_key};
use crate::server_in_a_box::Server;
use crate::support::open;
use crate::support_queue::asking_for_help;

// Shows: ABUSE-33, ABUSE-64.
#[tokio::test]
async fn no_log_line_names_anybody() {
    let (canaries, text, entries, figures) = tell_every_story().await;

    assert!(text.contains("answered"), "nothing was logged");
    for (what, canary) in canaries {
        assert!(!canary.is_empty(), "{what}");
        let line = text.lines().find(|line| line.contains(&canary));
        assert_eq!(line, None, "{what} is logged");
        let entry = entries.iter().find(|entry| entry.contains(&canary));
        assert_eq!(entry, None, "{what} is in the audit log");
        assert!(!figures.contains(&canary), "{what} is in a figure");
    }
}

/// What must not be read anywhere; then the log lines, the entries and the figures.
type Told = (Vec<(&'static str, String)>, String, Vec<String>, String);

/// Goes through the API, rightly and wrongly.
async fn tell_every_story() -> Told {
    // An operator who asks for a carrier's lines by name gets no more of them.
    let filter = "trace,hyper_util::client=trace,str0m=trace".to_owned();
    let server = Server::executable_with(|config| config.logging.filter = filter).await;
    let token = server.owner_token();
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Canary Hostess").await;
    let nobody = Caller::nobody(&server);
    let guest = nobody.knock(&meeting, "Canary Guest").await;
    let admit = format!("/meetings/{}/lobby/{}/admit", meeting.id, guest.participant);
    host.post(&admit).await;
    let ticket = guest
        .post(&format!("/meetings/{}/ticket", meeting.id))
        .await
        .text("ticket");
    let validate = format!(
        "{}/rtc/validate?protocol=17&access_token={ticket}",
        server.url()
    );
    reqwest::get(validate).await.unwrap();
    let wrong = json!({"email": EMAIL, "password": "canary wrong password"});
    nobody.send(Method::POST, "/session", Some(wrong)).await;
    let malformed = json!({"title": "Canary Title", "unknown canary": 1});
    owner.send(Method::POST, "/meetings", Some(malformed)).await;
    for path in ["/j/123-456-781", "/api/v1/canary-path", "/canary-file"] {
        reqwest::get(format!("{}{path}", server.url()))
            .await
            .unwrap();
    }
    let helped = help(&server, &owner).await;
    guest.post(&format!("/meetings/{}/leave", meeting.id)).await;
    host.post(&format!("/meetings/{}/end", meeting.id)).await;
    Caller::sign_in(&server)
        .await
        .send(Method::DELETE, "/session", None)
        .await;
    let recorded = server.entries().await;
    assert!(recorded.len() > 10, "nothing was recorded");
    let entries = recorded
        .iter()
        .map(|entry| String::from_utf8(entry.to_canonical().unwrap()).unwrap())
        .collect();
    let figures = format!("{}/metrics", server.admin_url());
    let figures = reqwest::get(figures).await.unwrap().text().await.unwrap();
    let directory = server.stop_and_leave().await;
    let lines = std::fs::read_to_string(directory.path().join(LOG)).unwrap();
    let plain_code = meeting.code.replace('-', "");
    let mut canaries = vec![
        ("the one-time link", token),
        ("an e-mail address", EMAIL.to_owned()),
        ("a password", PASSWORD.to_owned()),
        ("a wrong password", "canary wrong password".to_owned()),
        ("a host's name", "Canary Hostess".to_owned()),
        ("a guest's name", "Canary Guest".to_owned()),
        ("a title", "Canary Title".to_owned()),
        ("an organisation", "Riverside".to_owned()),
        ("a session", owner.cookie.unwrap_or_default()),
        ("a credential", guest.credential.unwrap_or_default()),
        ("a ticket", ticket),
        ("an invitation", meeting.proof),
        ("a meeting's code", meeting.code),
        ("a meeting's code without dashes", plain_code),
        ("the code in a page's address", "123-456-781".to_owned()),
        ("a path", "canary-path".to_owned()),
        ("an unknown field", "unknown canary".to_owned()),
        ("an address", "127.0.0.1".to_owned()),
    ];
    canaries.extend(helped);
    (canaries, lines, entries, figures)
}

/// Somebody is helped, and that is kept and looked at again.
async fn help(server: &Server, owner: &Caller) -> Vec<(&'static str, String)> {
    let archive = json!({"data_mode": {"value": "archive"}, "support_queue": {"value": true}});
    set(owner, "organisation", archive).await;
    let token = ask(server, owner).await;
    let mut key = recording_key();
    key["custodians"] = json!(["Canary Custodian"]);
    let made = owner.send(Method::POST, "/support/recordings/keys", Some(key));
    assert_eq!(made.await.status, StatusCode::CREATED);
    let (_, session) = open(owner).await;
    owner.come(&session, "Canary Technician").await;
    let customer = Caller::nobody(server)
        .come(&session, "Canary Customer")
        .await;
    let support = format!("/meetings/{}/support", session.id);
    let named = json!({"fact": "file_failed", "name": "Canary File.pdf"});
    let facts = Some(json!({"facts": [named]}));
    let path = format!("{support}/facts");
    let told = customer.send(Method::POST, &path, facts).await;
    assert_eq!(told.code(), "malformed_request");
    let recording = keep(&customer, &support).await;
    let plays = format!("/support/recordings/{recording}/plays");
    let why = Some(json!({"reason": "Canary Reason"}));
    let seen = owner.send(Method::POST, &plays, why).await;
    assert_eq!(seen.status, StatusCode::CREATED, "{}", seen.body);
    let said = |word: &str| format!("Canary {word}");
    vec![
        ("a custodian", said("Custodian")),
        ("a technician's name", said("Technician")),
        ("a customer's name", said("Customer")),
        ("the name of who asked for help", said("Asker")),
        ("what they asked about", said("Matter")),
        ("the token of a request", token),
        ("a file's name", said("File")),
        ("why somebody looked", said("Reason")),
        ("a piece of a recording", said("Piece")),
        (
            "a customer's credential",
            customer.credential.unwrap_or_default(),
        ),
        ("a session's link", session.proof),
        ("a session's code", session.code),
    ]
}

/// Somebody waits for help, and is seen to.
async fn ask(server: &Server, owner: &Caller) -> String {
    let mut asking = asking_for_help();
    asking["name"] = json!("Canary Asker");
    asking["matter"] = json!("Canary Matter");
    let path = "/support/requests";
    let asked = Caller::nobody(server);
    let asked = asked.send(Method::POST, path, Some(asking)).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.body);
    let waiting = owner.get(path).await;
    assert_eq!(waiting.body["requests"][0]["matter"], "Canary Matter");
    asked.text("token")
}

/// A recording of one piece.
async fn keep(customer: &Caller, support: &str) -> String {
    let recordings = format!("{support}/recordings");
    let recording = customer.post(&recordings).await.text("recording");
    let pieces = [b"header".as_slice(), b"Canary Piece"];
    for (number, piece) in pieces.iter().enumerate() {
        bring(
            customer,
            &format!("{recordings}/{recording}/{number}"),
            piece,
        )
        .await;
    }
    let manifest = json!({"manifest": manifest_of(pieces[0], pieces[1])});
    let end = format!("{recordings}/{recording}/end");
    let ended = customer.send(Method::POST, &end, Some(manifest)).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    recording
}
