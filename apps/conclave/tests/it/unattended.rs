//! Computers where nobody need be: enrolled, granted, asked to let somebody in, ended by their time, and taken out.

use std::time::Duration;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use conclave_audit::{Actor, Entry, Outcome};
use conclave_protocol::SupportDeviceId;
use conclave_protocol::unattended::line_content;
use futures_util::{SinkExt, StreamExt};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::caller::{Answer, Caller, Made, verifier};
use crate::policy::set;
use crate::server_in_a_box::Server;
use crate::support::wait_for;

const BO: &str = "bo.hadley@riverside.example";
const DEVICES: &str = "/support/devices";
const A_QUARTER_OF_AN_HOUR: Duration = Duration::from_secs(15 * 60);
/// Of a day: shorter than a code is good, and than a session goes on without anybody.
const A_MOMENT: Duration = Duration::from_secs(4 * 60);
const THE_REST_OF_A_DAY: Duration = Duration::from_secs(24 * 60 * 60 - 4 * 60);
const ELEVEN_MINUTES: Duration = Duration::from_secs(11 * 60);
const PATIENCE: Duration = Duration::from_secs(10);

/// A computer with keys of its own; what is sealed for it nobody here opens.
pub(crate) struct Computer {
    key: Ed25519KeyPair,
    pub(crate) id: String,
}

/// Its line, proved.
pub(crate) struct Line(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Computer {
    pub(crate) fn new() -> Self {
        Self {
            key: Ed25519KeyPair::generate().unwrap(),
            id: String::new(),
        }
    }

    pub(crate) fn enrolment(&self, token: &str) -> Value {
        json!({
            "token": token,
            "name": "ward-3",
            "signing_key": STANDARD.encode(self.key.public_key().as_ref()),
            "sealing_key": STANDARD.encode([7; 1_216]),
        })
    }

    async fn enrolled(server: &Server, admin: &Caller) -> Self {
        Self::enrolled_for(server, admin, None).await
    }

    pub(crate) async fn enrolled_for(server: &Server, admin: &Caller, days: Option<i64>) -> Self {
        let mut computer = Self::new();
        let token = link_for(admin, days).await;
        let answer = enrol(server, &computer.enrolment(&token)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        computer.id = answer.text("id");
        computer
    }

    pub(crate) async fn connect(&self, server: &Server) -> Line {
        let mut line = self.say_who(server).await;
        assert_eq!(line.next().await["type"], "welcome");
        line
    }

    async fn say_who(&self, server: &Server) -> Line {
        let url = format!("{}/api/v1{DEVICES}/line", server.socket_url());
        let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        let mut line = Line(socket);
        let challenge = line.next().await;
        assert_eq!(challenge["type"], "challenge");
        let nonce = STANDARD.decode(challenge["nonce"].as_str().unwrap());
        let (device, run) = (SupportDeviceId(self.id.parse().unwrap()), "0a".repeat(16));
        let signature = self.key.sign(&line_content(device, &nonce.unwrap(), &run));
        line.say(json!({
            "type": "proof",
            "device": self.id,
            "signature": STANDARD.encode(signature.as_ref()),
            "run": run,
        }))
        .await;
        line
    }
}

impl Line {
    async fn next(&mut self) -> Value {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await;
            match message.expect("the server says nothing").unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("not a message: {other:?}"),
            }
        }
    }

    async fn say(&mut self, message: Value) {
        let message = Message::text(message.to_string());
        self.0.send(message).await.unwrap();
    }

    /// To what is asked next.
    async fn answers(&mut self, answer: &str) -> Value {
        let asked = self.next().await;
        self.answer(&asked, answer).await;
        asked
    }

    async fn answer(&mut self, asked: &Value, answer: &str) {
        assert_eq!(asked["type"], "asked", "{asked}");
        let (session, attempt) = (&asked["session"], &asked["attempt"]);
        let answered = json!({
            "type": "answered", "session": session, "attempt": attempt, "answer": answer
        });
        self.say(answered).await;
    }

    /// Lets in whoever asks, for as long as the server is there.
    pub(crate) fn lets_in(mut self) {
        tokio::spawn(async move {
            while let Some(Ok(message)) = self.0.next().await {
                let Message::Text(text) = message else {
                    continue;
                };
                let said: Value = serde_json::from_str(&text).unwrap();
                if said["type"] == "asked" {
                    let (session, attempt) = (&said["session"], &said["attempt"]);
                    self.say(json!({
                        "type": "answered", "session": session, "attempt": attempt,
                        "answer": "verified"
                    }))
                    .await;
                }
            }
        });
    }
}

