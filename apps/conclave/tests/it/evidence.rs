//! The live matrix: a sentence is told while it is proven.

mod decisions;
mod emergencies;
mod entries;
mod exports;
mod registers;
mod rounds;

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use conclave_audit::{KeyName, Signer};
use conclave_policy::evidence::{REPORT_TITLE, claims};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

pub(crate) use self::decisions::{agreement, decision};
pub(crate) use self::registers::{assessment, complaint, training};
use crate::caller::Caller;
use crate::server_in_a_box::Server;

const SEED: [u8; 32] = [7; 32];

/// A server that tries itself each second, and where it looks for a report.
async fn judged() -> (Server, Caller, PathBuf) {
    let directory = tempfile::tempdir().unwrap().keep();
    let report = directory.join("tests.note");
    let configured = report.clone();
    let server = Server::start_with(|config| {
        config.evidence.every = Duration::from_secs(1);
        config.evidence.tests = Some(configured);
        config.evidence.tests_key = Some(ci().verifier().to_string());
        config.complaints = Some("mailto:privacy@riverside.example".to_owned());
    })
    .await;
    let owner = Caller::owner(&server).await;
    (server, owner, report)
}

/// The machine that runs the tests.
fn ci() -> Signer {
    Signer::new(KeyName::parse("ci.riverside.example").unwrap(), &SEED)
}

/// All requirements of the register as passed, of a program.
fn passed(program: &str, server: &Server) -> String {
    let seconds = server.now().as_micros() / 1_000_000;
    let mut text = format!("{REPORT_TITLE}\n{program}\ndebug\n{seconds}\n");
    for requirement in claims().flat_map(|claim| claim.requirements) {
        writeln!(text, "{requirement} passed it/evidence.rs: a test").unwrap();
    }
    text
}

async fn program(owner: &Caller) -> String {
    let evidence = owner.get("/evidence").await.body;
    evidence["build"]["sha256"].as_str().unwrap().to_owned()
}

/// How a row of the matrix stands at this moment: as its weakest claim does.
pub(crate) async fn row(owner: &Caller, code: &str) -> Value {
    let rows = owner.get("/evidence").await.body["safeguards"].take();
    let mut rows = rows.as_array().unwrap().iter();
    let found = rows.find(|row| row["code"] == code);
    found.unwrap()["state"].clone()
}

/// How a claim stands at this moment.
async fn claim(owner: &Caller, path: &str, id: &str) -> Value {
    let answer = owner.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let rows = answer.body["safeguards"].as_array().unwrap().clone();
    let claims = rows
        .iter()
        .flat_map(|row| row["claims"].as_array().unwrap());
    let found = claims.into_iter().find(|claim| claim["id"] == id);
    found.cloned().unwrap_or(Value::Null)
}

/// What is taken out of the evidence as it stands.
async fn taken(owner: &Caller) -> Value {
    taken_of(owner, &Value::Null).await
}

/// As it stood at a moment.
async fn taken_of(owner: &Caller, at: &Value) -> Value {
    let body = json!({"format": "json", "at": at});
    let answer = owner
        .send(Method::POST, "/evidence/export", Some(body))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

/// As it stands, on paper: the whole file, which carries what is signed as it is, and what its pages say.
async fn taken_on_paper(owner: &Caller) -> (String, String) {
    let request = owner.request(Method::POST, "/evidence/export");
    let request = request.json(&json!({"format": "pdf"}));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let file = answer.bytes().await.unwrap();
    let file = String::from_utf8_lossy(&file).into_owned();
    let lines = file.lines().filter_map(|line| {
        let (_, shown) = line.split_once(" Tm (")?;
        shown.strip_suffix(") Tj ET")
    });
    let printed = lines.collect::<Vec<_>>().join(" ");
    (file, printed)
}

/// Waits for a round that sees it stand so.
pub(crate) async fn until(owner: &Caller, id: &str, state: &str) -> Value {
    let stands = async {
        loop {
            let found = claim(owner, "/evidence", id).await;
            if found["state"] == state && !found["since"].is_null() {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), stands).await;
    found.unwrap_or_else(|_| panic!("{id} is not {state}"))
}

/// Waits for a round that was finished after the moment that is asked about.
async fn settled(owner: &Caller, path: &str) {
    let settled = async {
        while owner.get(path).await.body["is_past"] != true {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), settled).await;
    found.unwrap();
}

async fn idle_minutes(owner: &Caller, minutes: u16) {
    let policy = owner.get("/policies/organisation").await.body;
    let body = json!({
        "revision": policy["revision"],
        "settings": {"idle_minutes": {"value": minutes, "locked": true}},
    });
    let changed = owner
        .send(Method::PUT, "/policies/organisation", Some(body))
        .await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
}