// Shows: REQ-AC-25, REQ-AC-30.
#[tokio::test]
async fn a_computer_is_enrolled_by_a_link_that_is_good_once_for_ten_minutes() {
    let (server, owner) = permitted().await;
    let computer = Computer::new();
    let token = link(&owner).await;

    let enrolled = enrol(&server, &computer.enrolment(&token)).await;

    assert_eq!(enrolled.status, StatusCode::CREATED, "{}", enrolled.body);
    assert_eq!(enrolled.text("organisation"), "Riverside");
    let listed = owner.get(DEVICES).await;
    let shown = &listed.body["devices"][0];
    assert_eq!(shown["name"], "ward-3");
    assert_eq!(
        (&shown["is_online"], &shown["grants"]),
        (&json!(false), &json!([]))
    );
    let entry = last(&server, "support.device_enrolled").await;
    let event = serde_json::to_value(&entry.event).unwrap();
    assert_eq!(event["detail"]["fingerprint"], shown["fingerprint"]);

    let twice = enrol(&server, &Computer::new().enrolment(&token)).await;
    assert_eq!(twice.code(), "enrolment_invalid");
    let late = link(&owner).await;
    server.wait(Duration::from_secs(10 * 60));
    let late = enrol(&server, &Computer::new().enrolment(&late)).await;
    assert_eq!(late.code(), "enrolment_invalid");
    is_refused(&server, "support.device_enrolled", "link_invalid").await;
    server.stop().await;
}

// Shows: REQ-AC-30.
#[tokio::test]
async fn nothing_of_it_is_there_where_policy_does_not_permit_it() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;

    let refused = owner
        .send(Method::POST, "/support/devices/enrolments", Some(json!({})))
        .await;

    assert_eq!(refused.code(), "switched_off");
    is_refused(&server, "support.device_invited", "switched_off").await;
    let on = json!({"support_unattended": {"value": true}});
    set(&owner, "organisation", on).await;
    let computer = Computer::enrolled(&server, &owner).await;
    grant(&owner, &computer, &owner).await;
    let _line = computer.connect(&server).await;
    set(&owner, "organisation", json!({})).await;
    assert_eq!(open(&owner, &computer).await.code(), "switched_off");
    let granted = owner.get("/support/devices/granted").await;
    assert_eq!(granted.body["devices"], json!([]));
    server.stop().await;
}

// Shows: REQ-AC-25, REQ-RS-08.
#[tokio::test]
async fn a_computer_lets_in_whom_it_knows_as_its_administrator_and_the_server_reads_nothing() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    grant(&owner, &computer, &owner).await;
    let offline = open(&owner, &computer).await;
    assert_eq!(offline.code(), "computer_offline");
    let mut line = computer.connect(&server).await;
    let opened = open(&owner, &computer).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    assert_eq!(opened.text("run"), "0a".repeat(16));
    let session = session_of(&opened);

    let (refused, asked) = tokio::join!(ask(&owner, &session, 1), line.answers("wrong"));

    assert_eq!(refused.code(), "credentials_refused");
    assert_eq!(asked["sealed"], STANDARD.encode(b"what nobody here opens"));
    is_refused(&server, "support.unattended_began", "wrong_credentials").await;
    let (let_in, _) = tokio::join!(ask(&owner, &session, 2), line.answers("verified"));
    assert_eq!(let_in.status, StatusCode::NO_CONTENT, "{}", let_in.body);
    let begin = line.next().await;
    assert_eq!(
        (&begin["type"], &begin["session"]),
        (&json!("begin"), &json!(session))
    );
    let began = last(&server, "support.unattended_began").await;
    assert!(began.outcome == Outcome::Done);
    server.stop().await;
}

#[tokio::test]
async fn a_technician_is_told_why_a_computer_does_not_come() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    grant(&owner, &computer, &owner).await;
    let mut line = computer.connect(&server).await;
    let session = session_of(&open(&owner, &computer).await);
    let (let_in, _) = tokio::join!(ask(&owner, &session, 1), line.answers("verified"));
    assert_eq!(let_in.status, StatusCode::NO_CONTENT, "{}", let_in.body);
    let begin = line.next().await;
    assert_eq!(begin["hears"], true, "earlier computers say nothing of it");

    let why = json!({"type": "not_come", "session": session, "why": "no_desktop"});
    line.say(why).await;

    let told = async {
        loop {
            let listed = owner.get("/support/sessions").await.body;
            match &listed["sessions"][0]["not_come"] {
                Value::Null => tokio::task::yield_now().await,
                told => return told.clone(),
            }
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(30), told).await;
    assert_eq!(told.unwrap(), "no_desktop");
    server.stop().await;
}

// Shows: REQ-AC-25, ABUSE-57.
#[tokio::test]
async fn a_grant_that_is_taken_back_ends_what_it_permitted_and_opens_nothing_more() {
    let (server, owner) = permitted().await;
    let mut bo = owner.invited(BO, "representative").await;
    bo.set_up_program(&server).await;
    let computer = Computer::enrolled(&server, &owner).await;
    let mut line = computer.connect(&server).await;
    assert_eq!(open(&bo, &computer).await.code(), "not_allowed");
    grant(&owner, &computer, &bo).await;
    let session = session_of(&open(&bo, &computer).await);
    // The computer still looks when the grant is taken back.
    let withdraw = async {
        let asked = line.next().await;
        assert_eq!(asked["type"], "asked");
        let withdrawn = withdraw(&owner, &computer, &bo).await;
        assert_eq!(
            withdrawn.status,
            StatusCode::NO_CONTENT,
            "{}",
            withdrawn.body
        );
        let end = line.next().await;
        assert_eq!(
            (&end["type"], &end["session"]),
            (&json!("end"), &json!(session))
        );
        let (session, attempt) = (&asked["session"], &asked["attempt"]);
        line.say(json!({
            "type": "answered", "session": session, "attempt": attempt, "answer": "verified"
        }))
        .await;
    };

    let (refused, ()) = tokio::join!(ask(&bo, &session, 1), withdraw);

    assert_eq!(refused.code(), "not_allowed");
    is_refused(&server, "support.unattended_began", "role").await;
    let over = last(&server, "support.ended").await;
    assert!(over.outcome == Outcome::Done);
    assert_eq!(line.next().await["type"], "end");
    assert_eq!(open(&bo, &computer).await.code(), "not_allowed");
    let granted = bo.get("/support/devices/granted").await;
    assert_eq!(granted.body["devices"], json!([]));
    server.stop().await;
}

// Shows: REQ-AC-25, ABUSE-57.
#[tokio::test]
async fn of_a_grant_that_is_gone_nothing_goes_on_though_its_end_was_missed() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    let _line = computer.connect(&server).await;
    grant(&owner, &computer, &owner).await;
    let opened = open(&owner, &computer).await;
    let made = meeting_of(&opened);
    let host = owner.join(&made, json!({"display_name": "Amy"})).await;
    let terms = format!("/meetings/{}/support/terms", made.id);
    assert_ne!(host.get(&terms).await.body["permitted"], json!([]));
    // What a server leaves that stops between taking a grant back and ending what runs.
    server.tamper("DELETE FROM support_grant").await;

    assert_eq!(host.get(&terms).await.body["permitted"], json!([]));
    let again = withdraw(&owner, &computer, &owner).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", again.body);
    let over = wait_for(&server, "support.ended").await;
    assert!(over.outcome == Outcome::Done);
    server.stop().await;
}

// Shows: REQ-AC-25.
#[tokio::test]
async fn a_computer_that_is_gone_before_the_word_to_begin_did_not_begin() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    grant(&owner, &computer, &owner).await;
    let mut line = computer.connect(&server).await;
    let session = session_of(&open(&owner, &computer).await);
    let lose = async {
        let asked = line.next().await;
        // The word waits for its record, and the record for this.
        let blocked = server.block_writes().await;
        let (session, attempt) = (&asked["session"], &asked["attempt"]);
        line.say(json!({
            "type": "answered", "session": session, "attempt": attempt, "answer": "verified"
        }))
        .await;
        drop(line);
        let gone = async {
            while owner.get("/support/devices/granted").await.body["devices"][0]["is_online"]
                == true
            {}
        };
        tokio::time::timeout(PATIENCE, gone).await.unwrap();
        drop(blocked);
    };

    let (answer, ()) = tokio::join!(ask(&owner, &session, 1), lose);

    assert_eq!(answer.code(), "computer_offline");
    let began = last(&server, "support.unattended_began").await;
    assert!(began.outcome == Outcome::Failed);
    server.stop().await;
}

// Shows: REQ-AC-25, REQ-AC-30.
#[tokio::test]
async fn policy_that_goes_off_while_the_computer_looks_lets_nobody_in() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    grant(&owner, &computer, &owner).await;
    let mut line = computer.connect(&server).await;
    let session = session_of(&open(&owner, &computer).await);
    let switch_off = async {
        let asked = line.next().await;
        assert_eq!(asked["type"], "asked");
        set(&owner, "organisation", json!({})).await;
        let (session, attempt) = (&asked["session"], &asked["attempt"]);
        line.say(json!({
            "type": "answered", "session": session, "attempt": attempt, "answer": "verified"
        }))
        .await;
    };

    let (refused, ()) = tokio::join!(ask(&owner, &session, 1), switch_off);

    assert_eq!(refused.code(), "switched_off");
    is_refused(&server, "support.unattended_began", "switched_off").await;
    assert_eq!(line.next().await["type"], "end");
    server.stop().await;
}

#[tokio::test]
async fn a_session_that_is_ended_while_the_computer_looks_is_not_begun() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    grant(&owner, &computer, &owner).await;
    let mut line = computer.connect(&server).await;
    let session = session_of(&open(&owner, &computer).await);
    let path = format!("/support/sessions/{session}/end");
    let end = async {
        let asked = line.next().await;
        assert_eq!(asked["type"], "asked");
        let ended = owner.post(&path).await;
        assert_eq!(ended.status, StatusCode::OK, "{}", ended.body);
        let (session, attempt) = (&asked["session"], &asked["attempt"]);
        line.say(json!({
            "type": "answered", "session": session, "attempt": attempt, "answer": "verified"
        }))
        .await;
    };

    let (refused, ()) = tokio::join!(ask(&owner, &session, 1), end);

    assert_eq!(refused.code(), "support_code_over");
    is_refused(&server, "support.unattended_began", "spent").await;
    assert_eq!(line.next().await["type"], "end");
    server.stop().await;
}

// Shows: REQ-AC-25, ABUSE-57.
#[tokio::test]
async fn a_computer_that_is_taken_out_is_cut_off_and_its_keys_are_worth_nothing() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    grant(&owner, &computer, &owner).await;
    let mut line = computer.connect(&server).await;
    open(&owner, &computer).await;
    let path = format!("{DEVICES}/{}", computer.id);

    let revoked = owner.send(Method::DELETE, &path, None).await;

    assert_eq!(revoked.status, StatusCode::NO_CONTENT, "{}", revoked.body);
    let bye = line.next().await;
    assert_eq!(
        (&bye["type"], &bye["reason"]),
        (&json!("bye"), &json!("revoked"))
    );
    assert!(last(&server, "support.ended").await.outcome == Outcome::Done);
    let mut again = computer.say_who(&server).await;
    assert_eq!(again.next().await["reason"], "revoked");
    let opened = open(&owner, &computer).await;
    assert_eq!(opened.code(), "computer_not_found");
    assert_eq!(owner.get(DEVICES).await.body["devices"], json!([]));
    server.stop().await;
}

// Shows: REQ-AC-25, REQ-AC-29, ABUSE-57.
#[tokio::test]
async fn a_computer_whose_enrolment_is_over_is_as_one_that_was_taken_out_until_it_is_renewed() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled_for(&server, &owner, Some(1)).await;
    grant(&owner, &computer, &owner).await;
    let mut line = computer.connect(&server).await;
    server.wait(THE_REST_OF_A_DAY);
    let owner = Caller::sign_in(&server).await;
    let opened = open(&owner, &computer).await;
    let session = session_of(&opened);
    let (let_in, _) = tokio::join!(ask(&owner, &session, 1), line.answers("verified"));
    assert_eq!(let_in.status, StatusCode::NO_CONTENT, "{}", let_in.body);
    assert_eq!(line.next().await["type"], "begin");
    let made = meeting_of(&opened);
    let host = owner.join(&made, json!({"display_name": "Amy"})).await;
    let terms = format!("/meetings/{}/support/terms", made.id);
    assert_ne!(host.get(&terms).await.body["permitted"], json!([]));

    server.wait(A_MOMENT);

    assert_eq!(host.get(&terms).await.body["permitted"], json!([]));
    let over = wait_for(&server, "support.ended").await;
    assert!(over.outcome == Outcome::Done && matches!(over.actor, Actor::System));
    let event = serde_json::to_value(&over.event).unwrap();
    assert_eq!(event["detail"]["cause"], "administrator");
    let ended = last(&server, "meeting.end").await;
    assert_eq!(ended.reason.unwrap().as_str(), "enrolment_over");
    let end = line.next().await;
    assert_eq!(
        (&end["type"], &end["session"]),
        (&json!("end"), &json!(session))
    );
    assert_eq!(line.next().await["reason"], "expired");
    let refused = open(&owner, &computer).await;
    assert_eq!(refused.code(), "computer_not_found");
    is_refused(&server, "support.unattended_opened", "enrolment_over").await;
    let granted = owner.get("/support/devices/granted").await;
    assert_eq!(granted.body["devices"], json!([]));
    let listed = owner.get(DEVICES).await.body;
    assert_eq!(listed["devices"][0]["has_ended"], true, "{listed}");
    // It asks again and again, and that is on record once.
    for _ in 0..3 {
        let mut again = computer.say_who(&server).await;
        assert_eq!(again.next().await["reason"], "expired");
    }
    let told = wait_for(&server, "access.refused").await;
    assert_eq!(told.reason.unwrap().as_str(), "enrolment_over");
    let entries = server.entries().await;
    let of_the_line = |entry: &&Entry| {
        let why = entry.reason.as_ref().map(|reason| reason.as_str());
        entry.event.name() == "access.refused" && why == Some("enrolment_over")
    };
    assert_eq!(entries.iter().filter(of_the_line).count(), 1);

    let renewed = renew(&owner, &computer, Some(30)).await;

    assert_eq!(renewed.status, StatusCode::NO_CONTENT, "{}", renewed.body);
    let entry = last(&server, "support.device_renewed").await;
    let event = serde_json::to_value(&entry.event).unwrap();
    assert_eq!(event["detail"]["days"], 30);
    let _line = computer.connect(&server).await;
    let opened = open(&owner, &computer).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    let listed = owner.get(DEVICES).await.body;
    assert_eq!(listed["devices"][0]["has_ended"], false);
    server.stop().await;
}

// Shows: REQ-AC-29.
#[tokio::test]
async fn an_enrolment_that_ends_while_the_computer_looks_lets_nobody_in() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled_for(&server, &owner, Some(1)).await;
    grant(&owner, &computer, &owner).await;
    let mut line = computer.connect(&server).await;
    server.wait(THE_REST_OF_A_DAY);
    let owner = Caller::sign_in(&server).await;
    let session = session_of(&open(&owner, &computer).await);
    let run_out = async {
        let asked = line.next().await;
        server.wait(A_MOMENT);
        line.answer(&asked, "verified").await;
    };

    let (refused, ()) = tokio::join!(ask(&owner, &session, 1), run_out);

    assert_eq!(refused.code(), "computer_not_found");
    is_refused(&server, "support.unattended_began", "enrolment_over").await;
    assert_eq!(line.next().await["type"], "end");
    server.stop().await;
}

// Shows: REQ-AC-29.
#[tokio::test]
async fn an_enrolment_lasts_a_year_or_as_said_and_none_goes_on_without_an_end() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    for days in [-1, 0, 731, 70_000] {
        let path = "/support/devices/enrolments";
        let body = json!({"days": days});
        let made = owner.send(Method::POST, path, Some(body)).await;
        let renewed = renew(&owner, &computer, Some(days)).await;
        for refused in [made, renewed] {
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(refused.code(), "enrolment_end_invalid");
        }
    }
    let entry = last(&server, "support.device_invited").await;
    let event = serde_json::to_value(&entry.event).unwrap();
    assert_eq!(event["detail"]["days"], 365);
    // Those that were enrolled before there were ends stay as they are.
    server
        .tamper("UPDATE support_device SET ends_at = NULL")
        .await;
    let listed = owner.get(DEVICES).await.body;
    let shown = &listed["devices"][0];
    assert_eq!(
        (&shown["ends_at"], &shown["has_ended"]),
        (&Value::Null, &json!(false))
    );

    // Whoever sits there proves who they are.
    server.wait(ELEVEN_MINUTES);
    let stale = renew(&owner, &computer, None).await;
    assert_eq!(stale.code(), "step_up_required");
    let owner = Caller::sign_in(&server).await;
    assert_eq!(renew(&owner, &computer, None).await.code(), "");
    let listed = owner.get(DEVICES).await.body;
    assert!(listed["devices"][0]["ends_at"].is_string(), "{listed}");
    let mut bo = owner.invited(BO, "representative").await;
    bo.set_up_program(&server).await;
    assert_eq!(renew(&bo, &computer, None).await.code(), "not_allowed");
    is_refused(&server, "support.device_renewed", "role").await;
    server.stop().await;
}

#[tokio::test]
async fn whoever_has_not_the_computers_key_is_not_the_computer() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    let forger = Computer {
        id: computer.id.clone(),
        ..Computer::new()
    };

    let mut line = forger.say_who(&server).await;

    assert_eq!(line.next().await["reason"], "not_authenticated");
    let mut line = computer.connect(&server).await;
    let mut later = computer.connect(&server).await;
    assert_eq!(line.next().await["reason"], "replaced");
    later.say(json!({"type": "begin"})).await;
    assert_eq!(later.next().await["reason"], "malformed");
    server.stop().await;
}

// Shows: REQ-AC-25.
#[tokio::test]
async fn five_tries_in_a_quarter_of_an_hour_are_all_also_over_several_sessions() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    grant(&owner, &computer, &owner).await;
    let mut line = computer.connect(&server).await;
    for number in 0..5 {
        let session = session_of(&open(&owner, &computer).await);
        let (refused, _) = tokio::join!(ask(&owner, &session, 1), line.answers("wrong"));
        assert_eq!(refused.code(), "credentials_refused", "{number}");
    }
    let session = session_of(&open(&owner, &computer).await);

    let refused = ask(&owner, &session, 1).await;

    assert_eq!(refused.code(), "too_many_credentials");
    is_refused(&server, "support.unattended_asked", "too_often").await;
    server.wait(A_QUARTER_OF_AN_HOUR);
    let owner = Caller::sign_in(&server).await;
    let session = session_of(&open(&owner, &computer).await);
    let (refused, _) = tokio::join!(ask(&owner, &session, 1), line.answers("wrong"));
    assert_eq!(refused.code(), "credentials_refused");
    server.stop().await;
}

// Shows: REQ-AC-25.
#[tokio::test]
async fn who_tries_at_a_busy_computer_again_and_again_does_not_fill_the_record() {
    let (server, owner) = permitted().await;
    let computer = Computer::enrolled(&server, &owner).await;
    grant(&owner, &computer, &owner).await;
    let mut line = computer.connect(&server).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(session_of(&open(&owner, &computer).await));
    }
    let busy = async {
        let asked = [line.next().await, line.next().await];
        for number in 0..12 {
            let refused = ask(&owner, &sessions[2], 1).await;
            assert_eq!(refused.code(), "computer_busy", "{number}");
        }
        for asked in asked {
            line.answer(&asked, "wrong").await;
        }
    };

    let (first, second, ()) = tokio::join!(
        ask(&owner, &sessions[0], 1),
        ask(&owner, &sessions[1], 1),
        busy
    );

    for answer in [first, second] {
        assert_eq!(answer.code(), "credentials_refused");
    }
    let entries = server.entries().await;
    let count = |name: &str, reason: Option<&str>| {
        let of = |entry: &&Entry| {
            let why = entry.reason.as_ref().map(|reason| reason.as_str());
            entry.event.name() == name && why == reason
        };
        entries.iter().filter(of).count()
    };
    assert_eq!(count("support.unattended_began", Some("busy")), 5);
    assert_eq!(count("support.unattended_asked", None), 2 + 5);
    // A computer that is not busy any more is asked, and that is on record.
    let (refused, _) = tokio::join!(ask(&owner, &sessions[2], 1), line.answers("wrong"));
    assert_eq!(refused.code(), "credentials_refused");
    server.stop().await;
}

/// A server whose organisation permits it, and its owner.
pub(crate) async fn permitted() -> (Server, Caller) {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let on = json!({"support_unattended": {"value": true}});
    set(&owner, "organisation", on).await;
    (server, owner)
}

/// The secret of an enrolment link.
async fn link(admin: &Caller) -> String {
    link_for(admin, None).await
}

async fn link_for(admin: &Caller, days: Option<i64>) -> String {
    let path = "/support/devices/enrolments";
    let made = admin
        .send(Method::POST, path, Some(json!({"days": days})))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let link = made.text("link");
    let (_, token) = link.split_once("/enrol#").unwrap();
    token.to_owned()
}

async fn enrol(server: &Server, body: &Value) -> Answer {
    let path = "/support/devices/enrol";
    let nobody = Caller::nobody(server);
    nobody.send(Method::POST, path, Some(body.clone())).await
}

async fn grant(admin: &Caller, computer: &Computer, whom: &Caller) {
    let path = format!("{DEVICES}/{}/grants", computer.id);
    let body = json!({"account": whom.account().await});
    let granted = admin.send(Method::POST, &path, Some(body)).await;
    assert_eq!(granted.status, StatusCode::NO_CONTENT, "{}", granted.body);
}

async fn renew(admin: &Caller, computer: &Computer, days: Option<i64>) -> Answer {
    let path = format!("{DEVICES}/{}/renew", computer.id);
    let body = json!({"days": days});
    admin.send(Method::POST, &path, Some(body)).await
}

async fn withdraw(admin: &Caller, computer: &Computer, from: &Caller) -> Answer {
    let account = from.account().await;
    let path = format!("{DEVICES}/{}/grants/{account}", computer.id);
    admin.send(Method::DELETE, &path, None).await
}

async fn open(technician: &Caller, computer: &Computer) -> Answer {
    let path = format!("{DEVICES}/{}/sessions", computer.id);
    let proof: [u8; 32] = rand::random();
    let body = json!({"invitation_verifier": verifier(&proof)});
    technician.send(Method::POST, &path, Some(body)).await
}

/// Where its session takes place.
fn meeting_of(opened: &Answer) -> Made {
    let session = &opened.body["session"];
    Made {
        id: session["meeting"].as_str().unwrap().to_owned(),
        code: session["code"].as_str().unwrap().to_owned(),
        proof: String::new(),
    }
}

fn session_of(opened: &Answer) -> String {
    let session = opened.body["session"]["id"].as_str();
    session
        .unwrap_or_else(|| panic!("{}", opened.body))
        .to_owned()
}

async fn ask(technician: &Caller, session: &str, attempt: u8) -> Answer {
    let path = format!("/support/sessions/{session}/credentials");
    technician
        .send(Method::POST, &path, Some(credentials(attempt)))
        .await
}

pub(crate) fn credentials(attempt: u8) -> Value {
    json!({"attempt": attempt, "sealed": STANDARD.encode(b"what nobody here opens")})
}

/// Of a computer that nobody enrolled.
pub(crate) fn strange_enrolment() -> Value {
    Computer::new().enrolment(&URL_SAFE_NO_PAD.encode([0; 32]))
}

async fn last(server: &Server, name: &str) -> Entry {
    let mut entries = server.entries().await;
    entries.retain(|entry| entry.event.name() == name);
    entries.pop().unwrap()
}

async fn is_refused(server: &Server, name: &str, reason: &str) {
    let entry = last(server, name).await;
    assert!(entry.outcome == Outcome::Refused, "{name}");
    assert_eq!(entry.reason.unwrap().as_str(), reason);
}
